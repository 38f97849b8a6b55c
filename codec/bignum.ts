/**
 * Integers beyond 32 bits: SMALL_BIG_EXT (110) and LARGE_BIG_EXT (111), little-endian magnitudes with a sign byte.
 * Up to 7 bytes stay in doubles, 8 are one 64-bit load, more go by hexadecimal text, which is linear where shifting is square.
 */

import { EtfError } from "./error.ts";
import { MAX_INTEGER_BYTES } from "./limits.ts";

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The integer whose `length` magnitude bytes begin at `at`: a `number` where that is exact, else a `bigint`. */
export function readBig(view: DataView, at: number, length: number, negative: boolean): number | bigint {
  if (length <= 6) return readSmall(view, at, length, negative);
  const magnitude = length === 8 ? view.getBigUint64(at, true) : readHex(view, at, length);
  if (magnitude <= Number.MAX_SAFE_INTEGER) return negative ? -Number(magnitude) + 0 : Number(magnitude);
  return negative ? -magnitude : magnitude;
}

function readSmall(view: DataView, at: number, length: number, negative: boolean): number {
  let magnitude = 0;
  for (let i = length - 1; i >= 0; i--) magnitude = magnitude * 256 + view.getUint8(at + i);
  return negative && magnitude !== 0 ? -magnitude : magnitude;
}

function readHex(view: DataView, at: number, length: number): bigint {
  let text = "0x0";
  for (let i = length - 1; i >= 0; i--) text += HEX[view.getUint8(at + i)];
  return BigInt(text);
}

/** The magnitude of `value` as hexadecimal digits, an even number of them. */
export function magnitudeHex(value: bigint): string {
  const text = (value < 0n ? -value : value).toString(16);
  return text.length % 2 === 0 ? text : `0${text}`;
}

/** Writes the bytes that `hex` spells, last first. */
export function writeHex(view: DataView, at: number, hex: string): void {
  const length = hex.length / 2;
  for (let i = 0; i < length; i++) {
    const end = hex.length - 2 * i;
    view.setUint8(at + i, Number.parseInt(hex.slice(end - 2, end), 16));
  }
}

/** Refuses a magnitude that is over the limit. */
export function checkIntegerBytes(length: number, offset?: number): void {
  if (length <= MAX_INTEGER_BYTES) return;
  throw new EtfError("ETF_LIMIT", `an integer of ${length} bytes; the limit is ${MAX_INTEGER_BYTES}`, {
    offset,
  });
}
