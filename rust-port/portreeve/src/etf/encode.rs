//! Values whose types tell bytes from lists also when they are empty.
//!
//! Serde shows a `Vec<u8>` as a sequence, so that an empty one looks like any empty list, and an
//! array as a tuple. Where the Rust type is known, that is for results and for the fields of
//! `#[portreeve::term]`, this trait is asked first; serde is what it is made of.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::ser::{SerializeMap, SerializeSeq, SerializeTuple};
use serde::{Serialize, Serializer};

#[cfg(feature = "num-bigint")]
use super::BigInt;
#[cfg(feature = "eetf")]
use super::Term;
use super::{Atom, Bytes};

/// A value written by its type: sequences of `u8` as bytes, arrays as lists.
pub trait Encode {
    /// Writes the value.
    ///
    /// # Errors
    /// Those of the serializer.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Writes a slice of such values.
    ///
    /// # Errors
    /// Those of the serializer.
    fn encode_slice<S: Serializer>(items: &[Self], serializer: S) -> Result<S::Ok, S::Error>
    where
        Self: Sized,
    {
        Self::encode_all(items.iter(), serializer)
    }

    /// Writes a sequence of such values that do not lie in one piece.
    ///
    /// # Errors
    /// Those of the serializer.
    fn encode_all<'a, S: Serializer>(
        items: impl ExactSizeIterator<Item = &'a Self>,
        serializer: S,
    ) -> Result<S::Ok, S::Error>
    where
        Self: Sized + 'a,
    {
        let mut list = serializer.serialize_seq(Some(items.len()))?;
        for item in items {
            list.serialize_element(&Encoded(item))?;
        }
        list.end()
    }
}

/// A value that serde writes by way of [`Encode`].
#[derive(Debug)]
pub struct Encoded<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized + Encode> Serialize for Encoded<'_, T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}

impl Encode for u8 {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self)
    }

    fn encode_slice<S: Serializer>(items: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(items)
    }

    fn encode_all<'a, S: Serializer>(
        items: impl ExactSizeIterator<Item = &'a u8>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&items.copied().collect::<Vec<u8>>())
    }
}

/// Types that serde shows as they are.
macro_rules! plain {
    ($($rust:ty),* $(,)?) => {$(
        impl Encode for $rust {
            #[inline]
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

plain! {
    bool, i8, i16, i32, i64, i128, isize, u16, u32, u64, u128, usize, f32, f64, char, str, String,
    Path, PathBuf, (), Duration, SystemTime, Atom, Bytes, NonZero<i8>, NonZero<i16>,
    NonZero<i32>, NonZero<i64>, NonZero<i128>, NonZero<isize>, NonZero<u8>, NonZero<u16>,
    NonZero<u32>, NonZero<u64>, NonZero<u128>, NonZero<usize>,
}

#[cfg(feature = "num-bigint")]
plain! { BigInt }
#[cfg(feature = "eetf")]
plain! { Term }

macro_rules! pointers {
    ($($rust:ty),*) => {$(
        impl<T: ?Sized + Encode> Encode for $rust {
            #[inline]
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                (**self).encode(serializer)
            }
        }
    )*};
}

pointers!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl<T: ?Sized + Encode + ToOwned> Encode for Cow<'_, T> {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).encode(serializer)
    }
}

impl<T: Encode> Encode for [T] {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encode_slice(self, serializer)
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encode_slice(self, serializer)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encode_slice(self, serializer)
    }
}

macro_rules! collections {
    ($($rust:ty $(, $hasher:ident)?;)*) => {$(
        impl<T: Encode $(, $hasher)?> Encode for $rust {
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                T::encode_all(self.iter(), serializer)
            }
        }
    )*};
}

collections! {
    VecDeque<T>; LinkedList<T>; BinaryHeap<T>; BTreeSet<T>; HashSet<T, H>, H;
}

macro_rules! maps {
    ($($rust:ty $(, $hasher:ident)?;)*) => {$(
        impl<K: Encode, V: Encode $(, $hasher)?> Encode for $rust {
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.len()))?;
                for (key, value) in self {
                    map.serialize_entry(&Encoded(key), &Encoded(value))?;
                }
                map.end()
            }
        }
    )*};
}

maps! { BTreeMap<K, V>; HashMap<K, V, H>, H; }

impl<T: Encode> Encode for Option<T> {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Encoded(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: Encode, E: Encode> Encode for Result<T, E> {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Ok(value) => serializer.serialize_newtype_variant("Result", 0, "Ok", &Encoded(value)),
            Err(error) => serializer.serialize_newtype_variant("Result", 1, "Err", &Encoded(error)),
        }
    }
}

macro_rules! tuples {
    ($($count:literal $($part:ident $index:tt)+;)*) => {$(
        impl<$($part: Encode),+> Encode for ($($part,)+) {
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut tuple = serializer.serialize_tuple($count)?;
                $(tuple.serialize_element(&Encoded(&self.$index))?;)+
                tuple.end()
            }
        }
    )*};
}

tuples! {
    1 A 0; 2 A 0 B 1; 3 A 0 B 1 C 2; 4 A 0 B 1 C 2 D 3; 5 A 0 B 1 C 2 D 3 E 4;
    6 A 0 B 1 C 2 D 3 E 4 F 5; 7 A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 I 7; 9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 I 7 J 8;
    10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 I 7 J 8 K 9;
    11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 I 7 J 8 K 9 L 10;
    12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 I 7 J 8 K 9 L 10 M 11;
}
