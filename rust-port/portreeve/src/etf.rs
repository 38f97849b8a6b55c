//! Terms <-> bytes: the [external term format], straight to and from Rust values.
//!
//! [`from_slice`] and [`to_vec`] go through serde without a tree in between. [`Term`] is the
//! tree for values of no fixed type. [`skip`] is the guard. Limits and shapes are those of the
//! codec on the host's side: what one end writes the other reads as the same value.
//!
//! | Rust | term |
//! | --- | --- |
//! | integers, [`BigInt`] | integer, range-checked |
//! | `f32`, `f64` | float; an integer is accepted if `f64` holds it exactly |
//! | `bool` | `true`, `false` |
//! | `None`, `()` | `nil`; `undefined` and `null` are read too |
//! | `String`, `&str`, `char` | binary in UTF-8; bytes of a host that tells them from text are refused |
//! | [`Bytes`], `&[u8]`, `Vec<u8>` | binary; a list of bytes is accepted |
//! | [`Atom`], unit variants | atom; a binary is accepted |
//! | variants with data | `{tag, …}` |
//! | `Result` | `{ok, T}`, `{error, E}` |
//! | `Vec<T>`, arrays, sets | list; a tuple is accepted |
//! | tuples, tuple structs | tuple; a list of that length is accepted |
//! | structs | map with atom keys; keys that are binaries are accepted |
//! | maps | map; keys that are text are accepted for numbers, in their one form without `+` or zeros in front |
//!
//! Serde reads `flatten`, `untagged` and an inner `tag` out of a buffer that has no room for integers of 128 bits: one
//! in such a shape is an error that says so.
//!
//! [external term format]: https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
//!
//! ```
//! use portreeve::etf;
//!
//! let bytes = etf::to_vec(&("add", [1, 300]))?;
//! let (word, numbers): (&str, Vec<i64>) = etf::from_slice(&bytes)?;
//! assert_eq!((word, numbers), ("add", vec![1, 300]));
//! # Ok::<(), etf::Error>(())
//! ```

mod atom;
#[cfg(feature = "num-bigint")]
mod bigint;
mod buffered;
mod bytes;
mod de;
mod derived;
mod elements;
mod encode;
mod error;
mod extent;
mod float;
mod guard;
mod inflate;
mod limits;
#[cfg_attr(
    not(feature = "eetf"),
    expect(dead_code, reason = "all of it is checked, and only a tree keeps it")
)]
mod opaque;
mod options;
mod path;
mod read;
mod ser;
mod serde_error;
mod show;
mod tags;
#[cfg(feature = "eetf")]
mod term;
pub(crate) mod tunnel;
#[doc(hidden)]
pub mod via;
mod write;

pub use atom::Atom;
#[cfg(feature = "num-bigint")]
pub use bigint::BigInt;
pub use bytes::Bytes;
pub use elements::Elements;
#[doc(hidden)]
pub use encode::{Encode, Encoded};
pub use error::{Error, ErrorKind};
pub(crate) use extent::extent;
pub use guard::skip;
pub use inflate::payload;
pub use limits::{MAX_ATOM_CHARS, MAX_DEPTH, MAX_INTEGER_BYTES};
pub use options::{BytesAs, Options};
#[cfg(feature = "tracing")]
pub(crate) use show::show;
#[cfg(feature = "eetf")]
pub use term::Term;

use serde::{Deserialize, Serialize};

use de::Deserializer;
use read::Reader;
use tags::{COMPRESSED, VERSION};

/// Reads a value from the version byte 131, one term, and nothing after it.
///
/// Text and bytes are borrowed from `bytes` where the type allows it. A compressed term cannot
/// be borrowed from: give it to [`payload`] first.
///
/// # Errors
/// When the bytes are no such term, or the term is not a `T`; the error says what and where.
///
/// ```
/// use portreeve::etf;
///
/// assert_eq!(etf::from_slice::<u8>(&[131, 97, 7])?, 7);
/// # Ok::<(), etf::Error>(())
/// ```
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Error> {
    let mut reader = Reader::new(bytes, 0);
    reader.version()?;
    if reader.peek()? == COMPRESSED {
        return Err(Error::bytes(
            ErrorKind::Compressed,
            1,
            "a compressed term, which `payload` must inflate first",
        ));
    }
    Deserializer::new(reader, None).only()
}

/// Reads a value from one term without the version byte, and nothing after it.
///
/// # Errors
/// As for [`from_slice`].
///
/// ```
/// use portreeve::etf;
///
/// assert_eq!(etf::from_term::<(u8, bool)>(b"\x68\x02\x61\x07\x77\x04true")?, (7, true));
/// # Ok::<(), etf::Error>(())
/// ```
pub fn from_term<'de, T: Deserialize<'de>>(term: &'de [u8]) -> Result<T, Error> {
    Deserializer::new(Reader::new(term, 0), None).only()
}

/// Reads a value from a term that lies in `frame`: [`Bytes`] of 4 KiB and more in it keep the frame
/// instead of a copy.
///
/// # Errors
/// As for [`from_slice`].
///
/// ```
/// use portreeve::{Bytes, etf};
///
/// let frame = Bytes::from(etf::to_vec(&Bytes::from(vec![7; 4096]))?);
/// let found: Bytes = etf::from_frame(&frame[1..], &frame)?;
/// assert_eq!(found.as_ptr(), frame[6..].as_ptr());
/// # Ok::<(), etf::Error>(())
/// ```
pub fn from_frame<'de, T: Deserialize<'de>>(
    term: &'de [u8],
    frame: &'de Bytes,
) -> Result<T, Error> {
    Deserializer::new(Reader::new(term, 0), Some(frame.shared())).only()
}

/// Writes a value as the version byte 131 and one term.
///
/// # Errors
/// When the value holds what a term cannot: a float that is not finite, an atom of more than 255
/// characters, an integer over 64 KiB, nesting past 512 levels; the error says where.
///
/// ```
/// use portreeve::etf;
///
/// assert_eq!(etf::to_vec("hi")?, [131, 109, 0, 0, 0, 2, b'h', b'i']);
/// let error = etf::to_vec(&[1.0, f64::NAN]).map_err(|error| error.to_string());
/// assert_eq!(error, Err("[1]: expected a finite number, got NaN".to_owned()));
/// # Ok::<(), etf::Error>(())
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut out = vec![VERSION];
    append(&mut out, value, Options::default())?;
    Ok(out)
}

/// Writes a value behind what is in `out`, without the version byte. After an error `out` is as
/// it was before.
///
/// # Errors
/// As for [`to_vec`].
///
/// ```
/// use portreeve::etf::{self, BytesAs, Options};
///
/// let mut out = Vec::new();
/// etf::append(&mut out, &vec![7_u8], Options::default().with_bytes(BytesAs::BitBinary))?;
/// assert_eq!(out, [77, 0, 0, 0, 1, 8, 7]);
/// assert!(etf::append(&mut out, &f64::NAN, Options::default()).is_err());
/// assert_eq!(out.len(), 7);
/// # Ok::<(), etf::Error>(())
/// ```
pub fn append<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    value: &T,
    options: Options,
) -> Result<(), Error> {
    let before = out.len();
    let result = ser::put(&mut ser::Serializer::new(out, options), value);
    if result.is_err() {
        out.truncate(before);
    }
    result
}
