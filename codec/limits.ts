/** The limits of both ends (the Rust guard has the same), and the numbers that the format itself fixes. */

/** How deep containers may lie in each other: a flat list is 1. */
export const MAX_DEPTH = 512;
/** Characters (code points) of an atom's name: the BEAM's own limit. */
export const MAX_ATOM_CHARACTERS = 255;
/** Bytes of an integer's magnitude. */
export const MAX_INTEGER_BYTES = 65_536;
/** Bytes that a compressed term may have once inflated, unless the option says otherwise. */
export const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
/** Bytes of a frame that is read from a stream, unless the option says otherwise. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** The version byte that every term begins with. */
export const VERSION = 131;
