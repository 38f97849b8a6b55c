/**
 * Bytes that are no frame, shown so that one sees where they come from: most often a stray print. Used when the opening
 * fails and when a running port breaks the protocol; the program's side of the same report is
 * rust-port/portreeve/src/wire/frame.rs.
 */

/** As many bytes of a bad frame are shown. */
const SHOWN = 16;

/** As many characters of a stray print are shown. */
const TEXT = 200;

/**
 * `at byte 0 of its stdout came 48 65 6c 6c 6f, the text "Hello": something prints to stdout`.
 * @param bytes what came, from the first bad byte on
 * @param offset how many bytes of its stdout came before
 */
export function describeStray(bytes: Uint8Array, offset: number): string {
  const text = strayText(bytes);
  const meaning = text === undefined ? "" : `, the text ${JSON.stringify(text)}: something prints to stdout`;
  return `at byte ${offset} of its stdout came ${hex(bytes)}${meaning}`;
}

/**
 * What is added to a sentence that has said already what is wrong and where.
 * @returns `: 48 65 6c 6c 6f` and, for text, `; it reads as text: "Hello" (did something print to stdout?)`
 */
export function excerpt(bytes: Uint8Array, at: number): string {
  const shown = bytes.subarray(at);
  const text = strayText(shown);
  const hint =
    text === undefined ? "" : `; it reads as text: ${JSON.stringify(text)} (did something print to stdout?)`;
  return `: ${hex(shown)}${hint}`;
}

function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, SHOWN), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return bytes.length > SHOWN ? `${shown} …` : shown;
}

/** The bytes as text (200 characters at most), or `undefined` when they do not look like any. */
export function strayText(bytes: Uint8Array): string | undefined {
  // A character that is cut in two at the end becomes one replacement mark, which is let pass.
  const text = new TextDecoder().decode(bytes.subarray(0, TEXT * 4)).replace(/\uFFFD$/, "");
  return isReadable(text) ? text.slice(0, TEXT) : undefined;
}

/** Letters, marks, digits, punctuation and white space; also the escapes of a coloured print. */
function isReadable(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\s]+$/u.test(text.replaceAll("\u001b", "")) && !text.includes("\uFFFD");
}
