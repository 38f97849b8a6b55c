//! [`Describe`]: how a type is described; here for the types of std and this crate's own values.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Describe, Presence, Type, Types};
#[cfg(feature = "num-bigint")]
use crate::etf::BigInt;
#[cfg(feature = "eetf")]
use crate::etf::Term;
use crate::etf::{Atom, Bytes};

macro_rules! plain {
    ($($rust:ty => $described:ident),* $(,)?) => {$(
        impl Describe for $rust {
            fn describe(_: &mut Types) -> Type {
                Type::$described
            }
        }
    )*};
}

plain! {
    bool => Bool, i8 => I8, i16 => I16, i32 => I32, i64 => I64, i128 => I128, isize => Isize,
    u16 => U16, u32 => U32, u64 => U64, u128 => U128, usize => Usize,
    f32 => F32, f64 => F64, char => String, str => String, String => String, Path => String,
    PathBuf => String, Bytes => Bytes, Atom => Atom, () => Nil,
}

#[cfg(feature = "num-bigint")]
plain! { BigInt => Integer }
#[cfg(feature = "eetf")]
plain! { Term => Term }

impl Describe for u8 {
    fn describe(_: &mut Types) -> Type {
        Type::U8
    }

    fn describe_list(_: &mut Types) -> Type {
        Type::Bytes
    }
}

macro_rules! non_zero {
    ($($rust:ty),*) => {$(
        impl Describe for NonZero<$rust> {
            fn describe(types: &mut Types) -> Type {
                <$rust>::describe(types)
            }
        }
    )*};
}

non_zero!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

/// Types that look like the type in them.
macro_rules! same {
    ($($rust:ty),*) => {$(
        impl<T: ?Sized + Describe> Describe for $rust {
            fn describe(types: &mut Types) -> Type {
                T::describe(types)
            }

            fn describe_list(types: &mut Types) -> Type {
                T::describe_list(types)
            }
        }
    )*};
}

same!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl<T: ?Sized + Describe + ToOwned> Describe for Cow<'_, T> {
    fn describe(types: &mut Types) -> Type {
        T::describe(types)
    }
}

macro_rules! lists {
    ($($rust:ty),*) => {$(
        impl<T: Describe> Describe for $rust {
            fn describe(types: &mut Types) -> Type {
                T::describe_list(types)
            }
        }
    )*};
}

lists!(
    [T],
    Vec<T>,
    VecDeque<T>,
    LinkedList<T>,
    BinaryHeap<T>,
    BTreeSet<T>
);

impl<T: Describe, const N: usize> Describe for [T; N] {
    fn describe(types: &mut Types) -> Type {
        T::describe_list(types)
    }
}

impl<T: Describe, S> Describe for HashSet<T, S> {
    fn describe(types: &mut Types) -> Type {
        T::describe_list(types)
    }
}

impl<K: Describe, V: Describe> Describe for BTreeMap<K, V> {
    fn describe(types: &mut Types) -> Type {
        Type::Map(Box::new(K::describe(types)), Box::new(V::describe(types)))
    }
}

impl<K: Describe, V: Describe, S> Describe for HashMap<K, V, S> {
    fn describe(types: &mut Types) -> Type {
        Type::Map(Box::new(K::describe(types)), Box::new(V::describe(types)))
    }
}

impl<T: Describe> Describe for Option<T> {
    fn describe(types: &mut Types) -> Type {
        match T::describe(types) {
            // `Some(None)` is `nil` like `None`.
            nested @ Type::Option(_) => nested,
            inner => Type::Option(Box::new(inner)),
        }
    }
}

impl<T: Describe, E: Describe> Describe for Result<T, E> {
    fn describe(types: &mut Types) -> Type {
        Type::Result(Box::new(T::describe(types)), Box::new(E::describe(types)))
    }
}

impl Describe for Duration {
    fn describe(_: &mut Types) -> Type {
        time("secs", "nanos")
    }
}

impl Describe for SystemTime {
    fn describe(_: &mut Types) -> Type {
        time("secs_since_epoch", "nanos_since_epoch")
    }
}

/// The shape that serde gives to times.
fn time(seconds: &'static str, nanos: &'static str) -> Type {
    Type::Struct(vec![
        (Atom::new(seconds), Type::U64, Presence::Required),
        (Atom::new(nanos), Type::U32, Presence::Required),
    ])
}

macro_rules! tuples {
    ($($($part:ident)+;)*) => {$(
        impl<$($part: Describe),+> Describe for ($($part,)+) {
            fn describe(types: &mut Types) -> Type {
                Type::Tuple(vec![$($part::describe(types)),+])
            }
        }
    )*};
}

tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}
