/**
 * Reads the outputs of a program without giving them the event loop: who writes faster than it is read would otherwise be
 * read for many chunks in a row while nobody else has a turn. What is not read waits in the pipe, and then its writer does.
 */

import type { Readable } from "node:stream";
import { monotonic, setImmediate } from "../timers.ts";

/** ms of one turn of the event loop for one output. */
const SLICE_MS = 2;
/** After a smaller chunk nothing lies ready: the turn ends by itself. */
const BULK = 16_384;

/** An output that is read in slices. */
export class PacedOutput {
  readonly #output: Readable;
  #isPaused = false;
  #isHurried = false;
  #isHeld = false;
  /** Since when this turn has been reading large chunks; 0 when it has not. */
  #since = 0;

  constructor(output: Readable) {
    this.#output = output;
  }

  /** Hands over the chunks as they come, until a turn has taken too long; the next one goes on. */
  readInSlices(take: (chunk: Uint8Array) => void): void {
    this.#output.on("data", (chunk: Uint8Array) => {
      if (chunk.length >= BULK && this.#since === 0) this.#beginTurn();
      take(chunk);
      if (this.#since > 0 && monotonic() - this.#since > SLICE_MS) this.#pause();
    });
  }

  /** Hands over the chunks until `take` gives false; it is read on when the function that `take` got is called. */
  readOnDemand(take: (chunk: Uint8Array, readOn: () => void) => boolean): void {
    const readOn = () => this.#readOn();
    this.#output.on("data", (chunk: Uint8Array) => {
      if (!take(chunk, readOn)) this.#pause();
    });
  }

  /** Reads nothing more, from the next chunk on, until that is taken back. */
  hold(isHeld: boolean): void {
    if (this.#isHurried) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#pause();
    else this.#readOn();
  }

  /** The program is dead: what is left is little, and is read as fast as it can be. */
  hurry(): void {
    this.#isHurried = true;
    this.#isHeld = false;
    this.#readOn();
  }

  #beginTurn(): void {
    this.#since = monotonic();
    setImmediate(() => {
      this.#since = 0;
      this.#readOn();
    });
  }

  #pause(): void {
    if (this.#isHurried) return;
    this.#isPaused = true;
    this.#output.pause();
  }

  /** `resume` alone goes on by process.nextTick, which fake timers may have replaced; `read` hands over what is there. */
  #readOn(): void {
    if (!this.#isPaused || this.#isHeld) return;
    this.#isPaused = false;
    this.#output.read();
    if (!this.#isPaused) this.#output.resume();
  }
}
