//! Plain Rust functions as a port program.

pub mod etf;
