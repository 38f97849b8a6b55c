/** Encoding with `deterministic: true`: the entries of every map in one order, whatever order the value has them in. */

import { Encoder } from "./encode.ts";
import { ExactDecoder } from "./exact.ts";
import { compareKeys } from "./order.ts";
import type { Properties } from "./records.ts";

/** Writes an entry at a position and gives where its value begins and where it ends. */
type WriteEntry = (index: number, at: number) => readonly [number, number];

/** An encoder that sorts maps. Byte arrays are always copied: what was left out of the buffer could not be moved. */
export class SortedEncoder extends Encoder {
  private readonly decoder = new ExactDecoder(Number.POSITIVE_INFINITY);

  protected override record(value: Properties, at: number): number {
    return this.general(value, at);
  }

  protected override external(bytes: Uint8Array, at: number): number {
    return this.raw(bytes, at);
  }

  protected override properties(value: Properties, at: number): number {
    const entries = Object.keys(value).map((key) => [key, value[key]] as const);
    const present = entries.filter(([, item]) => item !== undefined);
    return this.sorted(present.length, at, (index, p) => {
      const [key, item] = present[index] as readonly [string, unknown];
      const behindKey = this.name(this.keys.get(key), p);
      const size = behindKey - this.writer.keepFrom;
      const end = this.term(item, behindKey);
      return [size + this.writer.keepFrom, end];
    });
  }

  protected override map(value: ReadonlyMap<unknown, unknown>, at: number): number {
    const entries = [...value];
    return this.sorted(entries.length, at, (index, p) => {
      const [key, item] = entries[index] as [unknown, unknown];
      const behindKey = this.term(key, p);
      const size = behindKey - this.writer.keepFrom;
      const end = this.term(item, behindKey);
      return [size + this.writer.keepFrom, end];
    });
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
    const { buffer, keepFrom } = this.writer;
    const end = entries.at(-1)?.to ?? start;
    const unsorted = buffer.slice(keepFrom + start, keepFrom + end);
    let at = keepFrom + start;
    for (const { from, to } of order) {
      buffer.set(unsorted.subarray(from - start, to - start), at);
      at += to - from;
    }
  }
}

interface Entry {
  readonly key: unknown;
  readonly from: number;
  readonly to: number;
}
