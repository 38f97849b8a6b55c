//! Rust values to terms: serde straight into the output buffer, in one pass.
//!
//! Neighbour: the decoder on the host's side reads what is written here.

mod by_type;
mod byte;
mod compound;

use serde::Serialize;
use serde::ser::{self, SerializeSeq};

use super::de::Form;
use super::error::Error;
use super::guard::{skip_within, too_deep_value};
use super::limits::MAX_DEPTH;
use super::options::{BytesAs, Options};
use super::tags::{BINARY_EXT, BIT_BINARY_EXT, LIST_EXT, MAP_EXT, NIL_EXT};
use super::{tunnel, write};
use by_type::Shown;
pub(crate) use by_type::put;
use byte::Byte;
use compound::{List, Map, Series, Tuple};

/// Writes one value, without the version byte.
pub(crate) struct Serializer<'a> {
    out: &'a mut Vec<u8>,
    options: Options,
    /// Containers that are open.
    depth: usize,
    /// What the next sequence or tuple really is.
    shown: Shown,
    /// What the next bytes or text really are.
    next: Next,
    /// The form of the next map.
    form: Option<Form<'static>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Itself,
    /// Bytes that are a term.
    Raw,
    /// Text that is an atom.
    Atom,
}

impl<'a> Serializer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, options: Options) -> Self {
        Self {
            out,
            options,
            depth: 0,
            shown: Shown::Itself,
            next: Next::Itself,
            form: None,
        }
    }

    fn enter(&mut self) -> Result<(), Error> {
        if self.depth == MAX_DEPTH {
            return Err(too_deep_value());
        }
        self.depth += 1;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn atom(&mut self, name: &str) -> Result<(), Error> {
        write::atom(self.out, name)
    }

    fn series(&mut self, length: usize) -> Result<Series<'_, 'a>, Error> {
        self.enter()?;
        write::tuple(self.out, length)?;
        Ok(Series::tuple(self, None))
    }

    /// Opens a tuple whose first element is a tag.
    fn tagged(&mut self, tag: &str, count: usize) -> Result<(), Error> {
        self.enter()?;
        write::tuple(self.out, count + 1)?;
        self.atom(tag)
    }

    /// A list of what is neither bytes nor a list itself: there is nothing to remember of its elements.
    #[inline]
    fn plain_list<I>(&mut self, iter: I) -> Result<(), Error>
    where
        I: Iterator,
        I::Item: Serialize,
    {
        let mut iter = iter.peekable();
        if iter.peek().is_none() {
            return List::open(self)?.end();
        }
        self.shown = Shown::Itself;
        self.enter()?;
        let at = self.out.len();
        write::open(self.out, LIST_EXT);
        let mut count = 0;
        for item in iter {
            item.serialize(&mut *self)
                .map_err(|error| error.in_index(count))?;
            count += 1;
        }
        self.leave();
        write::fill(self.out, at, count)?;
        self.out.push(NIL_EXT);
        Ok(())
    }

    /// Bytes, one by one, without a term for each.
    fn bytes_of<I>(&mut self, mut iter: I) -> Result<(), Error>
    where
        I: Iterator,
        I::Item: Serialize,
    {
        let Some(first) = iter.next() else {
            // Whether it is of bytes the type says.
            return List::open(self)?.end();
        };
        self.shown = Shown::Itself;
        self.enter()?;
        self.leave();
        let at = self.out.len();
        match self.options.bytes {
            BytesAs::Binary => write::open(self.out, BINARY_EXT),
            BytesAs::BitBinary => {
                write::open(self.out, BIT_BINARY_EXT);
                self.out.push(8);
            }
        }
        let start = self.out.len();
        self.out.reserve(1 + iter.size_hint().0);
        self.out.push(first.serialize(Byte)?);
        iter.try_for_each(|item| item.serialize(Byte).map(|byte| self.out.push(byte)))?;
        let count = self.out.len() - start;
        write::fill(self.out, at, count)
    }
}

