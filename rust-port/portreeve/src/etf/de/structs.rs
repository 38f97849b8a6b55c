//! Structs: maps, Elixir structs, exceptions, records and tuples.
//!
//! The macro `#[portreeve::term]` puts the shape in front of the name that serde passes on.

use serde::de::Visitor;

use super::Deserializer;
use super::map::Keys;
use super::seq::Terms;
use crate::etf::error::{Error, ErrorKind};
use crate::etf::read::Reader;
use crate::etf::show::atom;
use crate::etf::{guard, tunnel};

/// The shape of a struct that is more than a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    /// An Elixir struct: a map with `__struct__`.
    Module(&'a str),
    /// An Elixir exception: a struct with `__exception__` too.
    Exception(&'a str),
    /// A record: a tuple whose first element is its name.
    Record(&'a str),
    Tuple,
    /// A map with names for keys, which serde shows as a map of any keys.
    Map,
}

impl<'a> Form<'a> {
    #[inline]
    pub(crate) fn of(name: &'a str) -> Option<Self> {
        if !name.starts_with('$') {
            return None;
        }
        let module = name.strip_prefix(tunnel::MODULE).map(Self::Module);
        let exception = || name.strip_prefix(tunnel::EXCEPTION).map(Self::Exception);
        let record = || name.strip_prefix(tunnel::RECORD).map(Self::Record);
        let plain = || match name {
            tunnel::TUPLE => Some(Self::Tuple),
            tunnel::MAP => Some(Self::Map),
            _ => None,
        };
        module.or_else(exception).or_else(record).or_else(plain)
    }

    /// Whether a key belongs to the form and not to the fields.
    pub(super) fn owns(&self, key: &str) -> bool {
        matches!(
            (self, key),
            (Self::Module(_) | Self::Exception(_), "__struct__")
                | (Self::Exception(_), "__exception__")
        )
    }

    /// Passes the value of such a key, which for `__struct__` must be the module.
    pub(super) fn check(&self, reader: &mut Reader<'_>, key_at: usize) -> Result<(), Error> {
        let value_at = reader.at;
        reader.at = guard::skip(reader.bytes, value_at)?;
        let (Self::Module(module) | Self::Exception(module)) = self else {
            return Ok(());
        };
        let is_struct = Reader::new(reader.bytes, key_at).whole_atom()? == "__struct__";
        let found = Reader::new(reader.bytes, value_at).whole_atom();
        if !is_struct || found.is_ok_and(|found| found == *module) {
            return Ok(());
        }
        let expected = atom(module);
        let error = Error::mismatch(ErrorKind::Type, expected).found(reader.bytes, value_at);
        Err(error.in_key("__struct__"))
    }
}

impl<'de> Deserializer<'de> {
    pub(super) fn structure<V: Visitor<'de>>(
        &mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match Form::of(name) {
            Some(Form::Record(tag)) => self.record(tag, visitor),
            Some(Form::Tuple) => self.tuple_of(fields.len(), visitor),
            form => self.map(visitor, form, Keys::Fields),
        }
    }

    pub(super) fn tuple_struct<V: Visitor<'de>>(
        &mut self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match Form::of(name) {
            Some(Form::Record(tag)) => self.record(tag, visitor),
            _ => self.tuple(length, visitor),
        }
    }

    /// A newtype, whose name may be a form: of the map in it, or a record of one field.
    pub(super) fn newtype<V: Visitor<'de>>(
        &mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match Form::of(name) {
            Some(Form::Record(tag)) => return self.record(tag, visitor),
            form => self.form = form,
        }
        let value = visitor.visit_newtype_struct(&mut *self);
        self.form = None;
        value
    }

    /// A tuple whose fields may have defaults at its end, so that it may be shorter.
    fn tuple_of<V: Visitor<'de>>(&mut self, length: usize, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        match self.header()? {
            Some(header) => self.elements(header, start, visitor),
            None => self.tuple(length, visitor),
        }
    }

    fn record<V: Visitor<'de>>(&mut self, tag: &str, visitor: V) -> Result<V::Value, Error> {
        let start = self.reader.at;
        let wrong = |de: &Self| {
            let expected = format!("a record {{{},…}}", atom(tag));
            Error::mismatch(ErrorKind::Type, expected).found(de.reader.bytes, start)
        };
        let header = match self.header()? {
            Some(header) if header.count > 0 => header,
            _ => return Err(self.mismatch(format_args!("a record {{{},…}}", atom(tag)), start)),
        };
        let mut terms = Terms::open(self, header, start)?;
        if terms.name()?.is_none_or(|found| found != tag) {
            return Err(wrong(self));
        }
        let value = visitor.visit_seq(&mut terms);
        let value = value.and_then(|value| terms.close().map(|()| value));
        self.blame(value, start)
    }
}
