//! Lists, tuples, maps and structs while they are being written.

use std::any::type_name;

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::Serializer;
use super::by_type::{Shown, is_u8, may_be_sequence, put, put_as, shown};
use crate::etf::de::{Form, in_key};
use crate::etf::error::Error;
use crate::etf::options::BytesAs;
use crate::etf::tags::{
    BINARY_EXT, BIT_BINARY_EXT, LARGE_TUPLE_EXT, LIST_EXT, MAP_EXT, NIL_EXT, SMALL_ATOM_UTF8_EXT,
    SMALL_TUPLE_EXT,
};
use crate::etf::write;

/// A list, or bytes.
///
/// Serde shows a `Vec<u8>` as a sequence like any other. One whose elements are all of the type `u8` becomes bytes
/// when it ends; an empty one when its own type said so.
pub(crate) struct List<'b, 'a> {
    ser: &'b mut Serializer<'a>,
    at: usize,
    count: usize,
    shown: Shown,
    all_u8: bool,
    /// The type of the elements, and what they are.
    elements: (&'static str, Shown),
}

impl<'b, 'a> List<'b, 'a> {
    pub(super) fn open(ser: &'b mut Serializer<'a>) -> Result<Self, Error> {
        ser.enter()?;
        let at = ser.out.len();
        write::open(ser.out, LIST_EXT);
        let shown = std::mem::replace(&mut ser.shown, Shown::Itself);
        Ok(Self {
            ser,
            at,
            count: 0,
            shown,
            all_u8: true,
            elements: ("", Shown::Itself),
        })
    }

    #[inline]
    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        let done = self.count;
        self.all_u8 &= is_u8::<T>();
        let written = if may_be_sequence::<T>() {
            let shown = self.shown_of(type_name::<T>());
            put_as(self.ser, value, shown)
        } else {
            value.serialize(&mut *self.ser)
        };
        written.map_err(|error| error.in_index(done))?;
        self.count += 1;
        Ok(())
    }

    /// What elements of a type are. Nearly always it is the type of the element before.
    #[inline]
    fn shown_of(&mut self, name: &'static str) -> Shown {
        if !std::ptr::eq(self.elements.0, name) {
            self.elements = (name, shown(name));
        }
        self.elements.1
    }

    fn close(self) -> Result<(), Error> {
        self.ser.leave();
        if self.count == 0 {
            self.ser.out.truncate(self.at);
            if self.shown == Shown::Bytes {
                return write::bytes(self.ser.out, &[], self.ser.options.bytes);
            }
            self.ser.out.push(NIL_EXT);
            return Ok(());
        }
        if self.all_u8 {
            return self.pack();
        }
        write::fill(self.ser.out, self.at, self.count)?;
        self.ser.out.push(NIL_EXT);
        Ok(())
    }

    /// Drops the tags between the bytes, and makes the header one of bytes.
    fn pack(self) -> Result<(), Error> {
        let Self { ser, at, count, .. } = self;
        let bits = ser.options.bytes == BytesAs::BitBinary;
        // 77 has one byte more in front, its bits; the first tag makes room for it.
        let body = at + 5 + usize::from(bits);
        let elements = at + 5;
        for index in 0..count {
            ser.out[body + index] = ser.out[elements + 2 * index + 1];
        }
        ser.out.truncate(body + count);
        ser.out[at] = if bits { BIT_BINARY_EXT } else { BINARY_EXT };
        if bits {
            ser.out[at + 5] = 8;
        }
        write::fill(ser.out, at, count)
    }
}

impl SerializeSeq for List<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

/// What serde calls a tuple: one, or an array.
pub(crate) enum Tuple<'b, 'a> {
    Tuple(Series<'b, 'a>),
    Array(List<'b, 'a>),
}

impl SerializeTuple for Tuple<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        match self {
            Self::Tuple(tuple) => tuple.element(value),
            Self::Array(list) => list.element(value),
        }
    }

    fn end(self) -> Result<(), Error> {
        match self {
            Self::Tuple(tuple) => tuple.close(),
            Self::Array(list) => list.close(),
        }
    }
}

/// A map of any keys.
pub(crate) struct Map<'b, 'a> {
    pub(super) ser: &'b mut Serializer<'a>,
    pub(super) at: usize,
    pub(super) count: usize,
    pub(super) key_at: usize,
    /// Whether it is a struct with flattened fields, as `#[portreeve::term]` announces it.
    pub(super) has_names: bool,
}

impl SerializeMap for Map<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Error> {
        self.key_at = self.ser.out.len();
        put(self.ser, key)?;
        // Derives give the names of fields as a bare `str`; keys that are data are a `String` or a `&str`.
        if self.has_names && size_of::<&T>() > size_of::<usize>() {
            self.name_key();
        }
        self.count += 1;
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        put(self.ser, value).map_err(|error| in_key(error, self.ser.out, self.key_at))
    }

    fn end(self) -> Result<(), Error> {
        self.ser.leave();
        write::fill(self.ser.out, self.at, self.count)
    }
}

