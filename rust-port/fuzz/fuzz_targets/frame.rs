//! `cargo fuzz run frame`
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portreeve::__private::fuzz_support::any_frames(bytes));
