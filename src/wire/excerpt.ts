/**
 * How bytes that should have been a frame are shown in an error: the first 16 in hex and, when they look like a stray
 * print, as text. Its neighbour is the same report on the program's stderr, in rust-port/portreeve/src/frame.rs.
 */

/** How many bytes are shown. */
const SHOWN = 16;
/** How much of a stray text is shown. */
const TEXT_SHOWN = 200;

/**
 * @param bytes what was received
 * @param at where the bad part begins
 * @returns `: 48 65 6c 6c 6f …` and, for text, `; it reads as text: "Hello…" — did something print to stdout?`
 */
export function excerpt(bytes: Uint8Array, at: number): string {
  const shown = bytes.subarray(at, at + SHOWN);
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const more = bytes.length - at > SHOWN ? " …" : "";
  const text = printable(bytes.subarray(at, at + TEXT_SHOWN));
  const hint =
    text === undefined ? "" : `; it reads as text: ${JSON.stringify(text)} (did something print to stdout?)`;
  return `: ${hex}${more}${hint}`;
}

/** The leading text, when at least the first four bytes are printable; else undefined. */
export function printable(bytes: Uint8Array): string | undefined {
  let end = 0;
  while (end < bytes.length && isPrintable(bytes[end] ?? 0)) end += 1;
  if (end < Math.min(4, bytes.length) || end === 0) return undefined;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** Printable ASCII, white space, or a byte of a UTF-8 sequence. */
function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte >= 0x80;
}
