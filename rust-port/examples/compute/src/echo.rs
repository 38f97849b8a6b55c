//! Functions that cost nothing but the call: for benchmarks, and to try a port with.

use std::thread;
use std::time::{Duration, Instant};

use portreeve::{Cancel, Cancelled, Term};

/// Gives back any term as it came.
#[portreeve::function(idempotent)]
fn echo(value: Term) -> Term {
    value
}

/// Adds two integers. Fails when the sum does not fit into 64 bits.
#[portreeve::function(idempotent)]
fn add(left: i64, right: i64) -> Result<i64, String> {
    left.checked_add(right)
        .ok_or_else(|| format!("{left} + {right} does not fit into 64 bits"))
}

/// Answers after so many milliseconds; sooner, with an error, when the call is cancelled.
#[portreeve::function(blocking, idempotent)]
fn sleep(milliseconds: u64, cancel: Cancel) -> Result<(), Cancelled> {
    let end = Instant::now() + Duration::from_millis(milliseconds);
    while let Some(left) = end
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
    {
        cancel.check()?;
        thread::sleep(left.min(Duration::from_millis(5)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_that_fit_and_one_that_does_not() {
        assert_eq!(add(-2, 3), Ok(1));
        assert_eq!(
            add(i64::MAX, 1),
            Err("9223372036854775807 + 1 does not fit into 64 bits".into())
        );
    }

    #[test]
    fn sleeps_no_less_than_asked() {
        let start = Instant::now();
        assert_eq!(sleep(12, Cancel::never()), Ok(()));
        assert!(start.elapsed() >= Duration::from_millis(12));
    }
}
