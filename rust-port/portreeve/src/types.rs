//! What a Rust type looks like as a term: the descriptions in the program's hello.
//!
//! Neighbour: the host generates typed clients from them and names them in its errors.
//!
//! ```
//! use portreeve::types::{Describe, Types};
//!
//! /// Who asks.
//! #[portreeve::term]
//! struct User {
//!     name: String,
//!     photo: Option<Vec<u8>>,
//! }
//!
//! #[portreeve::term]
//! enum Answer {
//!     Unknown,
//!     Found(User),
//! }
//!
//! // As terms: unknown, {found, #{name => <<"Ada">>, photo => nil}}.
//! let mut types = Types::default();
//! Answer::describe(&mut types);
//! assert_eq!(types.get("User").map(|user| user.doc.as_str()), Some("Who asks."));
//! ```

mod describe;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::etf::Atom;

/// The description of a type.
///
/// As a term it is an atom (`bool`, `string`, …) or a tuple (`{list, T}`, `{struct, […]}`, …).
///
/// ```
/// use portreeve::etf;
/// use portreeve::types::Type;
///
/// let list = Type::List(Box::new(Type::F64));
/// assert_eq!(etf::to_vec(&list)?, b"\x83\x68\x02\x77\x04list\x77\x03f64");
/// # Ok::<(), etf::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// An integer of 8 bits.
    I8,
    /// An integer of 16 bits.
    I16,
    /// An integer of 32 bits.
    I32,
    /// An integer of 64 bits.
    I64,
    /// An integer of 128 bits.
    I128,
    /// An integer as wide as an address.
    Isize,
    /// An integer, not negative, of 8 bits.
    U8,
    /// An integer, not negative, of 16 bits.
    U16,
    /// An integer, not negative, of 32 bits.
    U32,
    /// An integer, not negative, of 64 bits.
    U64,
    /// An integer, not negative, of 128 bits.
    U128,
    /// An integer, not negative, as wide as an address.
    Usize,
    /// An integer of any size.
    Integer,
    /// A float of 32 bits, rounded to it.
    F32,
    /// A float.
    F64,
    /// Text: a binary in UTF-8.
    String,
    /// A binary.
    Bytes,
    /// Any atom.
    Atom,
    /// The atom `nil`.
    Nil,
    /// Any term.
    Term,
    /// `nil` or a value.
    Option(Box<Type>),
    /// Elements of one type.
    List(Box<Type>),
    /// As many elements, each of its type.
    Tuple(Vec<Type>),
    /// Keys, values.
    Map(Box<Type>, Box<Type>),
    /// `{ok, T}` or `{error, E}`.
    Result(Box<Type>, Box<Type>),
    /// Items that come one after the other.
    Stream(Box<Type>),
    /// A handle to a value that stays in the program, by the name of its type.
    Resource(Atom),
    /// A map with these keys.
    Struct(Vec<(Atom, Type, Presence)>),
    /// An atom, or a tuple that begins with it.
    Enum(Vec<(Atom, Vec<Type>)>),
    /// A type that stands in [`Types`].
    Named(Atom),
}

/// Whether a field may be missing.
///
/// ```
/// use portreeve::types::{Describe, Presence, Type, Types};
///
/// #[portreeve::term]
/// struct Page {
///     number: u32,
///     size: Option<u32>,
/// }
///
/// let mut types = Types::default();
/// Page::describe(&mut types);
/// let Some(Type::Struct(fields)) = types.get("Page").map(|page| &page.r#type) else {
///     panic!("a struct");
/// };
/// let presence: Vec<_> = fields.iter().map(|(_, _, presence)| *presence).collect();
/// assert_eq!(presence, [Presence::Required, Presence::Optional]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// A map without it is refused.
    Required,
    /// It may be left out: it has a default, or is an `Option`.
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
///
/// ```
/// use portreeve::types::{Definition, Type, Types};
///
/// struct Metres;
///
/// let mut types = Types::default();
/// types.define::<Metres>("A length.", |_| Type::F64);
/// let expected = Definition { doc: "A length.".into(), r#type: Type::F64 };
/// assert_eq!(types.get("Metres"), Some(&expected));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Its documentation, empty when there is none.
    pub doc: String,
    /// What it is made of.
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
/// types.define::<Litres>("", |_| Type::F64);
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
}

impl Types {
    /// The named types, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Atom, &Definition)> {
        self.named.iter()
    }

    /// Adds the type `T` under its name, unless it is there, and gives the reference to it.
    ///
    /// `describe` is called the first time only, so a type may hold itself. The name is that of
    /// the type with those of its parameters behind it; when another type has it, the modules
    /// are put in front.
    ///
    /// ```
    /// use portreeve::types::{Type, Types};
    ///
    /// struct Celsius;
    ///
    /// let mut types = Types::default();
    /// let named = types.define::<Celsius>("A temperature.", |_| Type::F64);
    /// assert_eq!(named, Type::Named("Celsius".into()));
    /// assert_eq!(types.get("Celsius").map(|found| &found.r#type), Some(&Type::F64));
    /// ```
    pub fn define<T: ?Sized>(
        &mut self,
        doc: &str,
        describe: impl FnOnce(&mut Self) -> Type,
    ) -> Type {
        let path = std::any::type_name::<T>();
        let name = self.name_for(path);
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

    /// The definition of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.named.get(name)
    }

    fn name_for(&self, path: &'static str) -> Atom {
        let short = Atom::from(short_name(path));
        match self.paths.get(&short) {
            Some(known) if *known != path => Atom::from(letters(path)),
            _ => short,
        }
    }
}

/// `geo::Pair<f64, my::Unit>` as `Pairf64Unit`.
fn short_name(path: &str) -> String {
    let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'));
    let names = path
        .split(is_end)
        .map(|name| name.rsplit("::").next().unwrap_or(name));
    names.collect()
}

fn letters(path: &str) -> String {
    path.split("::")
        .map(|part| part.replace(|c: char| !c.is_alphanumeric(), "_"))
        .collect::<Vec<_>>()
        .join("_")
}

/// The fields of a struct while they are gathered: for the code of `#[portreeve::term]`.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Fields(Vec<(Atom, Type, Presence)>);

impl Fields {
    pub fn add(&mut self, name: &'static str, r#type: Type, optional: bool) {
        let presence = if optional {
            Presence::Optional
        } else {
            Presence::Required
        };
        self.0.push((Atom::new(name), r#type, presence));
    }

    /// Adds the fields of a struct that serde flattens into this one. What is no struct, such as
    /// a map, adds keys that have no name here.
    pub fn flatten(&mut self, types: &mut Types, describe: impl FnOnce(&mut Types) -> Type) {
        let mut described = describe(types);
        let mut optional = false;
        loop {
            described = match described {
                Type::Struct(fields) => {
                    self.0
                        .extend(fields.into_iter().map(|(name, r#type, presence)| {
                            (
                                name,
                                r#type,
                                if optional {
                                    Presence::Optional
                                } else {
                                    presence
                                },
                            )
                        }));
                    return;
                }
                Type::Option(inner) => {
                    optional = true;
                    *inner
                }
                Type::Named(name) => match types.get(&name) {
                    Some(definition) => definition.r#type.clone(),
                    None => return,
                },
                _ => return,
            };
        }
    }

    #[must_use]
    pub fn into_type(self) -> Type {
        Type::Struct(self.0)
    }
}
