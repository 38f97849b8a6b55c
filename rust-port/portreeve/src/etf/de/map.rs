//! Maps, pair by pair.

use serde::de::{DeserializeSeed, MapAccess, Visitor};

use super::key::Key;
use super::seen::Seen;
use super::structs::Form;
use super::{Deserializer, in_key};
use crate::etf::error::Error;
use crate::etf::tags::MAP_EXT;

impl<'de> Deserializer<'de> {
    pub(super) fn map<V: Visitor<'de>>(
        &mut self,
        visitor: V,
        form: Option<Form<'static>>,
        keys: Keys,
    ) -> Result<V::Value, Error> {
        let start = self.reader.at;
        if self.reader.u8()? != MAP_EXT {
            return Err(self.mismatch("a map", start));
        }
        let count = self.reader.length()?;
        self.open(count.saturating_mul(2), start)?;
        let mut pairs = Pairs {
            de: self,
            left: count,
            key_at: start,
            form,
            seen: (keys == Keys::Data && count > 1).then(|| Seen::of(count)),
        };
        let value = visitor.visit_map(&mut pairs);
        let value = value.and_then(|value| pairs.close().map(|()| value));
        self.blame(value, start)
    }
}

/// What the keys of a map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// The names of fields, of which serde itself refuses doubles.
    Fields,
    /// Data. The last of two equal keys would win in silence.
    Data,
}

/// The pairs of a map.
struct Pairs<'a, 'de> {
    de: &'a mut Deserializer<'de>,
    left: usize,
    key_at: usize,
    form: Option<Form<'static>>,
    /// The keys, where they must differ.
    seen: Option<Seen<'de>>,
}

impl Pairs<'_, '_> {
    fn close(&mut self) -> Result<(), Error> {
        while self.left > 0 {
            self.left -= 1;
            self.de.pass()?;
            self.de.pass()?;
        }
        self.de.close();
        self.seen.take().map_or(Ok(()), Seen::check)
    }

    /// Passes `__struct__` and its like, which belong to the form and not to the fields.
    fn pass_form(&mut self) -> Result<(), Error> {
        let Some(form) = &self.form else {
            return Ok(());
        };
        while self.left > 0 {
            let at = self.de.reader.at;
            let mut ahead = self.de.reader;
            let owned = ahead.whole_atom().is_ok_and(|name| form.owns(&name));
            if !owned {
                return Ok(());
            }
            form.check(&mut ahead, at)?;
            self.de.reader = ahead;
            self.left -= 1;
        }
        Ok(())
    }
}

impl<'de> MapAccess<'de> for &mut Pairs<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.pass_form()?;
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.key_at = self.de.reader.at;
        let (bytes, at) = (self.de.reader.bytes, self.key_at);
        let key = seed.deserialize(Key(&mut *self.de));
        if let Some(seen) = &mut self.seen {
            let by_name = std::mem::take(&mut self.de.by_name);
            seen.push(
                bytes.get(at..self.de.reader.at).unwrap_or_default(),
                by_name,
            );
        }
        key.map(Some).map_err(|error| error.found(bytes, at))
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = seed.deserialize(&mut *self.de);
        value.map_err(|error| in_key(error, self.de.reader.bytes, self.key_at))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}
