//! `cargo fuzz run term`
#![no_main]

#[path = "../bodies/term.rs"]
mod term;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| term::any_bytes(bytes));
