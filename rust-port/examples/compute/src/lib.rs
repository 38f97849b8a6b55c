//! The functions of the demo, the tests and the benchmarks. Each module holds those of one topic; each function is
//! plain Rust with one attribute. `main.rs` makes a port program of them; without the feature `port` the attribute is
//! gone, and an addon, a server or WebAssembly can have the same functions (bench/native).

#[cfg(feature = "blake3")]
pub mod blake3;
pub mod echo;
#[cfg(feature = "markdown")]
pub mod markdown;
pub mod matrix;
pub mod misbehave;
pub mod numbers;
pub mod orders;
#[cfg(feature = "password")]
pub mod password;
#[cfg(feature = "port")]
pub mod primes;
#[cfg(feature = "tokens")]
pub mod sha256;
pub mod spin;
pub mod statistics;
#[cfg(feature = "thumbnail")]
pub mod thumbnail;
#[cfg(feature = "tokens")]
pub mod tokens;
