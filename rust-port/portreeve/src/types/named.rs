//! The types with a name, each described once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Type;
use crate::etf::Atom;

/// The definition of a type with a name.
///
/// ```
/// use portreeve::types::{Type, Types};
///
/// struct Metres;
///
/// let mut types = Types::default();
/// types.define::<Metres>("Metres", "A length.", |_| Type::F64);
/// let found = types.get("Metres").map(|metres| (metres.doc.as_str(), &metres.r#type));
/// assert_eq!(found, Some(("A length.", &Type::F64)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Definition {
    /// Its documentation, empty when there is none.
    pub doc: String,
    /// What it is made of; `term` when nobody said.
    pub r#type: Type,
}

/// The types with a name, by it: `#{Name => #{doc, type}}`.
///
/// ```
/// use portreeve::types::{Type, Types};
///
/// struct Litres;
///
/// let mut types = Types::default();
/// types.define::<Litres>("Litres", "", |_| Type::F64);
/// let names: Vec<_> = types.iter().map(|(name, _)| name.as_str()).collect();
/// assert_eq!(names, ["Litres"]);
/// assert!(types.get("Gallons").is_none());
/// ```
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Types {
    named: BTreeMap<Atom, Definition>,
    /// The Rust path of each name, to tell apart types that are called the same.
    #[serde(skip)]
    paths: BTreeMap<Atom, &'static str>,
    /// Why the first name that two types have is no good.
    #[serde(skip)]
    clash: Option<String>,
}

impl Types {
    /// The named types, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Atom, &Definition)> {
        self.named.iter()
    }

    /// Adds the type `T` under `name`, unless it is there, and gives the reference to it.
    ///
    /// `describe` is called the first time only, so a type may hold itself. Another type of that name is an error
    /// ([`Types::clash`]): the first one keeps it.
    ///
    /// ```
    /// use portreeve::types::{Type, Types};
    ///
    /// struct Celsius;
    ///
    /// let mut types = Types::default();
    /// let named = types.define::<Celsius>("Celsius", "A temperature.", |_| Type::F64);
    /// assert_eq!(named, Type::Named("Celsius".into()));
    /// assert_eq!(types.get("Celsius").map(|found| &found.r#type), Some(&Type::F64));
    /// ```
    pub fn define<T: ?Sized>(
        &mut self,
        name: &str,
        doc: &str,
        describe: impl FnOnce(&mut Self) -> Type,
    ) -> Type {
        let (name, path) = (Atom::from(name.to_owned()), std::any::type_name::<T>());
        match self.paths.get(&name) {
            None => {
                self.paths.insert(name.clone(), path);
                let (doc, r#type) = (doc.to_owned(), describe(self));
                self.named.insert(name.clone(), Definition { doc, r#type });
            }
            Some(known) if *known == path => {}
            Some(known) => {
                let why = clash(&name, known, path);
                self.clash.get_or_insert(why);
            }
        }
        Type::Named(name)
    }

    /// The name of a type with parameters: its own with what stands for them, `Pair` of `f64` and `Unit` is
    /// `PairF64Unit`.
    #[doc(hidden)]
    #[must_use]
    pub fn name_with(name: &str, parameters: &[Type]) -> String {
        let mut name = name.to_owned();
        for parameter in parameters {
            add_word(&mut name, parameter);
        }
        name
    }

    /// A type of which only Rust knows what it is made of: the name, and no more. Two of one name are one, for of both
    /// nothing is known.
    pub(crate) fn unknown<T: ?Sized>(&mut self) -> Type {
        let name = short_name(std::any::type_name::<T>());
        match self.named.get(name.as_str()) {
            Some(known) if known.r#type == Type::Term => Type::Named(Atom::from(name)),
            _ => self.define::<T>(&name, "", |_| Type::Term),
        }
    }

    /// The definition of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.named.get(name)
    }

    /// Two types that were given one name, as a sentence. A program with such types does not start.
    #[must_use]
    pub fn clash(&self) -> Option<&str> {
        self.clash.as_deref()
    }

    /// The same without documentation: what clients depend on.
    pub(crate) fn bare(&self) -> impl Iterator<Item = (&Atom, &Type)> {
        self.named.iter().map(|(name, known)| (name, &known.r#type))
    }
}

#[cold]
fn clash(name: &str, known: &str, other: &str) -> String {
    format!(
        "two types are called `{name}`: {known} and {other}; give one of them another name with \
         #[portreeve::term(name = \"…\")]"
    )
}

/// Appends a type as part of a name, in PascalCase.
fn add_word(name: &mut String, part: &Type) {
    let (word, parts): (&str, Vec<&Type>) = match part {
        Type::Named(named) | Type::Resource(named) => (named.as_str(), vec![]),
        Type::Option(inner) => ("Option", vec![inner]),
        Type::List(inner) => ("List", vec![inner]),
        Type::Stream(inner) => ("Stream", vec![inner]),
        Type::Tuple(parts) => ("Tuple", parts.iter().collect()),
        Type::Map(key, value) => ("Map", vec![key, value]),
        Type::Result(value, error) => ("Result", vec![value, error]),
        Type::Struct(fields) => ("Struct", fields.iter().map(|(_, of, _)| of).collect()),
        Type::Enum(_) => ("Enum", vec![]),
        Type::OneOf(parts) | Type::All(parts) => ("Any", parts.iter().collect()),
        simple => return name.push_str(&format!("{simple:?}")),
    };
    name.push_str(word);
    for part in parts {
        add_word(name, part);
    }
}

/// `alloc::vec::Vec<my::Unit>` as `VecUnit`.
fn short_name(path: &str) -> String {
    let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'));
    let names = path
        .split(is_end)
        .map(|name| name.rsplit("::").next().unwrap_or(name));
    names.collect()
}
