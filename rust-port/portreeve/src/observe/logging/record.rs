//! One record: as `{log, Level, Target, Message, Fields}` for a host, as a line for people.

use std::fmt::Write;

use crate::calls::batch::Ticket;
use crate::calls::current::with_current;
use crate::link::Link;
use crate::wire::failure::Failure;
use crate::wire::message::write;

/// How grave it is; the graver, the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Error = 1,
    Warn,
    Info,
    Debug,
    Trace,
}

const LEVELS: [(Level, &str); 5] = [
    (Level::Error, "error"),
    (Level::Warn, "warn"),
    (Level::Info, "info"),
    (Level::Debug, "debug"),
    (Level::Trace, "trace"),
];

impl Level {
    /// By the word that a host uses; `None` for `off` and for words that are no level.
    pub(crate) fn named(name: &str) -> Option<Self> {
        LEVELS
            .iter()
            .find(|(_, word)| *word == name)
            .map(|(level, _)| *level)
    }

    pub(crate) fn numbered(number: u8) -> Option<Self> {
        LEVELS
            .iter()
            .find(|(level, _)| *level as u8 == number)
            .map(|(level, _)| *level)
    }

    /// What a host calls it.
    pub(crate) fn word(self) -> &'static str {
        LEVELS[self as usize - 1].1
    }
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    not(feature = "tracing"),
    expect(dead_code, reason = "records of `log` have numbers only")
)]
pub(crate) enum Value {
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(String),
}

/// What was logged.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub level: Level,
    pub target: &'a str,
    pub message: String,
    pub fields: Vec<(&'static str, Value)>,
}

impl Record<'_> {
    /// As a frame; `call` names the call in which it was logged.
    pub(crate) fn frame(&self, link: &Link, out: &mut Vec<u8>) -> Result<(), Failure> {
        let start = write::begin(out);
        write::tuple(out, 5);
        write::atom(out, "log");
        write::atom(out, self.level.word());
        write::text(out, self.target);
        write::text(out, &self.message);
        with_current(|ticket| {
            let id = ticket.and_then(Ticket::id);
            write::map(out, (self.fields.len() + usize::from(id.is_some())) as u32);
            if let Some(id) = id {
                write::atom(out, "call");
                out.extend_from_slice(id);
            }
        });
        for (name, value) in &self.fields {
            // Field names stand in the source of the program: the BEAM's atom table cannot grow by them.
            write::atom(out, name);
            value.write(out);
        }
        link.end_frame(out, start)
    }

    /// As a line: `WARN jwt::keys: old key key_id=3`.
    pub(crate) fn line(&self) -> String {
        let level = self.level.word().to_uppercase();
        let mut line = format!("{level} {}: {}", self.target, self.message);
        for (name, value) in &self.fields {
            line.push(' ');
            line.push_str(name);
            line.push('=');
            value.print(&mut line);
        }
        line.push('\n');
        line
    }
}

impl Value {
    /// As a term.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bool(value) => write::atom(out, if *value { "true" } else { "false" }),
            Self::Signed(value) => write::signed(out, *value),
            Self::Unsigned(value) => write::integer(out, *value),
            Self::Float(value) if value.is_finite() => write::float(out, *value),
            Self::Float(value) => write::text(out, &value.to_string()),
            Self::Text(text) => write::text(out, text),
        }
    }

    fn print(&self, line: &mut String) {
        // Writing into a String does not fail.
        let _ = match self {
            Self::Bool(value) => write!(line, "{value}"),
            Self::Signed(value) => write!(line, "{value}"),
            Self::Unsigned(value) => write!(line, "{value}"),
            Self::Float(value) => write!(line, "{value}"),
            Self::Text(text) => write!(line, "{text}"),
        };
    }
}
