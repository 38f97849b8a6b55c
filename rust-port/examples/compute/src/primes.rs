//! Prime numbers, by a sieve that works through segments: memory stays at a few hundred KiB for any limit.

use portreeve::{Cancel, Cancelled};

/// Odd numbers in one segment; as many bytes, so that it stays in a core's cache.
const SEGMENT: usize = 1 << 16;

/// Above this a list of primes would not fit into one frame.
const LONGEST_LIST: u64 = 100_000_000;

/// All primes up to and with `limit`, in order, as one list. Fails above 100 000 000: count them, or ask in pieces.
#[portreeve::function(idempotent)]
pub fn primes(limit: u64, cancel: Cancel) -> Result<Vec<u64>, String> {
    if limit > LONGEST_LIST {
        return Err(format!(
            "`limit` is {limit}; a list goes up to {LONGEST_LIST}"
        ));
    }
    let mut found = Vec::new();
    sieve(limit, &cancel, |prime| found.push(prime)).map_err(|error| error.to_string())?;
    Ok(found)
}

/// How many primes there are up to and with `limit`. Can be cancelled.
#[portreeve::function(idempotent)]
pub fn count_primes(limit: u64, cancel: Cancel) -> Result<u64, Cancelled> {
    let mut count = 0;
    sieve(limit, &cancel, |_| count += 1)?;
    Ok(count)
}

/// Eratosthenes over odd numbers, a segment at a time.
fn sieve(limit: u64, cancel: &Cancel, mut found: impl FnMut(u64)) -> Result<(), Cancelled> {
    if limit >= 2 {
        found(2);
    }
    let factors = small_primes(limit.isqrt(), cancel)?;
    let mut low = 3;
    while low <= limit {
        cancel.check()?;
        let high = limit.min(low.saturating_add(2 * SEGMENT as u64 - 1));
        let composite = segment(low, high, &factors);
        (low..=high)
            .step_by(2)
            .zip(composite)
            .filter(|(_, composite)| !composite)
            .for_each(|(n, _)| found(n));
        low = low.saturating_add(2 * SEGMENT as u64);
    }
    Ok(())
}

/// Which of the odd numbers from `low` (odd) to `high` have one of the factors.
fn segment(low: u64, high: u64, factors: &[u64]) -> Vec<bool> {
    let mut composite = vec![false; ((high - low) / 2 + 1) as usize];
    for &factor in factors
        .iter()
        .take_while(|&&factor| factor.saturating_mul(factor) <= high)
    {
        let first = (factor * factor).max(low.next_multiple_of(factor));
        let first = if first % 2 == 0 {
            first + factor
        } else {
            first
        };
        let mut at = (first.saturating_sub(low) / 2) as usize;
        while let Some(number) = composite.get_mut(at) {
            *number = true;
            at += factor as usize;
        }
    }
    composite
}

/// The odd primes up to `limit`: minutes of them for the largest limits.
fn small_primes(limit: u64, cancel: &Cancel) -> Result<Vec<u64>, Cancelled> {
    let mut factors: Vec<u64> = Vec::new();
    for number in (3..=limit).step_by(2) {
        cancel.check()?;
        let divides = |&factor: &u64| number.is_multiple_of(factor);
        if !factors
            .iter()
            .take_while(|&&factor| factor * factor <= number)
            .any(divides)
        {
            factors.push(number);
        }
    }
    Ok(factors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(limit: u64) -> u64 {
        count_primes(limit, Cancel::never()).expect("nobody cancels")
    }

    #[test]
    fn the_first_ones() {
        assert_eq!(
            primes(30, Cancel::never()),
            Ok(vec![2, 3, 5, 7, 11, 13, 17, 19, 23, 29])
        );
        assert_eq!(primes(1, Cancel::never()), Ok(vec![]));
        assert!(primes(LONGEST_LIST + 1, Cancel::never()).is_err());
    }

    /// Values of π(n) that are in every table; the last one goes through several segments.
    #[test]
    fn as_many_as_there_are() {
        assert_eq!([0, 2, 3, 4, 9, 25, 121].map(count), [0, 1, 2, 2, 4, 9, 30]);
        assert_eq!([1_000, 100_000, 1_000_000].map(count), [168, 9_592, 78_498]);
    }

    #[test]
    fn segments_join_without_a_seam() {
        let edge = 3 + 2 * SEGMENT as u64;
        let by_division = |n: u64| n > 1 && (2..=n.isqrt()).all(|factor| !n.is_multiple_of(factor));
        for limit in edge - 40..edge + 40 {
            assert_eq!(
                count(limit) - count(limit - 1),
                u64::from(by_division(limit)),
                "{limit}"
            );
        }
    }
}
