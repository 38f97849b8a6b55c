//! The port program of the demo, the tests and the benchmarks. Each module holds the functions of one topic; each
//! function is plain Rust with one attribute, and is called by its name from the host.

#[cfg(feature = "blake3")]
mod blake3;
mod echo;
#[cfg(feature = "markdown")]
mod markdown;
mod matrix;
#[cfg(unix)]
mod misbehave;
#[cfg(feature = "password")]
mod password;
mod primes;
mod sha256;
mod statistics;
#[cfg(feature = "thumbnail")]
mod thumbnail;
mod tokens;

fn main() -> std::process::ExitCode {
    #[cfg(unix)]
    misbehave::remember_pipes();
    portreeve::run()
}