/// `ok` and `error` are how the variants of `Result` are called in Erlang.
fn tag(name: &'static str, variant: &'static str) -> &'static str {
    match (name, variant) {
        ("Result", "Ok") => "ok",
        ("Result", "Err") => "error",
        _ => variant,
    }
}

impl<'b, 'a> ser::Serializer for &'b mut Serializer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = List<'b, 'a>;
    type SerializeTuple = Tuple<'b, 'a>;
    type SerializeTupleStruct = Series<'b, 'a>;
    type SerializeTupleVariant = Series<'b, 'a>;
    type SerializeMap = Map<'b, 'a>;
    type SerializeStruct = Series<'b, 'a>;
    type SerializeStructVariant = Series<'b, 'a>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.atom(if value { "true" } else { "false" })
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        write::small(self.out, value);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(i64::from(value))
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        write::i64(self.out, value);
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<(), Error> {
        write::wide(self.out, value < 0, value.unsigned_abs());
        Ok(())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        write::u64(self.out, value);
        Ok(())
    }

    fn serialize_u128(self, value: u128) -> Result<(), Error> {
        write::wide(self.out, false, value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        write::float(self.out, f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        write::float(self.out, value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        write::text(self.out, value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        if self.next == Next::Atom {
            self.next = Next::Itself;
            return self.atom(value);
        }
        write::text(self.out, value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        if self.next == Next::Itself {
            return write::bytes(self.out, value, self.options.bytes);
        }
        self.next = Next::Itself;
        skip_within(value, 0, self.depth)?;
        self.out.extend_from_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.atom("nil")
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        put(self, value)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.atom("nil")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.atom(tag(name, variant))
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        match (name, Form::of(name)) {
            (tunnel::RAW, _) => self.next = Next::Raw,
            (tunnel::ATOM, _) => self.next = Next::Atom,
            (_, Some(Form::Record(tag))) => {
                self.tagged(tag, 1)?;
                put(self, value)?;
                self.leave();
                return Ok(());
            }
            (_, form) => self.form = form,
        }
        let result = self.serialize_some(value);
        self.form = None;
        result
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let tag = tag(name, variant);
        self.tagged(tag, 1)?;
        self.form = (name == tunnel::MAP).then_some(Form::Map);
        put(self, value).map_err(|error| error.in_key(tag))?;
        self.form = None;
        self.leave();
        Ok(())
    }

    #[inline]
    fn collect_seq<I>(self, iter: I) -> Result<(), Error>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        let mut iter = iter.into_iter();
        if by_type::is_u8::<I::Item>() {
            return self.bytes_of(iter);
        }
        if !by_type::may_be_sequence::<I::Item>() {
            return self.plain_list(iter);
        }
        let mut list = List::open(self)?;
        iter.try_for_each(|item| list.serialize_element(&item))?;
        list.end()
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<List<'b, 'a>, Error> {
        List::open(self)
    }

    fn serialize_tuple(self, length: usize) -> Result<Tuple<'b, 'a>, Error> {
        if self.shown != Shown::Itself {
            return List::open(self).map(Tuple::Array);
        }
        self.series(length).map(Tuple::Tuple)
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Series<'b, 'a>, Error> {
        let Some(Form::Record(record)) = Form::of(name) else {
            return self.series(length);
        };
        self.tagged(record, length)?;
        Ok(Series::tuple(self, None))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Series<'b, 'a>, Error> {
        let tag = tag(name, variant);
        self.tagged(tag, length)?;
        Ok(Series::tuple(self, Some(tag)))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Map<'b, 'a>, Error> {
        self.enter()?;
        let at = self.out.len();
        write::open(self.out, MAP_EXT);
        let form = self.form.take();
        let count = compound::head(self, form)?;
        Ok(Map {
            ser: self,
            at,
            count,
            key_at: at,
            has_names: form.is_some(),
        })
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Series<'b, 'a>, Error> {
        self.enter()?;
        Series::structure(self, Form::of(name), None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Series<'b, 'a>, Error> {
        self.tagged(variant, 1)?;
        self.enter()?;
        Series::structure(self, None, Some(variant))
    }
}
