//! What serde does not say of a value, asked of the name of its type.
//!
//! Serde shows an empty `Vec<u8>` as any empty sequence, and an array as a tuple. Every value passes here with its
//! Rust type, so the type can be looked at, also where it is a parameter of a generic item or behind bare derives.
//! A name that only looks like one of std's changes nothing but how an empty sequence or a tuple is written.

use std::any::type_name;

use serde::Serialize;

use super::Serializer;
use crate::etf::error::Error;

/// What a sequence or tuple of serde really is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// What serde calls it.
    Itself,
    /// Bytes.
    Bytes,
    /// An array, which is a list.
    List,
}

/// Pointers and the like, which look like what is in them.
const AROUND: [&str; 6] = [
    "alloc::boxed::Box<",
    "alloc::rc::Rc<",
    "alloc::sync::Arc<",
    "alloc::borrow::Cow<",
    "mut ",
    // A lifetime, where the compiler names it.
    "'_, ",
];

/// Sequences of `u8`.
const BYTES: [&str; 9] = [
    "alloc::vec::Vec<u8>",
    "[u8]",
    "[u8; ",
    "alloc::collections::vec_deque::VecDeque<u8>",
    "alloc::collections::linked_list::LinkedList<u8>",
    "alloc::collections::binary_heap::BinaryHeap<u8>",
    "alloc::collections::btree::set::BTreeSet<u8>",
    "std::collections::hash::set::HashSet<u8>",
    HASH_SET,
];

/// Writes a value, with what its type says.
#[inline]
pub(crate) fn put<T: ?Sized + Serialize>(ser: &mut Serializer<'_>, value: &T) -> Result<(), Error> {
    if !may_be_sequence::<T>() {
        return value.serialize(ser);
    }
    put_as(ser, value, shown(type_name::<T>()))
}

/// The same with what was found out about the type before.
#[inline]
pub(super) fn put_as<T: ?Sized + Serialize>(
    ser: &mut Serializer<'_>,
    value: &T,
    shown: Shown,
) -> Result<(), Error> {
    ser.shown = shown;
    let result = value.serialize(&mut *ser);
    ser.shown = Shown::Itself;
    result
}

/// Whether a look at the type is worth the time. The compiler decides it from the ends of a constant, so that numbers,
/// text, structs and lists of them cost nothing.
#[inline]
pub(super) fn may_be_sequence<T: ?Sized>() -> bool {
    let name = type_name::<T>();
    name.ends_with(']')
        || name.ends_with("]>")
        || name.ends_with("u8>")
        || name.ends_with("u8>>")
        || name.starts_with(HASH_SET)
}

/// A set whose name goes on with its hasher.
const HASH_SET: &str = "std::collections::hash::set::HashSet<u8, ";

/// Whether elements of this type are `u8`s, and not what another type is written as.
#[inline]
pub(super) fn is_u8<T: ?Sized>() -> bool {
    matches!(type_name::<T>(), "u8" | "&u8")
}

pub(super) fn shown(name: &str) -> Shown {
    let mut name = name;
    loop {
        name = name.trim_start_matches('&');
        match AROUND.iter().find_map(|around| name.strip_prefix(around)) {
            Some(inside) => name = inside,
            None => break,
        }
    }
    if BYTES.iter().any(|bytes| name.starts_with(bytes)) {
        Shown::Bytes
    } else if name.starts_with('[') {
        Shown::List
    } else {
        Shown::Itself
    }
}