impl Map<'_, '_> {
    /// Makes an atom of a key that was written as text.
    fn name_key(&mut self) {
        let (out, at) = (&mut *self.ser.out, self.key_at);
        let text = at + 5;
        if out.get(at) == Some(&BINARY_EXT)
            && let Ok(length) = u8::try_from(out.len() - text)
        {
            out[at..at + 2].copy_from_slice(&[SMALL_ATOM_UTF8_EXT, length]);
            out.drain(at + 2..text);
        }
    }
}

/// A tuple, or a struct in any of its forms.
pub(crate) struct Series<'b, 'a> {
    ser: &'b mut Serializer<'a>,
    /// Where the header stands that the count belongs in, for a struct.
    header: Option<(usize, Kind)>,
    count: usize,
    /// The variant that this is the data of.
    variant: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Map,
    Tuple,
}

impl<'b, 'a> Series<'b, 'a> {
    /// A tuple whose header is written.
    pub(super) fn tuple(ser: &'b mut Serializer<'a>, variant: Option<&'static str>) -> Self {
        Self {
            ser,
            header: None,
            count: 0,
            variant,
        }
    }

    pub(super) fn structure(
        ser: &'b mut Serializer<'a>,
        form: Option<Form<'static>>,
        variant: Option<&'static str>,
    ) -> Result<Self, Error> {
        let at = ser.out.len();
        let is_tuple = matches!(form, Some(Form::Record(_) | Form::Tuple));
        let kind = if is_tuple { Kind::Tuple } else { Kind::Map };
        match kind {
            Kind::Map => write::open(ser.out, MAP_EXT),
            Kind::Tuple => ser.out.extend([SMALL_TUPLE_EXT, 0]),
        }
        let count = head(ser, form)?;
        Ok(Self {
            ser,
            header: Some((at, kind)),
            count,
            variant,
        })
    }

    #[inline]
    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        let (done, variant) = (self.count, self.variant);
        put(self.ser, value).map_err(|error| {
            let error = error.in_index(done);
            variant.into_iter().fold(error, Error::in_key)
        })?;
        self.count += 1;
        Ok(())
    }

    #[inline]
    fn field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if !matches!(self.header, Some((_, Kind::Tuple))) {
            self.ser.atom(key)?;
        }
        let variant = self.variant;
        put(self.ser, value).map_err(|error| {
            let error = error.in_key(key);
            variant.into_iter().fold(error, Error::in_key)
        })?;
        self.count += 1;
        Ok(())
    }

    /// A field that is left out. In a tuple its place stays.
    fn skip(&mut self) -> Result<(), Error> {
        if !matches!(self.header, Some((_, Kind::Tuple))) {
            return Ok(());
        }
        self.count += 1;
        self.ser.atom("undefined")
    }

    fn close(self) -> Result<(), Error> {
        self.ser.leave();
        let Some((at, kind)) = self.header else {
            return Ok(());
        };
        if self.variant.is_some() {
            self.ser.leave();
        }
        match kind {
            Kind::Map => write::fill(self.ser.out, at, self.count),
            Kind::Tuple => fill_tuple(self.ser.out, at, self.count),
        }
    }
}

/// What comes before the fields; how many elements or pairs that is.
pub(super) fn head(ser: &mut Serializer<'_>, form: Option<Form<'_>>) -> Result<usize, Error> {
    match form {
        None | Some(Form::Tuple | Form::Map) => Ok(0),
        Some(Form::Record(tag)) => ser.atom(tag).map(|()| 1),
        Some(Form::Module(module)) => {
            ser.atom("__struct__")?;
            ser.atom(module).map(|()| 1)
        }
        Some(Form::Exception(module)) => {
            ser.atom("__exception__")?;
            ser.atom("true")?;
            ser.atom("__struct__")?;
            ser.atom(module).map(|()| 2)
        }
    }
}

fn fill_tuple(out: &mut Vec<u8>, at: usize, count: usize) -> Result<(), Error> {
    if let Ok(count) = u8::try_from(count) {
        out[at + 1] = count;
        return Ok(());
    }
    out.splice(at..at + 2, [LARGE_TUPLE_EXT, 0, 0, 0, 0]);
    write::fill(out, at, count)
}

/// The traits of serde that a [`Series`] stands for differ in their names only.
macro_rules! series_of_elements {
    ($($name:ident $method:ident),*) => {$(
        impl $name for Series<'_, '_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

macro_rules! series_of_fields {
    ($($name:ident),*) => {$(
        impl $name for Series<'_, '_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field(key, value)
            }

            fn skip_field(&mut self, _key: &'static str) -> Result<(), Error> {
                self.skip()
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        }
    )*};
}

series_of_elements! {
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
}
series_of_fields! { SerializeStruct, SerializeStructVariant }
