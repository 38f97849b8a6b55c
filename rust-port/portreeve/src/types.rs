//! What a Rust type looks like as a term: the descriptions in the program's hello.
//!
//! Neighbour: the host generates typed clients from them and names them in its errors.

mod describe;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::etf::Atom;

/// The description of a type.
///
/// As a term it is an atom (`bool`, `string`, …) or a tuple (`{list, T}`, `{struct, […]}`, …).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Type {
    Bool,
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
    /// An integer of any size.
    Integer,
    F32,
    F64,
    String,
    Bytes,
    Atom,
    Nil,
    /// Any term.
    Term,
    /// `nil` or a value.
    Option(Box<Type>),
    List(Box<Type>),
    Tuple(Vec<Type>),
    /// Keys, values.
    Map(Box<Type>, Box<Type>),
    /// `{ok, T}` or `{error, E}`.
    Result(Box<Type>, Box<Type>),
    Stream(Box<Type>),
    /// A handle to a value that stays in the program, by the name of its type.
    Resource(Atom),
    Struct(Vec<(Atom, Type, Presence)>),
    Enum(Vec<(Atom, Vec<Type>)>),
    /// A type that stands in [`Types`].
    Named(Atom),
}

/// Whether a field may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Required,
    Optional,
}

/// A type that says what it looks like as a term.
///
/// The types of std that are arguments or results have it, and `#[portreeve::term]` adds it to
/// structs and enums. A type without it is described as `term`.
///
/// ```
/// use portreeve::types::{Describe, Type, Types};
///
/// let mut types = Types::default();
/// let described = <Vec<Option<u8>>>::describe(&mut types);
/// assert_eq!(described, Type::List(Box::new(Type::Option(Box::new(Type::U8)))));
/// ```
pub trait Describe {
    /// The description; types with a name are added to `types`.
    fn describe(types: &mut Types) -> Type;

    /// The description of a sequence of this type: a list, but for `u8`, which makes bytes.
    fn describe_list(types: &mut Types) -> Type {
        Type::List(Box::new(Self::describe(types)))
    }
}

/// The definition of a type with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Its documentation, empty when there is none.
    pub doc: String,
    /// What it is made of.
    pub r#type: Type,
}

/// The types with a name, by it: `#{Name => #{doc, type}}`.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Types {
    named: BTreeMap<Atom, Definition>,
    /// The Rust path of each name, to tell apart types that are called the same.
    #[serde(skip)]
    paths: BTreeMap<Atom, &'static str>,
}

impl Types {
    /// The named types, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Atom, &Definition)> {
        self.named.iter()
    }

    /// Adds the type at `path` under `name` unless it is there, and gives the reference to it.
    ///
    /// `describe` is only called the first time, so a type may hold itself. When another type
    /// has the name, the path serves as the name.
    pub fn define(
        &mut self,
        name: &str,
        path: &'static str,
        doc: &str,
        describe: impl FnOnce(&mut Self) -> Type,
    ) -> Type {
        let short = Atom::from(name);
        let name = match self.paths.get(&short) {
            Some(known) if *known != path => Atom::from(path.replace("::", ".")),
            _ => short,
        };
        if self.paths.insert(name.clone(), path).is_none() {
            let r#type = describe(self);
            self.named.insert(
                name.clone(),
                Definition {
                    doc: doc.to_owned(),
                    r#type,
                },
            );
        }
        Type::Named(name)
    }
}
