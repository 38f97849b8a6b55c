/**
 * UTF-8 to strings and back, strict both ways. Short texts go byte by byte in JavaScript; long ones by the runtime:
 * Node's `utf8Slice` and `utf8Write` where they exist (they need no view per call), else TextDecoder and TextEncoder.
 */

/** What Node's Buffer puts on its prototype; undocumented, so looked for once and done without where absent. */
interface NodeText {
  readonly utf8Slice?: (this: Uint8Array, start: number, end: number) => string;
  readonly utf8Write?: (this: Uint8Array, text: string, at: number, length: number) => number;
}
interface NodeBuffer {
  readonly byteLength: (text: string) => number;
  readonly prototype: NodeText;
}
const node = (globalThis as { Buffer?: NodeBuffer }).Buffer;
const { utf8Slice } = node?.prototype ?? {};
const version = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node ?? "";
// Node 22.7 wrote Latin-1 instead of UTF-8 once the function was hot (nodejs/node#54521).
const utf8Write = version.startsWith("22.7.") ? undefined : node?.prototype.utf8Write;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Texts of at most this many characters are written by a loop: what a call of `utf8Write` costs, which V8 calls directly since
 * Node 22 (measured by bench/codec: the loop wins up to 36 characters on Node 20, up to 14 on Node 22 and 24).
 */
export const MAX_LOOP = utf8Write === undefined || Number.parseInt(version, 10) < 22 ? 36 : 14;

/** Texts of more characters are measured before room is made for them; of fewer three bytes a character are assumed. */
const MEASURED = 4096;

/** The text in `[start, end)`, or `undefined` where the bytes are not UTF-8. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (utf8Slice !== undefined) {
    const text = utf8Slice.call(bytes, start, end);
    // Broken bytes become U+FFFD: where there is none in the text, the bytes were right.
    if (!text.includes("\uFFFD")) return text;
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

/** Writes `text`, for which there must be room, and gives the bytes written, or -1 where it has a lone surrogate. */
export function writeUtf8(buffer: Uint8Array, text: string, at: number): number {
  const room = buffer.length - at;
  const written =
    utf8Write === undefined
      ? encoder.encodeInto(text, buffer.subarray(at)).written
      : utf8Write.call(buffer, text, at, room);
  // As many bytes as characters: all ASCII. Otherwise a surrogate alone may have become U+FFFD.
  return written === text.length || isWellFormed(text) ? written : -1;
}

/** No fewer bytes than `text` takes in UTF-8. */
export function maxBytes(text: string): number {
  return text.length <= MEASURED ? 3 * text.length : utf8Length(text);
}

function utf8Length(text: string): number {
  if (node !== undefined) return node.byteLength(text);
  return encoder.encode(text).length;
}

/** Whether every surrogate has its other half; no other text can be UTF-8. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
