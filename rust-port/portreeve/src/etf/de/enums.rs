//! Enums: an atom for a variant without data, `{tag, …}` for the others.

use std::borrow::Cow;

use serde::de::value::{CowStrDeserializer, UnitDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, VariantAccess, Visitor,
};

use super::Deserializer;
use super::seq::{Header, Terms};
use crate::etf::error::{Error, ErrorKind};
use crate::etf::show::atom;

impl<'de> Deserializer<'de> {
    pub(super) fn enumeration<V: Visitor<'de>>(
        &mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let is_result = name == "Result" && variants == ["Ok", "Err"];
        let value = match self.header()? {
            Some(Header { count: 0, .. }) => Err(self.mismatch(VARIANT, start)),
            Some(header) => self.data(header, start, is_result, visitor),
            None => {
                let name = self.name(VARIANT)?;
                let bytes = self.reader.bytes;
                rename(name, is_result)
                    .and_then(|name| visitor.visit_enum(Bare { name, bytes, start }))
            }
        };
        self.blame(value, start)
    }

    fn data<V: Visitor<'de>>(
        &mut self,
        header: Header,
        start: usize,
        is_result: bool,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut terms = Terms::open(self, header, start)?;
        let Some(name) = terms.name()? else {
            return Err(self.mismatch(VARIANT, start));
        };
        let tag = name.clone();
        let name = rename(name, is_result)?;
        let data = Data { terms, tag, name };
        visitor.visit_enum(data)
    }

    pub(super) fn tunnelled_enum<V: Visitor<'de>>(
        &mut self,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.enumeration("", &[], visitor)
    }
}

const VARIANT: &str = "an atom or a tuple that begins with one";

/// `ok` and `error` are how the variants of `Result` are called in Erlang.
fn rename(name: Cow<'_, str>, is_result: bool) -> Result<Cow<'_, str>, Error> {
    match &*name {
        _ if !is_result => Ok(name),
        "ok" => Ok(Cow::Borrowed("Ok")),
        "error" => Ok(Cow::Borrowed("Err")),
        other => Err(Error::unknown_variant(other, &["ok", "error"])),
    }
}

/// An atom or text alone.
struct Bare<'de> {
    name: Cow<'de, str>,
    bytes: &'de [u8],
    start: usize,
}

impl Bare<'_> {
    #[cold]
    fn no_data(&self) -> Error {
        let expected = format!("a tuple {{{},…}}", atom(&self.name));
        Error::mismatch(ErrorKind::Type, expected).found(self.bytes, self.start)
    }
}

impl<'de> EnumAccess<'de> for Bare<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: CowStrDeserializer<'_, Error> = self.name.clone().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Bare<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    /// Data that is nothing need not be there: `ok` is read as `Ok(())`.
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        let nothing = UnitDeserializer::<Error>::new();
        seed.deserialize(nothing).map_err(|_| self.no_data())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(self.no_data())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(self.no_data())
    }
}

/// `{tag, …}`
struct Data<'a, 'de> {
    terms: Terms<'a, 'de>,
    /// As it was written, and as serde knows it.
    tag: Cow<'de, str>,
    name: Cow<'de, str>,
}

impl<'de> EnumAccess<'de> for Data<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: CowStrDeserializer<'_, Error> = self.name.clone().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Data<'_, 'de> {
    type Error = Error;

    fn unit_variant(mut self) -> Result<(), Error> {
        match self.terms.more()? {
            true => Err(self
                .terms
                .wrong(format_args!("the atom {}", atom(&self.tag)))),
            false => self.terms.close(),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, Error> {
        let value = self
            .terms
            .next(seed)
            .map_err(|error| error.in_key(&self.tag))?;
        match value {
            Some(value) if !self.terms.more()? => self.terms.close().map(|()| value),
            _ => Err(self
                .terms
                .wrong(format_args!("a tuple {{{},_}}", atom(&self.tag)))),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(
        mut self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.terms.count_left() != length && !self.terms.may_go_on() {
            let expected = format!("a tuple {{{}{}}}", atom(&self.tag), ",_".repeat(length));
            return Err(self.terms.wrong(expected));
        }
        let value = visitor.visit_seq(&mut self.terms);
        let value = value.map_err(|error| error.in_key(&self.tag))?;
        self.terms.close().map(|()| value)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
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

    fn deserialize<D: serde::Deserializer<'de>>(self, de: D) -> Result<V::Value, D::Error> {
        de.deserialize_struct("", self.fields, self.visitor)
    }
}
