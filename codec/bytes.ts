/** Byte arrays as the runtime knows them, whatever their class says of itself. */

import { unsupported } from "./unsupported.ts";

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
const tagOf = getter(typedArray, Symbol.toStringTag);
const lengthGetter = getter(typedArray, "length");
const EMPTY = new Uint8Array(0);

function getter(of: object, name: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(of, name)?.get ?? (() => undefined);
}

/** Whether a value is a Uint8Array of any realm, a subclass included. */
export function isBytes(value: unknown): value is Uint8Array {
  return tagOf.call(value) === "Uint8Array";
}

/**
 * How many bytes an array has now.
 * @throws EtfError ETF_UNSUPPORTED when it is none (an object made from its prototype, a Proxy), or has lost its memory:
 *   transferred, or in a resizable buffer that became too short
 */
export function byteLength(value: Uint8Array): number {
  if (!isBytes(value)) throw unsupported("something that only looks like a Uint8Array", "");
  const length = lengthGetter.call(value) as number;
  if (length === 0) checkMemory(value);
  return length;
}

/** The same bytes as an array of the plain class of this realm: itself where it is one. @throws as {@link byteLength} does */
export function ownBytes(value: Uint8Array): Uint8Array {
  if (Object.getPrototypeOf(value) === Uint8Array.prototype) return value;
  const own = new Uint8Array(byteLength(value));
  own.set(value);
  return own;
}

/** An array without memory says that it is empty; only its use shows it. */
function checkMemory(value: Uint8Array): void {
  try {
    EMPTY.set(value);
  } catch (cause) {
    throw unsupported(
      "a Uint8Array without memory",
      "its buffer was transferred, or has become too short for it",
      cause,
    );
  }
}
