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

/** Bytes of memory that a message may cost where the runtime does not say how large its heap may be. */
const MAX_DECODED_BYTES = 1024 * 1024 * 1024;

let decodedBytes: number | undefined;

/** A quarter of what the heap may have: the default of the option of that name. The module is there in Node, Bun and Deno. */
export function maxDecodedBytes(): number {
  decodedBytes ??= quarterOfTheHeap() ?? MAX_DECODED_BYTES;
  return decodedBytes;
}

/** Part of node:v8. Named here, for the codec runs, and its types are read, where there is no such module. */
interface HeapStatistics {
  getHeapStatistics?(): { readonly heap_size_limit: number };
}

interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): HeapStatistics | undefined };
}

function quarterOfTheHeap(): number | undefined {
  const { process } = globalThis as Runtime;
  const limit = process?.getBuiltinModule?.("node:v8")?.getHeapStatistics?.().heap_size_limit;
  return limit === undefined || limit === 0 ? undefined : Math.floor(limit / 4);
}
