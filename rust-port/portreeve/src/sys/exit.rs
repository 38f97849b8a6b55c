//! How the program ends. One place knows the exit codes; a test can take the program's place and be told instead.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Exit code of a program that received a frame which is none: EX_PROTOCOL of sysexits.h.
pub(crate) const BAD_FRAME: u8 = 76;
/// Exit code of a program that was started by hand: EX_USAGE of sysexits.h.
pub(crate) const BY_HAND: u8 = 64;

/// A file of the host's that nobody will remove when the host is gone.
static LEFT_BEHIND: OnceLock<PathBuf> = OnceLock::new();

/// Has a file removed at the end of the host.
pub(crate) fn remove_when_host_is_gone(path: PathBuf) {
    LEFT_BEHIND.get_or_init(|| path);
}

/// Ends the program, from any thread.
#[derive(Clone)]
pub(crate) struct End {
    finished: Sender<u8>,
    /// Whether the process ends with the program; a test runs the program inside its own.
    is_process: bool,
}

impl End {
    /// The end, and where the main thread learns of an orderly one.
    #[must_use]
    pub(crate) fn new(is_process: bool) -> (Self, Receiver<u8>) {
        let (finished, ended) = channel();
        (
            Self {
                finished,
                is_process,
            },
            ended,
        )
    }

    /// The host is gone: nobody is left to answer. Ends at once, whatever the other threads do; no destructors, no
    /// handlers of `atexit`, which a stuck thread could hold up.
    pub(crate) fn host_gone(&self) -> ! {
        if let Some(path) = LEFT_BEHIND.get().filter(|_| self.is_process) {
            // One that the host has removed already is gone as well.
            drop(std::fs::remove_file(path));
        }
        self.now(0)
    }

    /// Ends at once with a code.
    pub(crate) fn now(&self, code: u8) -> ! {
        if self.is_process {
            // SAFETY: _exit(2) is always sound; that nothing else runs is its purpose.
            unsafe { libc::_exit(code.into()) }
        }
        self.orderly(code);
        loop {
            std::thread::park();
        }
    }

    /// Ends by returning from `main`.
    pub(crate) fn orderly(&self, code: u8) {
        // The receiver is the main thread, which ends at the first code and hears no second one.
        let _ = self.finished.send(code);
    }
}

/// A code as `main` returns it.
#[must_use]
pub(crate) fn exit_code(code: u8) -> ExitCode {
    ExitCode::from(code)
}
