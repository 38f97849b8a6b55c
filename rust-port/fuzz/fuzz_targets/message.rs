//! `cargo fuzz run message`
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portreeve::__private::fuzz_support::any_message(bytes));
