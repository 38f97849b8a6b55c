//! How values are written.

/// Which form bytes get: `Vec<u8>`, `&[u8]`, [`Bytes`](crate::Bytes).
///
/// ```
/// use portreeve::{Bytes, etf::{self, BytesAs, Options}};
///
/// let written = |bytes: BytesAs| {
///     let mut out = Vec::new();
///     etf::append(&mut out, &Bytes::from(vec![7]), Options::default().with_bytes(bytes)).map(|()| out)
/// };
/// assert_eq!(written(BytesAs::Binary)?, [109, 0, 0, 0, 1, 7]);
/// assert_eq!(written(BytesAs::BitBinary)?, [77, 0, 0, 0, 1, 8, 7]);
/// # Ok::<(), etf::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BytesAs {
    /// BINARY_EXT, as text too: what every reader of the format knows.
    #[default]
    Binary,
    /// BIT_BINARY_EXT with 8 bits in the last byte: stays apart from text without a schema. For
    /// hosts that said `accepts => [bytes]`.
    BitBinary,
}

/// How values are written; `Options::default()` suits every reader.
///
/// ```
/// use portreeve::etf::{BytesAs, Options};
///
/// assert_eq!(Options::default(), Options::default().with_bytes(BytesAs::Binary));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Options {
    /// Which form bytes get. Default: [`BytesAs::Binary`].
    pub bytes: BytesAs,
}

impl Options {
    /// The same with bytes in that form.
    #[must_use]
    pub fn with_bytes(mut self, bytes: BytesAs) -> Self {
        self.bytes = bytes;
        self
    }
}
