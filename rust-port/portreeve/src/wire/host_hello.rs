//! The host's hello: what it takes, and what it wants set up. A host that says none is a plain port owner, which
//! takes answers and nothing else.

use serde::Deserialize;

use crate::etf;

/// The version of the protocol that this program speaks.
pub(crate) const PROTOCOL: u64 = 1;
/// Largest message in bytes, unless the peer says otherwise: 64 MiB.
pub(crate) const MAX_FRAME: usize = 64 * 1024 * 1024;
/// Largest message that any host can make a program take: 2 GiB.
const MOST: usize = 1 << 31;

/// A kind of message that a host may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Event,
    Log,
    Span,
    Progress,
    Part,
    Call,
    /// Not a message: bytes as BIT_BINARY_EXT.
    Bytes,
}

/// What the host said, or the defaults.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "snake_case")]
pub(crate) struct Settings {
    pub protocol: u64,
    accepts: Vec<etf::Atom>,
    /// The lowest level that is sent as a log message.
    pub log: Option<etf::Atom>,
    pub max_frame: usize,
    /// The host's functions that this program may call.
    pub functions: Vec<etf::Atom>,
    pub limits: Limits,
    /// Threads that may compute at once; the host divides the cores among its workers.
    pub threads: Option<usize>,
}

/// Bounds on the process, set with setrlimit(2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Limits {
    /// Bytes of address space: RLIMIT_AS.
    pub memory: Option<u64>,
    /// Seconds of processor time: RLIMIT_CPU.
    pub cpu_seconds: Option<u64>,
    /// Open descriptors: RLIMIT_NOFILE.
    pub open_files: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            protocol: PROTOCOL,
            accepts: Vec::new(),
            log: None,
            max_frame: MAX_FRAME,
            functions: Vec::new(),
            limits: Limits::default(),
            threads: None,
        }
    }
}

impl Settings {
    /// Reads the map of `{hello, Map}`; unknown keys are ignored.
    pub(crate) fn read(map: &[u8]) -> Result<Self, etf::Error> {
        etf::from_term(map)
    }

    /// The largest message that is taken from the host: what it takes itself, and never less than was said before it spoke.
    #[must_use]
    pub(crate) fn max_received(&self) -> usize {
        self.max_frame.clamp(MAX_FRAME, MOST)
    }

    /// Whether the host takes such messages.
    #[must_use]
    pub(crate) fn accepts(&self, word: Word) -> bool {
        let name = match word {
            Word::Event => "event",
            Word::Log => "log",
            Word::Span => "span",
            Word::Progress => "progress",
            Word::Call => "call",
            Word::Part => "part",
            Word::Bytes => "bytes",
        };
        self.accepts
            .iter()
            .any(|accepted| accepted.as_str() == name)
    }
}
