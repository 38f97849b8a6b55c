//! Names for the addresses that a crash left in the black box. The program that died cannot look them up any more, but
//! another run of the same file can: the host starts it with the addresses in `PORTREEVE_SYMBOLIZE`, and reads what it
//! prints. Neighbour: `src/process/symbolize.ts`.

use std::io::{self, Write};
use std::path::Path;

use crate::sys::executable::load_address;

/// Addresses relative to where the executable was loaded, in hex, with commas between them.
const VARIABLE: &str = "PORTREEVE_SYMBOLIZE";

/// Prints a line for each function that an address lies in, innermost first: address, name, `file:line`, with tabs
/// between them. Says whether that was what the program was started for.
pub(crate) fn answer() -> bool {
    let Ok(addresses) = std::env::var(VARIABLE) else {
        return false;
    };
    let lines: String = addresses.split(',').map(lines).collect();
    // A reader that went away has what it wanted.
    drop(io::stdout().write_all(lines.as_bytes()));
    true
}

fn lines(address: &str) -> String {
    let mut lines = String::new();
    let Ok(offset) = u64::from_str_radix(address.trim_start_matches("0x"), 16) else {
        return lines;
    };
    let at = load_address().wrapping_add(offset) as usize as *mut std::ffi::c_void;
    backtrace::resolve(at, |symbol| {
        let Some(name) = symbol.name() else { return };
        let place = symbol.filename().map(|file| place(file, symbol.lineno()));
        lines += &format!("{address}\t{name:#}\t{}\n", place.unwrap_or_default());
    });
    lines
}

fn place(file: &Path, line: Option<u32>) -> String {
    match line {
        Some(line) => format!("{}:{line}", file.display()),
        None => file.display().to_string(),
    }
}
