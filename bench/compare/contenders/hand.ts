/**
 * The least that a call can be in Node and Rust: its frame written from the caller's values and its answer read by hand,
 * without a codec; an Id, a promise, one write a tick; and a program (bench/native/by_hand) that reads the call and
 * computes. It does what any call does, for two functions and integers alone; time limits, statistics, restarts of a
 * call and every other type are what it is without.
 */

import { Spawned } from "./spawned.ts";

const MOST_IN_FLIGHT = 65_536;
const OUTPUT = 1 << 22;
/** `131, {call, Id, …}` up to the Id, behind a length of four bytes. */
const CALL = Buffer.from("0000000083680477" + "0463616c6c" + "62", "hex");
/** The function's name, and the heads of the two lists of `[[Number, …]]` up to the length of the inner one. */
const SUM = Buffer.from("770373756d" + "6c00000001" + "6c", "hex");
const EMPTY = Buffer.from("7705656d7074796a", "hex");
/** In an answer, `{reply, Id, Value}` behind its length: where the Id and the value begin. */
const ID_AT = 15;
const VALUE_AT = 19;
const NIL = 106;
const SMALL_INTEGER = 97;
const INTEGER = 98;

interface Waiting {
  readonly resolve: (answer: number | undefined) => void;
  readonly reject: (error: Error) => void;
}

export class HandMade {
  readonly program: Spawned;
  readonly #waiting: (Waiting | undefined)[] = [];
  readonly #free = Array.from({ length: MOST_IN_FLIGHT }, (_, i) => MOST_IN_FLIGHT - 1 - i);
  readonly #output = Buffer.alloc(OUTPUT);
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);

  /** @param program bench/native/by_hand, built */
  constructor(program: string) {
    this.program = new Spawned(
      program,
      () => [],
      ({ stdout }) => stdout.on("data", this.#read),
      (why) => this.#fail(why),
    );
  }

  empty(): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const start = this.#begin({ resolve, reject });
      this.#copy(EMPTY);
      this.#finish(start);
    });
  }

  sum(values: readonly number[]): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const start = this.#begin({ resolve, reject });
      this.#copy(SUM);
      this.#position = this.#output.writeInt32BE(values.length, this.#position);
      for (const value of values) this.#writeInteger(value);
      this.#output[this.#position] = NIL;
      this.#output[this.#position + 1] = NIL;
      this.#position += 2;
      this.#finish(start);
    });
  }

  /** Takes an Id and writes the head of its call. Gives where its frame begins. */
  #begin(waiting: Waiting): number {
    const start = this.#position;
    if (start === 0) process.nextTick(this.#flush);
    const id = this.#free.pop() ?? 0;
    this.#waiting[id] = waiting;
    this.#copy(CALL);
    this.#position = this.#output.writeInt32BE(id, this.#position);
    return start;
  }

  #finish(start: number): void {
    this.#output.writeInt32BE(this.#position - start - 4, start);
  }

  #copy(bytes: Buffer): void {
    this.#output.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  #writeInteger(value: number): void {
    const output = this.#output;
    if (value >= 0 && value < 256) {
      output[this.#position] = SMALL_INTEGER;
      output[this.#position + 1] = value;
      this.#position += 2;
    } else {
      output[this.#position] = INTEGER;
      this.#position = output.writeInt32BE(value, this.#position + 1);
    }
  }

  readonly #flush = () => {
    this.program.stdin.write(Buffer.from(this.#output.subarray(0, this.#position)));
    this.#position = 0;
  };

  readonly #read = (chunk: Buffer) => {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 4) {
      const end = at + 4 + bytes.readInt32BE(at);
      if (end > bytes.length) break;
      this.#answer(bytes, at);
      at = end;
    }
    this.#rest = bytes.subarray(at);
  };

  #answer(bytes: Buffer, at: number): void {
    const id = bytes.readInt32BE(at + ID_AT);
    const waiting = this.#waiting[id];
    this.#waiting[id] = undefined;
    this.#free.push(id);
    waiting?.resolve(integerAt(bytes, at + VALUE_AT));
  }

  /** The program is gone: nobody waits for ever. */
  #fail(why: string): void {
    this.#rest = Buffer.alloc(0);
    for (const [id, waiting] of this.#waiting.entries()) {
      if (waiting === undefined) continue;
      this.#waiting[id] = undefined;
      this.#free.push(id);
      waiting.reject(new Error(why));
    }
  }
}

/** An integer, or the atom `undefined`. */
function integerAt(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] === SMALL_INTEGER) return bytes[at + 1];
  return bytes[at] === INTEGER ? bytes.readInt32BE(at + 1) : undefined;
}
