//! Work of a known length, to see what a call adds to it.

use std::time::Instant;

/// Keeps a core busy for so many microseconds. Gives the nanoseconds that it really took.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn spin(micros: u32) -> u32 {
    let start = Instant::now();
    spin_by(|| start.elapsed().as_nanos() as u64, micros)
}

/// The same by another clock, of nanoseconds: wasm32-unknown-unknown has none of its own.
pub fn spin_by(clock: impl Fn() -> u64, micros: u32) -> u32 {
    let start = clock();
    loop {
        let spent = clock() - start;
        if spent >= u64::from(micros) * 1000 {
            return u32::try_from(spent).unwrap_or(u32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shorter_than_asked() {
        assert!(spin(200) >= 200_000);
    }

    #[test]
    fn says_by_how_much_it_was_longer() {
        let ticks = std::cell::Cell::new(0);
        let clock = || ticks.replace(ticks.get() + 700);
        assert_eq!(spin_by(clock, 1), 1400);
    }
}
