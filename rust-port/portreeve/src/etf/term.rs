//! [`Term`]: any term, as a tree of the crate `eetf`.
//!
//! The tree is eetf's; it is read and written here, behind the guard. eetf 0.12 on its own
//! aborts on claimed lengths, overflows the stack on deep terms, reads the old floats as `f32`,
//! refuses Latin-1 atoms, and writes `[-1, 2]` as the bytes 255 and 2. The tests hold both
//! against each other.

mod keys;
mod leaf;
mod read;
mod visit;
mod write;

use std::fmt;

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bigint::RawTerm;
use super::error::Error;
use super::tunnel;

/// Any term: for values of no fixed type, and for those that only the BEAM can make use of
/// (pids, references, funs, improper lists), which come back as they were.
///
/// It holds a tree of the crate [`eetf`], which `portreeve` exports by name: [`Term::as_eetf`], `From` and
/// [`Term::into_eetf`] are the ways in and out, and all of this crate that a new version of that one touches. As there, a list of small
/// integers is a `ByteList` when it came as STRING_EXT and a `List` otherwise. Within serde's
/// own buffers (`flatten`, `untagged`, a `tag` inside) atoms become text and tuples lists.
///
/// ```
/// use portreeve::{Term, eetf, etf};
///
/// let list = eetf::List::from(vec![eetf::FixInteger::from(-1).into(), eetf::FixInteger::from(2).into()]);
/// let term = Term::from(eetf::Term::from(list));
/// let bytes = etf::to_vec(&term)?;
/// assert_eq!(etf::from_slice::<Term>(&bytes)?, term);
/// assert_eq!(term.to_string(), "[-1,2]");
/// # Ok::<(), etf::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Term(eetf::Term);

impl Term {
    /// Bytes, which are not text: BIT_BINARY_EXT, which the BEAM reads as the binary that it is.
    ///
    /// ```
    /// use portreeve::{Term, etf};
    ///
    /// assert_eq!(etf::to_vec(&Term::bytes(&[7]))?, [131, 77, 0, 0, 0, 1, 8, 7]);
    /// # Ok::<(), etf::Error>(())
    /// ```
    #[must_use]
    pub fn bytes(bytes: &[u8]) -> Self {
        let bits = if bytes.is_empty() { 0 } else { 8 };
        Self(eetf::BitBinary::from((bytes.to_vec(), bits)).into())
    }

    /// The tree.
    ///
    /// ```
    /// use portreeve::{Term, eetf, etf};
    ///
    /// let term: Term = etf::from_slice(&etf::to_vec(&7)?)?;
    /// assert!(matches!(term.as_eetf(), eetf::Term::FixInteger(seven) if seven.value == 7));
    /// # Ok::<(), etf::Error>(())
    /// ```
    #[must_use]
    pub fn as_eetf(&self) -> &eetf::Term {
        &self.0
    }

    /// The tree, to be changed.
    #[must_use]
    pub fn as_eetf_mut(&mut self) -> &mut eetf::Term {
        &mut self.0
    }

    /// The tree itself.
    #[must_use]
    pub fn into_eetf(self) -> eetf::Term {
        self.0
    }

    /// Reads the one term that `bytes` are, without the version byte.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        read::whole(bytes).map(Self)
    }

    fn append(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        write::Writer::new(out).term(&self.0)
    }
}

impl From<eetf::Term> for Term {
    fn from(term: eetf::Term) -> Self {
        Self(term)
    }
}

impl From<Term> for eetf::Term {
    fn from(term: Term) -> Self {
        term.0
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::new();
        self.append(&mut bytes).map_err(S::Error::custom)?;
        serializer.serialize_newtype_struct(tunnel::RAW, &RawTerm(&bytes))
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(tunnel::RAW, visit::TermVisitor)
    }
}
