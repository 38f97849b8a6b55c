/** The tags of erl_ext_dist that messages are made of. */

export const VERSION = 131;
export const COMPRESSED = 80;
export const SMALL_TUPLE = 104;
export const INTEGER = 98;
export const BINARY = 109;
export const MAP = 116;
