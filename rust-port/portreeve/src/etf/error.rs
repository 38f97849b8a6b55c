//! What can be wrong with a term or a value: one error type, one phrasing.
//!
//! An error says what was expected, what was there, where in the value, and at which byte.
//! Neighbour: `EtfError` of the codec on the host's side, whose codes these are.

use std::fmt;

use super::path::{Path, Step};
use super::show::{SHOWN, shorten, show};

/// The kinds of [`Error`].
///
/// ```
/// use portreeve::etf::{self, ErrorKind};
///
/// let kind = etf::from_slice::<u8>(&[131, 97]).map_err(|error| error.kind());
/// assert_eq!(kind, Err(ErrorKind::Truncated));
/// assert_eq!(ErrorKind::Truncated.code(), "ETF_TRUNCATED");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A term of another type than the one that was wanted.
    Type,
    /// A number that the wanted type cannot hold.
    Range,
    /// A tuple, list or binary of another length than the one that was wanted.
    Length,
    /// A key without which the value cannot be made.
    MissingKey,
    /// A key that the type does not know, where it allows none.
    UnknownKey,
    /// A key that is there twice.
    DuplicateKey,
    /// The name of a variant that the enum does not have.
    UnknownVariant,
    /// Text that is not UTF-8.
    Utf8,
    /// A value that ETF cannot hold: a float that is NaN or infinite, a fun of the old form.
    Unsupported,
    /// A value or term over one of the limits: depth, atom, integer, inflated size.
    Limit,
    /// Bytes that end inside a term.
    Truncated,
    /// Bytes after the term.
    Trailing,
    /// The first byte is not 131.
    Version,
    /// A tag that is unknown, or legal between nodes of one cluster only.
    Tag,
    /// A known tag whose contents break the rules of the format.
    Invalid,
    /// A compressed term with damaged data, or of another size than it says.
    Compressed,
    /// Refused by the type itself: the message is that of its serde implementation.
    Custom,
}

impl ErrorKind {
    /// Whether the bytes are at fault and not the value, so that the message says where.
    fn is_of_bytes(self) -> bool {
        use ErrorKind::{Compressed, Invalid, Tag, Trailing, Truncated, Utf8, Version};
        matches!(
            self,
            Truncated | Trailing | Version | Tag | Invalid | Compressed | Utf8
        )
    }

    /// A stable word for the kind, such as `ETF_RANGE`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Type => "ETF_TYPE",
            Self::Range => "ETF_RANGE",
            Self::Length => "ETF_LENGTH",
            Self::MissingKey => "ETF_MISSING_KEY",
            Self::UnknownKey => "ETF_UNKNOWN_KEY",
            Self::DuplicateKey => "ETF_DUPLICATE_KEY",
            Self::UnknownVariant => "ETF_UNKNOWN_VARIANT",
            Self::Utf8 => "ETF_UTF8",
            Self::Unsupported => "ETF_UNSUPPORTED",
            Self::Limit => "ETF_LIMIT",
            Self::Truncated => "ETF_TRUNCATED",
            Self::Trailing => "ETF_TRAILING",
            Self::Version => "ETF_VERSION",
            Self::Tag => "ETF_TAG",
            Self::Invalid => "ETF_INVALID",
            Self::Compressed => "ETF_COMPRESSED",
            Self::Custom => "ETF_CUSTOM",
        }
    }
}

/// Why a term could not be read or a value not be written.
///
/// `Display` is `path: message`, or the message alone where the value as a whole is meant:
///
/// ```
/// use portreeve::etf;
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize)]
/// struct Claims { exp: u8 }
///
/// let bytes = etf::to_vec(&std::collections::BTreeMap::from([("exp", 256)]))?;
/// let error = etf::from_slice::<Claims>(&bytes).unwrap_err();
/// assert_eq!(error.to_string(), "exp: expected u8 (0 to 255), got 256");
/// assert_eq!(error.kind(), etf::ErrorKind::Range);
/// assert_eq!(error.path(), "exp");
/// # Ok::<(), etf::Error>(())
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    offset: Option<usize>,
    path: Path,
    expected: Option<String>,
    got: Option<String>,
    detail: Option<String>,
    /// What is said behind the term that was there.
    hint: Option<&'static str>,
}

