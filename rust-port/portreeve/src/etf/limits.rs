//! The limits of a term in numbers, which `guard` checks: the same on both ends of the pipe.
//!
//! Neighbour: the limits of the codec on the host's side.

/// How many containers may be open at once: tuples, lists, maps, funs.
///
/// Readers recurse once a level, so this is what keeps a hostile term from overflowing a stack.
///
/// ```
/// use portreeve::etf::{self, ErrorKind, MAX_DEPTH};
///
/// // [[[…]]]: as many lists of one element, around an empty one, which counts for nothing.
/// let nested = |depth: usize| [[108, 0, 0, 0, 1].repeat(depth), vec![106; depth + 1]].concat();
/// assert!(etf::skip(&nested(MAX_DEPTH), 0).is_ok());
/// let refused = etf::skip(&nested(MAX_DEPTH + 1), 0);
/// assert_eq!(refused.map_err(|error| error.kind()), Err(ErrorKind::Limit));
/// ```
pub const MAX_DEPTH: usize = 512;

/// Longest atom, in characters ([erl_ext_dist, ATOM_UTF8_EXT]).
///
/// [erl_ext_dist, ATOM_UTF8_EXT]: https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
///
/// ```
/// use portreeve::{Atom, etf::{self, MAX_ATOM_CHARS}};
///
/// let atom = |chars: usize| Atom::from("ü".repeat(chars));
/// assert!(etf::to_vec(&atom(MAX_ATOM_CHARS)).is_ok());
/// assert!(etf::to_vec(&atom(MAX_ATOM_CHARS + 1)).is_err());
/// ```
pub const MAX_ATOM_CHARS: usize = 255;

/// Longest integer, in bytes of its magnitude: 64 KiB.
///
/// ```
/// use portreeve::etf::{self, MAX_INTEGER_BYTES};
///
/// // LARGE_BIG_EXT: length, sign, magnitude.
/// let integer = |bytes: usize| [&[111], &(bytes as u32).to_be_bytes()[..], &[0], &vec![1; bytes]].concat();
/// assert!(etf::skip(&integer(MAX_INTEGER_BYTES), 0).is_ok());
/// assert!(etf::skip(&integer(MAX_INTEGER_BYTES + 1), 0).is_err());
/// ```
pub const MAX_INTEGER_BYTES: usize = 65_536;
