//! Functions that cost nothing but the call: for benchmarks, and to try a port with.

#[cfg(feature = "port")]
use std::time::{Duration, Instant};

#[cfg(feature = "port")]
use portreeve::{Bytes, Cancel, Cancelled, Term};

/// Elsewhere than in a port, where they are a part of the frame that they came in.
#[cfg(not(feature = "port"))]
pub type Bytes = Vec<u8>;

/// Takes nothing, does nothing, gives nothing: what is left is the call.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn empty() {}

/// Gives back bytes as they came.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn bytes(data: Bytes) -> Bytes {
    data
}

/// Gives back any term as it came.
#[cfg(feature = "port")]
#[portreeve::function(idempotent)]
pub fn echo(value: Term) -> Term {
    value
}

/// Adds two integers. Fails when the sum does not fit into 64 bits.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn add(left: i64, right: i64) -> Result<i64, String> {
    left.checked_add(right)
        .ok_or_else(|| format!("{left} + {right} does not fit into 64 bits"))
}

/// The names of the variables in this program's environment, sorted.
#[cfg(feature = "port")]
#[portreeve::function(idempotent)]
pub fn environment() -> Vec<String> {
    let mut names: Vec<String> = std::env::vars_os()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

/// Answers after so many milliseconds; sooner, with an error, when the call is cancelled.
#[cfg(feature = "port")]
#[portreeve::function(blocking, idempotent)]
pub fn sleep(milliseconds: u64, cancel: Cancel) -> Result<(), Cancelled> {
    let end = Instant::now() + Duration::from_millis(milliseconds);
    while let Some(left) = end
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
    {
        cancel.check()?;
        std::thread::sleep(left.min(Duration::from_millis(5)));
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

    #[cfg(feature = "port")]
    #[test]
    fn sleeps_no_less_than_asked() {
        let start = Instant::now();
        assert_eq!(sleep(12, Cancel::never()), Ok(()));
        assert!(start.elapsed() >= Duration::from_millis(12));
    }
}
