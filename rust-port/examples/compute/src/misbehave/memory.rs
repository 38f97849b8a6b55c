//! Ways to run out of memory, at once or bit by bit.

use std::hint::black_box;

/// Takes memory and writes to it, MiB after MiB, until there is none or it has `mebibytes`. Where memory is limited
/// (`ulimit -v`, `limits` of `open`) allocation fails and Rust aborts: SIGABRT. Elsewhere the kernel may kill it.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn exhaust_memory(mebibytes: usize) -> Result<(), String> {
    let held: Vec<Vec<u8>> = (0..mebibytes).map(|n| vec![n as u8 | 1; 1 << 20]).collect();
    black_box(&held);
    Err(format!("took {mebibytes} MiB and was not stopped"))
}

/// Asks for more memory than any machine has: allocation fails and Rust aborts, SIGABRT, without touching any.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn out_of_memory() {
    let mut held = Vec::new();
    // Where addresses have 32 bits, as in WebAssembly, the first half of them may be granted.
    loop {
        held.push(black_box(Vec::<u8>::with_capacity(isize::MAX as usize)));
    }
}

/// Takes so many MiB, writes to all of it, and never gives it back.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn leak(mebibytes: u32) {
    let lost = vec![1_u8; (mebibytes as usize) << 20];
    std::mem::forget(black_box(lost));
}