impl Error {
    #[cold]
    fn make(kind: ErrorKind, detail: Option<String>) -> Self {
        let (offset, path, expected, got) = (None, Path::default(), None, None);
        Self(Box::new(Inner {
            kind,
            offset,
            path,
            expected,
            got,
            detail,
            hint: None,
        }))
    }

    /// Says more about the term that will be found.
    #[cold]
    pub(crate) fn hinting(mut self, hint: Option<&'static str>) -> Self {
        self.0.hint = hint;
        self
    }

    /// An error of the form `expected …, got …`; what was got may be filled in later.
    #[cold]
    pub(crate) fn mismatch(kind: ErrorKind, expected: impl fmt::Display) -> Self {
        let mut error = Self::make(kind, None);
        error.0.expected = Some(expected.to_string());
        error
    }

    /// An error of the bytes themselves, at `offset`.
    #[cold]
    pub(crate) fn bytes(kind: ErrorKind, offset: usize, detail: impl fmt::Display) -> Self {
        let mut error = Self::make(kind, Some(detail.to_string()));
        error.0.offset = Some(offset);
        error
    }

    /// An error of a value, with a message of its own.
    #[cold]
    pub(crate) fn value(kind: ErrorKind, detail: impl fmt::Display) -> Self {
        Self::make(kind, Some(detail.to_string()))
    }

    #[cold]
    pub(crate) fn with_got(mut self, got: impl fmt::Display) -> Self {
        self.0.got = Some(shorten(&got.to_string(), SHOWN));
        self
    }

    /// Where the term begins.
    #[cold]
    pub(crate) fn starting(mut self, offset: usize) -> Self {
        self.0.offset = Some(offset);
        self
    }

    /// Fills in place and term, when an error comes back to the term that it is about.
    #[cold]
    pub(crate) fn found(mut self, bytes: &[u8], offset: usize) -> Self {
        if self.0.offset.is_none() {
            self.0.offset = Some(offset);
            let names_both = self.0.expected.is_some() && self.0.path.is_empty();
            if names_both && self.0.kind != ErrorKind::MissingKey {
                let hint = self.0.hint.unwrap_or_default();
                self.0.got = Some(show(bytes, offset) + hint);
            }
        }
        self
    }

    #[cold]
    pub(crate) fn in_key(mut self, key: &str) -> Self {
        self.0.path.push_outer(Step::Key(shorten(key, SHOWN)));
        self
    }

    #[cold]
    pub(crate) fn in_index(mut self, index: impl fmt::Display) -> Self {
        self.0.path.push_outer(Step::Index(index.to_string()));
        self
    }

    /// Moves the offset, when the term was a part of a longer run of bytes.
    #[must_use]
    pub fn offset_by(mut self, base: usize) -> Self {
        self.0.offset = self.0.offset.map(|offset| offset + base);
        self
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The stable word of its kind, such as `ETF_RANGE`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// The byte at which the term in question begins; none when a value was being written.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// Where inside the value: `claims.exp`, `[3].name`; empty for the value as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.path.to_string()
    }

    /// What was expected, where that can be said: `u8 (0 to 255)`, `a string`.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        self.0.expected.as_deref()
    }

    /// What was there instead, as Erlang would print it, shortened to about 60 characters.
    #[must_use]
    pub fn got(&self) -> Option<&str> {
        self.0.got.as_deref()
    }

    /// The sentence without the path.
    #[must_use]
    pub fn message(&self) -> String {
        let Inner {
            kind,
            offset,
            expected,
            got,
            detail,
            ..
        } = &*self.0;
        if let Some(detail) = detail {
            return match offset {
                Some(at) if kind.is_of_bytes() => format!("{detail} at byte {at}"),
                _ => detail.clone(),
            };
        }
        let expected = expected.as_deref().unwrap_or("another value");
        match got {
            Some(got) => format!("expected {expected}, got {got}"),
            None => format!("expected {expected}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.0.path)?;
        }
        f.write_str(&self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.code())
            .field("path", &self.path())
            .field("offset", &self.offset())
            .field("message", &self.message())
            .finish()
    }
}

impl std::error::Error for Error {}
