//! The bounds on what a term may be, the same on both ends of the pipe.
//!
//! Neighbour: the limits of the codec on the host's side.

/// How many containers may be open at once: tuples, lists, maps, funs.
///
/// Readers recurse once a level, so this is what keeps a hostile term from overflowing a stack.
pub const MAX_DEPTH: usize = 512;

/// Longest atom, in characters ([erl_ext_dist, ATOM_UTF8_EXT]).
///
/// [erl_ext_dist, ATOM_UTF8_EXT]: https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
pub const MAX_ATOM_CHARS: usize = 255;

/// Longest integer, in bytes of its magnitude: 64 KiB.
pub const MAX_INTEGER_BYTES: usize = 65_536;
