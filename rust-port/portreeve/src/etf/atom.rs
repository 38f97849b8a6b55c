//! [`Atom`]: a name that is a value.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tunnel;

/// An atom such as `ok`, in Elixir `:ok`.
///
/// For the atoms that a function expects, the unit variants of an enum are better: others are
/// then refused by name. It is read from an atom or from text.
///
/// ```
/// use portreeve::{Atom, etf};
///
/// const OK: Atom = Atom::new("ok");
/// let bytes = etf::to_vec(&OK)?;
/// assert_eq!(bytes, [131, 119, 2, b'o', b'k']);
/// assert_eq!(etf::from_slice::<Atom>(&bytes)?, "ok");
/// # Ok::<(), etf::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom(Cow<'static, str>);

impl Atom {
    /// An atom of that name. One of more than 255 characters is refused when it is written.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Atom {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Atom {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Atom {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Atom {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Atom {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl From<&str> for Atom {
    fn from(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }
}

impl From<String> for Atom {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Atom({:?})", &*self.0)
    }
}

impl Serialize for Atom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(tunnel::ATOM, &*self.0)
    }
}

impl<'de> Deserialize<'de> for Atom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(tunnel::ATOM, AtomVisitor)
    }
}

struct AtomVisitor;

impl<'de> Visitor<'de> for AtomVisitor {
    type Value = Atom;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an atom")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Atom, E> {
        Ok(Atom::from(name))
    }

    fn visit_string<E: de::Error>(self, name: String) -> Result<Atom, E> {
        Ok(Atom::from(name))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Atom, E> {
        Ok(Atom::new(if value { "true" } else { "false" }))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Atom, D::Error> {
        inner.deserialize_any(self)
    }
}
