//! Why a call failed, in the words of the wire: the Map of `{error, Id, Map}`. The host makes a `CallError` of it.

use std::error::Error;

use crate::etf;
use crate::wire::message::write;

/// The `kind` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No such function.
    Undef,
    /// The arguments do not fit.
    Badarg,
    /// The function gave an `Err`, or its result cannot be sent.
    Error,
    /// The function panicked.
    Panic,
    /// The host lost interest before there was a result.
    Cancelled,
    /// The time of the call was over before it began.
    Timeout,
    /// No thread or queue had room for it.
    Overloaded,
    /// The program was told to stop before this call came.
    Stopping,
    /// A resource of an earlier life, released, or forged.
    Stale,
    /// The host broke the rules of a stream.
    Protocol,
}

impl Kind {
    /// What the wire calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Undef => "undef",
            Self::Badarg => "badarg",
            Self::Error => "error",
            Self::Panic => "panic",
            Self::Cancelled => "cancelled",
            Self::Timeout => "timeout",
            Self::Overloaded => "overloaded",
            Self::Stopping => "stopping",
            Self::Stale => "stale",
            Self::Protocol => "protocol",
        }
    }
}

/// Which argument was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its place in the argument list, from 0.
    pub index: usize,
    /// The parameter's name in Rust.
    pub name: &'static str,
    /// Where inside the value; empty for the value as a whole.
    pub path: String,
    pub expected: Option<String>,
    pub got: Option<String>,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What sort of failure.
    pub kind: Kind,
    /// What is said about it.
    pub message: String,
    /// The function that was called.
    pub function: Option<&'static str>,
    /// The argument that was refused.
    pub argument: Option<Box<Argument>>,
    /// The error's own value: one encoded term without the version byte.
    pub data: Option<Box<[u8]>>,
    /// `file:line` of a panic.
    pub location: Option<Box<str>>,
    /// The backtrace of a panic, when RUST_BACKTRACE asks for one.
    pub backtrace: Option<Box<str>>,
}

impl Failure {
    /// A failure of a kind, with what is said about it.
    #[cold]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            function: None,
            argument: None,
            data: None,
            location: None,
            backtrace: None,
        }
    }

    /// An argument that the function's parameter cannot be made of.
    #[cold]
    pub fn argument(index: usize, name: &'static str, error: &etf::Error) -> Self {
        let path = error.path();
        let place = match path.as_str() {
            "" => String::new(),
            path => format!(" at {path}"),
        };
        let message = format!("argument `{name}`{place}: {}", error.message());
        let argument = Argument {
            index,
            name,
            path,
            expected: error.expected().map(str::to_owned),
            got: error.got().map(str::to_owned),
        };
        Self {
            argument: Some(Box::new(argument)),
            ..Self::new(Kind::Badarg, message)
        }
    }

    /// The failure of a call to `function`; its name opens the message.
    #[must_use]
    pub fn of(mut self, function: &'static str) -> Self {
        if self.function.is_none() {
            self.function = Some(function);
            self.message = format!("{function}: {}", self.message);
        }
        self
    }

    /// Appends the map.
    pub fn write(&self, out: &mut Vec<u8>) {
        let texts = [
            ("message", Some(self.message.as_str())),
            ("location", self.location.as_deref()),
            ("backtrace", self.backtrace.as_deref()),
        ];
        let pairs = 1
            + texts.iter().filter(|(_, text)| text.is_some()).count()
            + usize::from(self.function.is_some())
            + usize::from(self.argument.is_some())
            + usize::from(self.data.is_some());
        write::map(out, pairs as u32);
        write::atom(out, "kind");
        write::atom(out, self.kind.word());
        for (key, text) in texts {
            write_text(out, key, text);
        }
        if let Some(function) = self.function {
            write::atom(out, "function");
            write::atom(out, function);
        }
        if let Some(argument) = &self.argument {
            write::atom(out, "argument");
            argument.write(out);
        }
        if let Some(data) = &self.data {
            write::atom(out, "data");
            out.extend_from_slice(data);
        }
    }
}

impl Argument {
    fn write(&self, out: &mut Vec<u8>) {
        let known = [("expected", &self.expected), ("got", &self.got)];
        let pairs = 3 + known.iter().filter(|(_, text)| text.is_some()).count();
        write::map(out, pairs as u32);
        write::atom(out, "index");
        write::integer(out, self.index as u64);
        write_text(out, "name", Some(self.name));
        write_text(out, "path", Some(&self.path));
        for (key, text) in known {
            write_text(out, key, text.as_deref());
        }
    }
}

fn write_text(out: &mut Vec<u8>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        write::atom(out, key);
        write::text(out, text);
    }
}

/// The message, and after it each source that the message does not already tell.
pub(crate) fn with_sources(error: &(dyn Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        source = inner.source();
    }
    message
}
