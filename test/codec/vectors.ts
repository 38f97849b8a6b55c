/** The vectors of test/vectors, read once. */

import { readFileSync } from "node:fs";
import type { Neutral } from "./neutral.ts";

/** A term that must decode. */
export interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly canonical: boolean;
  readonly tags: readonly string[];
  readonly erlang?: string;
  readonly term?: Neutral;
  readonly det?: string;
  readonly opts: string;
}

/** Bytes that must be refused, or survived. */
export interface Hostile {
  readonly name: string;
  readonly hex?: string;
  readonly rle?: readonly (readonly [string, number])[];
  readonly expect: "accept" | "accept-prefix" | "reject" | "either";
  readonly resource?: boolean;
  readonly erlang?: string;
  readonly class: string;
}

function lines<T>(file: string): T[] {
  const url = new URL(`../vectors/${file}`, import.meta.url);
  return readFileSync(url, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

export const vectors: readonly Vector[] = lines("etf.jsonl");
export const hostile: readonly Hostile[] = lines("hostile.jsonl");

/** The bytes of a vector. */
export function bytesOf(vector: { readonly hex?: string; readonly rle?: Hostile["rle"] }): Uint8Array {
  const pieces = vector.rle ?? [[vector.hex ?? "", 1] as const];
  return Buffer.concat(pieces.map(([digits, count]) => repeated(Buffer.from(digits, "hex"), count)));
}

function repeated(piece: Buffer, count: number): Buffer {
  return Buffer.alloc(piece.length * count, piece);
}
