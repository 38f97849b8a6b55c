//! Where inside a value something is wrong: `claims.exp`, `[3].name`.
//!
//! A path is gathered on the way back from an error, so that a value without one pays nothing.
//! Neighbour: the paths in the errors of the codec on the host's side look the same.

use std::fmt::{self, Write};

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A key of a map, a field, or the variant of an enum.
    Key(String),
    /// A position in a list or tuple, from 0, or a key that is no text, as Erlang would print it.
    Index(String),
}

/// Steps, innermost first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<Step>);

impl Path {
    pub(crate) fn push_outer(&mut self, step: Step) {
        self.0.push(step);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().rev().enumerate() {
            match step {
                Step::Key(key) if is_plain(key) => {
                    if place > 0 {
                        f.write_char('.')?;
                    }
                    f.write_str(key)?;
                }
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key can stand behind a dot without being misread.
fn is_plain(key: &str) -> bool {
    let mut chars = key.chars();
    let opens = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    opens && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '?' | '!'))
}
