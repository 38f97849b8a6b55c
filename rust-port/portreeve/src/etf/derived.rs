//! Types whose derives stand behind a shape: enums that serde may have buffered, and Elixir
//! structs with flattened fields.
//!
//! Serde reads `untagged`, `flatten` and an inner `tag` out of a buffer of its own, in which
//! `{tag, …}` is a sequence. [`open_enum`] reads an enum from that too.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{EnumAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IgnoredAny, SeqAccess, VariantAccess, Visitor,
};
use serde::{Deserializer, Serialize, Serializer};

use super::tunnel;

/// What serde derived for writing a type, under another name.
pub trait Shaped {
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// What serde derived for reading a type, under another name.
pub trait Derived<'de>: Sized {
    /// # Errors
    /// Those of the deserializer.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads an enum from its atoms and tuples, also when serde has buffered them.
///
/// # Errors
/// Those of the deserializer.
pub fn open_enum<'de, T: Derived<'de>, D: Deserializer<'de>>(de: D) -> Result<T, D::Error> {
    de.deserialize_newtype_struct(tunnel::ENUM, EnumVisitor(PhantomData))
}

struct EnumVisitor<T>(PhantomData<T>);

impl<'de, T: Derived<'de>> Visitor<'de> for EnumVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an atom or a tuple that begins with one")
    }

    /// Our reader.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<T, A::Error> {
        T::read(EnumAccessDeserializer::new(access))
    }

    /// Any other, such as a buffer.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<T, E> {
        T::read(StrDeserializer::new(name))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let Some(tag) = seq.next_element::<String>()? else {
            return Err(A::Error::invalid_length(0, &self));
        };
        T::read(EnumAccessDeserializer::new(Buffered { tag, seq }))
    }
}

/// The elements behind the tag.
struct Buffered<A> {
    tag: String,
    seq: A,
}

impl<'de, A: SeqAccess<'de>> EnumAccess<'de> for Buffered<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), A::Error> {
        let name = StrDeserializer::<A::Error>::new(&self.tag);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de, A: SeqAccess<'de>> Buffered<A> {
    fn end<T>(mut self, count: usize, value: T) -> Result<T, A::Error> {
        match self.seq.next_element::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::invalid_length(count + 2, &"fewer")),
        }
    }
}

impl<'de, A: SeqAccess<'de>> VariantAccess<'de> for Buffered<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.end(0, ())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        mut self,
        seed: T,
    ) -> Result<T::Value, A::Error> {
        match self.seq.next_element_seed(seed)? {
            Some(value) => self.end(1, value),
            None => Err(A::Error::invalid_length(1, &"the data of the variant")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, A::Error> {
        SeqAccessDeserializer::new(self.seq).deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.newtype_variant_seed(Fields { fields, visitor })
    }
}

/// The map of a variant with named fields.
struct Fields<V> {
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> Result<V::Value, D::Error> {
        de.deserialize_struct("", self.fields, self.visitor)
    }
}

/// Writes a struct that serde shows as a map, in the form of that name.
///
/// # Errors
/// Those of the serializer.
pub fn write_form<T: Shaped, S: Serializer>(
    form: &'static str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(form, &Fielded(value))
}

struct Fielded<'a, T>(&'a T);

impl<T: Shaped> Serialize for Fielded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// Reads a struct that serde shows as a map, in the form of that name.
///
/// # Errors
/// Those of the deserializer.
pub fn read_form<'de, T: Derived<'de>, D: Deserializer<'de>>(
    form: &'static str,
    de: D,
) -> Result<T, D::Error> {
    de.deserialize_newtype_struct(form, FormVisitor(PhantomData))
}

struct FormVisitor<T>(PhantomData<T>);

impl<'de, T: Derived<'de>> Visitor<'de> for FormVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        T::read(inner)
    }
}
