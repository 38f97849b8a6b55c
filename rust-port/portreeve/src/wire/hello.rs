//! The program's hello: what it is and what it can do. The host's clients are generated from it
//! (`src/cli/typescript.ts`), and `hash` tells them when it has changed.

use serde::Serialize;

use crate::etf::{self, Atom};
use crate::types::{Type, Types};
use crate::wire::host_hello::{MAX_FRAME, PROTOCOL};

/// The map of `{hello, Map}`.
#[derive(Serialize)]
pub(crate) struct Hello {
    protocol: u64,
    name: String,
    version: &'static str,
    functions: Vec<Described>,
    types: Types,
    hash: String,
    max_frame: usize,
}

/// One function.
#[derive(Serialize)]
pub(crate) struct Described {
    pub name: Atom,
    pub doc: &'static str,
    pub args: Vec<(Atom, Type)>,
    pub result: Type,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Type>,
    pub idempotent: bool,
}

impl Hello {
    /// Of a program with these functions, and every type that they mention.
    #[must_use]
    pub(crate) fn new(
        name: String,
        version: &'static str,
        functions: Vec<Described>,
        types: Types,
    ) -> Self {
        let hash = hash(&functions, &types);
        Self {
            protocol: PROTOCOL,
            name,
            version,
            functions,
            types,
            hash,
            max_frame: MAX_FRAME,
        }
    }
}

impl Described {
    /// Without documentation.
    fn bare(&self) -> impl Serialize {
        let Self {
            name,
            args,
            result,
            error,
            idempotent,
            ..
        } = self;
        (name, args, result, error, *idempotent)
    }
}

/// FNV-1a, 64 bits, of what a generated client depends on: functions and types, and not what is said of them.
fn hash(functions: &[Described], types: &Types) -> String {
    let functions: Vec<_> = functions.iter().map(Described::bare).collect();
    let types: Vec<_> = types.bare().collect();
    let mut bytes = Vec::new();
    // What cannot be written is found, and said, when the hello itself is written.
    let _ = etf::append(&mut bytes, &(functions, types), etf::Options::default());
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::{Described, hash};
    use crate::etf::Atom;
    use crate::types::{Type, Types};

    fn of(doc: &'static str, result: Type, type_doc: &str) -> String {
        struct Metres;
        let mut types = Types::default();
        types.define::<Metres>("Metres", type_doc, |_| Type::F64);
        let function = Described {
            name: Atom::new("f"),
            doc,
            args: vec![(Atom::new("größe"), Type::U8)],
            result,
            error: None,
            idempotent: false,
        };
        hash(&[function], &types)
    }

    #[test]
    fn a_comment_changes_no_hash_and_a_type_does() {
        let before = of("A lenght.", Type::F64, "In metres.");
        assert_eq!(before, of("A length.", Type::F64, "In meters."));
        assert_ne!(before, of("A lenght.", Type::F32, "In metres."));
    }
}
