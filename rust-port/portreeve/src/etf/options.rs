//! How values are written.

/// Which form bytes get: `Vec<u8>`, `&[u8]`, [`Bytes`](crate::Bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BytesAs {
    /// BINARY_EXT, as text too: what every reader of the format knows.
    #[default]
    Binary,
    /// BIT_BINARY_EXT with 8 bits in the last byte: stays apart from text without a schema. For
    /// hosts that said `accepts => [bytes]`.
    BitBinary,
}

/// How values are written; `Options::default()` suits every reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Which form bytes get. Default: [`BytesAs::Binary`].
    pub bytes: BytesAs,
}
