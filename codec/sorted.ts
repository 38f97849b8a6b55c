/** Encoding with `deterministic: true`: the entries of every map in one order, whatever order the value has them in. */

import { UNLIMITED } from "./decode.ts";
import { Encoder } from "./encode.ts";
import { checkPair, duplicateKey, type Entries, entriesOf } from "./entries.ts";
import { ExactDecoder } from "./exact.ts";
import { compareKeys } from "./order.ts";
import type { Properties } from "./records.ts";

/** Writes an entry at a position and gives where its value begins and where it ends. */
type WriteEntry = (index: number, at: number) => readonly [number, number];

/** An encoder that sorts maps. */
export class SortedEncoder extends Encoder {
  private readonly decoder = new ExactDecoder(UNLIMITED);

  protected override record(value: Properties, at: number): number {
    return this.general(value, at);
  }

  protected override properties(value: Properties, keys: readonly string[], at: number): number {
    const entries = keys.map((key) => [key, value[key]] as const);
    const present = entries.filter(([, item]) => item !== undefined);
    return this.sorted(present.length, at, (index, p) => {
      const [key, item] = present[index] as readonly [string, unknown];
      const behindKey = this.name(this.keys.get(key), p);
      const size = behindKey - this.writer.keepFrom;
      const end = this.term(item, behindKey);
      return [size + this.writer.keepFrom, end];
    });
  }

  protected override map(value: Entries, at: number): number {
    const entries = this.entries(value);
    return this.sorted(entries.length, at, (index, p) => {
      const [key, item] = entries[index] as [unknown, unknown];
      const behindKey = this.term(key, p);
      const size = behindKey - this.writer.keepFrom;
      const end = this.term(item, behindKey);
      return [size + this.writer.keepFrom, end];
    });
  }

  private entries(map: Entries): (readonly [unknown, unknown])[] {
    const entries: (readonly [unknown, unknown])[] = [];
    for (const entry of entriesOf(map)) {
      entries.push(checkPair(entry));
      if (2 * entries.length > this.writer.maxBytes) this.writer.tooLarge(2 * entries.length);
    }
    return entries;
  }

  /** Writes the entries as they come, then puts their bytes in order. Places count from `keepFrom`, which may move. */
  private sorted(count: number, at: number, write: WriteEntry): number {
    let p = this.header(116, count, at);
    const start = p - this.writer.keepFrom;
    const entries: Entry[] = [];
    this.enter();
    for (let i = 0; i < count; i++) {
      const from = p - this.writer.keepFrom;
      const [value, end] = write(i, p);
      const { keepFrom } = this.writer;
      entries.push({ key: this.read(keepFrom + from, value), from, to: end - keepFrom });
      p = end;
    }
    this.levels++;
    this.arrange(entries, start);
    return p;
  }

  private read(from: number, to: number): unknown {
    return this.decoder.read(this.writer.buffer, from, to, from);
  }

  private arrange(entries: readonly Entry[], start: number): void {
    const order = [...entries].sort((a, b) => compareKeys(a.key, b.key));
    checkOrder(order);
    const { buffer, keepFrom } = this.writer;
    const end = entries.at(-1)?.to ?? start;
    // A Buffer's own slice is a view, which would be sorted while it is read.
    const unsorted = slice.call(buffer, keepFrom + start, keepFrom + end);
    let at = keepFrom + start;
    for (const { from, to } of order) {
      buffer.set(unsorted.subarray(from - start, to - start), at);
      at += to - from;
    }
  }
}

const { slice } = Uint8Array.prototype;

function checkOrder(order: readonly Entry[]): void {
  for (const [i, { key }] of order.entries()) {
    const next = order[i + 1];
    if (next !== undefined && compareKeys(key, next.key) === 0) throw duplicateKey();
  }
}

interface Entry {
  readonly key: unknown;
  readonly from: number;
  readonly to: number;
}
