/**
 * UTF-8 to strings and back, strict both ways. Short texts go byte by byte in JavaScript; long ones by the runtime:
 * Node's `utf8Slice` and `utf8Write` where they exist (they need no view per call), else TextDecoder and TextEncoder.
 */

/** What Node's Buffer puts on its prototype; undocumented, so looked for once and done without where absent. */
interface NodeText {
  readonly utf8Slice?: (this: Uint8Array, start: number, end: number) => string;
  readonly utf8Write?: (this: Uint8Array, text: string, at: number, length: number) => number;
}
const node: NodeText = (globalThis as { Buffer?: { prototype: NodeText } }).Buffer?.prototype ?? {};
const { utf8Slice, utf8Write } = node;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

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

/** Whether every surrogate has its other half; no other text can be UTF-8. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
