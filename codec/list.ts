/** Lists, whose tail may be anything: `[]`, another list that goes on in it, or a term that makes the list improper. */

import type { Decoder } from "./decode.ts";
import { ImproperList } from "./term.ts";

/** STRING_EXT (107): a list of small integers. */
export function readString(d: Decoder): number[] {
  const { view, at } = d;
  const length = view.getUint16(at + 1);
  const to = d.within(at + 3, length);
  d.spend(length, at);
  const items: number[] = new Array(length);
  for (let i = 0; i < length; i++) items[i] = view.getUint8(at + 3 + i);
  d.at = to;
  return items;
}

/** Reads the tail of the list that has `items` so far, and gives the whole list. */
export function readTail(d: Decoder, items: unknown[]): unknown {
  for (;;) {
    const tag = d.view.getUint8(d.at);
    if (tag === 106) {
      d.at++;
      return items;
    }
    if (tag === 107) {
      for (const item of readString(d)) items.push(item);
      return items;
    }
    if (tag !== 108) return improper(d, items);
    readMore(d, items);
  }
}

function readMore(d: Decoder, items: unknown[]): void {
  const at = d.at;
  const count = d.view.getUint32(at + 1);
  d.spend(count, at);
  d.enter(at);
  d.at = at + 5;
  for (let i = 0; i < count; i++) items.push(d.term());
  d.levels++;
}

/** A list of no elements is its tail, whatever that is. */
function improper(d: Decoder, items: unknown[]): unknown {
  const tail = d.term();
  return items.length === 0 ? tail : new ImproperList(items, tail);
}
