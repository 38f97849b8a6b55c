//! Plain Rust functions as a port program.

pub mod etf;
pub mod types;

pub use eetf;
pub use etf::{Atom, BigInt, Bytes, Term};
