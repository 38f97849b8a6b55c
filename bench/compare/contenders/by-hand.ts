/**
 * The least that a call can be in Node: its frame built and its answer read by hand, without a codec; an Id, a promise, one
 * write a tick. The other end is the raw echo, so the three numbers are added up here.
 */

import { programPath } from "../programs.ts";
import type { Running } from "./contender.ts";
import { CALL_EMPTY, CALL_SUM, ID_AT, ONLY_ECHO, sumOf } from "./raw-calls.ts";
import { Spawned } from "./spawned.ts";

const MOST_IN_FLIGHT = 65_536;
const OUTPUT = 1 << 22;

export async function startByHand(): Promise<Running> {
  const hand = new ByHand();
  const jobs = { empty: () => hand.call(CALL_EMPTY), sum: () => hand.call(CALL_SUM) };
  await hand.call(CALL_EMPTY);
  return {
    job: (id) => (id === "empty" || id === "sum" ? jobs[id] : ONLY_ECHO),
    accident: () => ONLY_ECHO,
    pids: () => hand.program.pids,
    stop: () => hand.program.stop(),
  };
}

class ByHand {
  readonly program: Spawned;
  readonly #waiting: (((answer: number | undefined) => void) | undefined)[] = [];
  readonly #free = Array.from({ length: MOST_IN_FLIGHT }, (_, i) => MOST_IN_FLIGHT - 1 - i);
  readonly #output = Buffer.alloc(OUTPUT);
  readonly #view = new DataView(this.#output.buffer, this.#output.byteOffset);
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor() {
    this.program = new Spawned(
      programPath("echo"),
      () => [],
      ({ stdout }) => stdout.on("data", this.#read),
      () => {},
    );
  }

  call(frame: Buffer): Promise<number | undefined> {
    return new Promise((resolve) => {
      const id = this.#free.pop() ?? 0;
      this.#waiting[id] = resolve;
      if (this.#position === 0) process.nextTick(this.#flush);
      this.#output.set(frame, this.#position);
      this.#view.setInt32(this.#position + ID_AT, id);
      this.#position += frame.length;
    });
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
      const id = bytes.readInt32BE(at + ID_AT);
      this.#free.push(id);
      this.#waiting[id]?.(end - at === CALL_SUM.length ? sumOf(bytes, at) : undefined);
      at = end;
    }
    this.#rest = bytes.subarray(at);
  };
}
