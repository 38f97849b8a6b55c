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
mod fields;
mod named;
#[doc(hidden)]
pub mod via;

#[doc(hidden)]
pub use fields::Fields;
pub use named::{Definition, Types};

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
    /// A value of one of these types, which nothing but its shape tells apart.
    OneOf(Vec<Type>),
    /// One map that is all of these at once: named fields, and what is flattened into them.
    All(Vec<Type>),
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
#[non_exhaustive]
pub enum Presence {
    /// A map without it is refused.
    Required,
    /// It may be left out: it has a default, or is an `Option`.
    Optional,
}

/// A type that says what it looks like as a term.
///
/// The types of std that are arguments or results have it, and `#[portreeve::term]` adds it to
/// structs and enums. A type without it is known by its name only, as a `term`.
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
