//! The port program: all functions of the library, called by their names from the host.

// Nothing of the library is named here but the first line of `main`; its functions register themselves.
use compute as _;

fn main() -> std::process::ExitCode {
    #[cfg(unix)]
    compute::misbehave::remember_pipes();
    portreeve::run()
}
