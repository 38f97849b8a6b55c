//! How generated code treats a type of which it knows the name only.
//!
//! The types with [`Encode`] or a way of their own to be read get that; all others get serde's. How they are described
//! is chosen in the same way in `types::via`. The choice is the compiler's: a method of `&Via<T>`
//! is found before the one of the same name of `Via<T>`, if its bounds hold. Generated code
//! calls `(&&Via::<T>::new()).method(…)` with both traits of a pair in scope.

use std::marker::PhantomData;

pub use super::derived::{Derived, Shaped, open_enum, read_form, write_form};
pub use serde;
use serde::de::Visitor;
use serde::{Deserialize, Serialize, Serializer};

use super::encode::{Encode, Encoded};
use super::{Elements, Error, Options, append};

/// A type as a value, to find methods by.
#[derive(Debug)]
pub struct Via<T: ?Sized>(PhantomData<fn(&T)>);

impl<T: ?Sized> Via<T> {
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// That of a value whose type has no name at hand.
    #[must_use]
    pub const fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized> Default for Via<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Types that are written by their type.
pub trait WriteKnown<T: ?Sized> {
    /// As [`append`], for a whole value.
    ///
    /// # Errors
    /// As [`append`].
    fn append(&self, out: &mut Vec<u8>, value: &T, options: Options) -> Result<(), Error>;

    /// As `Serialize::serialize`, for a field.
    ///
    /// # Errors
    /// Those of the serializer.
    fn serialize<S: Serializer>(&self, value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

impl<T: ?Sized + Encode> WriteKnown<T> for &Via<T> {
    fn append(&self, out: &mut Vec<u8>, value: &T, options: Options) -> Result<(), Error> {
        append(out, &Encoded(value), options)
    }

    fn serialize<S: Serializer>(&self, value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }
}

/// Types that are written by serde alone.
pub trait WriteAny<T: ?Sized> {
    /// As [`append`], for a whole value.
    ///
    /// # Errors
    /// As [`append`].
    fn append(&self, out: &mut Vec<u8>, value: &T, options: Options) -> Result<(), Error>;

    /// As `Serialize::serialize`, for a field.
    ///
    /// # Errors
    /// Those of the serializer.
    fn serialize<S: Serializer>(&self, value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

impl<T: ?Sized + Serialize> WriteAny<T> for Via<T> {
    fn append(&self, out: &mut Vec<u8>, value: &T, options: Options) -> Result<(), Error> {
        append(out, value, options)
    }

    fn serialize<S: Serializer>(&self, value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

/// Types that are bytes, which serde would read one by one.
pub trait ReadBytes<'de, T> {
    /// As [`Elements::next_value`].
    fn next(&self, elements: &mut Elements<'de>) -> Option<Result<T, Error>>;
}

impl<'de, T: FromBytes> ReadBytes<'de, T> for &Via<T> {
    fn next(&self, elements: &mut Elements<'de>) -> Option<Result<T, Error>> {
        elements.next_with(|de| T::read(de))
    }
}

/// Types that are read by serde alone. No trait: the compiler then names the bound that does not hold.
impl<T> Via<T> {
    /// As [`Elements::next_value`].
    pub fn next<'de>(&self, elements: &mut Elements<'de>) -> Option<Result<T, Error>>
    where
        T: Deserialize<'de>,
    {
        elements.next_value()
    }
}

/// Owned bytes: copied in one piece instead of byte by byte.
pub trait FromBytes: Sized {
    /// Reads them.
    ///
    /// # Errors
    /// Those of the deserializer.
    fn read<'de, D: serde::Deserializer<'de>>(de: D) -> Result<Self, D::Error>;
}

impl FromBytes for Vec<u8> {
    fn read<'de, D: serde::Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        de.deserialize_byte_buf(OwnedBytes)
    }
}

impl FromBytes for Box<[u8]> {
    fn read<'de, D: serde::Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        Vec::read(de).map(Vec::into_boxed_slice)
    }
}

impl FromBytes for Option<Vec<u8>> {
    fn read<'de, D: serde::Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        de.deserialize_option(OptionalBytes)
    }
}

struct OwnedBytes;

impl<'de> Visitor<'de> for OwnedBytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
        Ok(text.as_bytes().to_vec())
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}

struct OptionalBytes;

impl<'de> Visitor<'de> for OptionalBytes {
    type Value = Option<Vec<u8>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bytes or nil")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        Vec::read(inner).map(Some)
    }
}

/// Reads a field that is bytes.
///
/// # Errors
/// Those of the deserializer.
pub fn bytes<'de, T: FromBytes, D: serde::Deserializer<'de>>(de: D) -> Result<T, D::Error> {
    T::read(de)
}
