/**
 * The raw echo of {packet,4} frames (rust-port/examples/echo): what pipe and Node cost at least. Frames are ready made,
 * come back in their order, and nobody looks into them but to add up the three numbers, as the program does elsewhere.
 */

import { programPath } from "../programs.ts";
import type { Job, JobId, Running } from "./contender.ts";
import { CALL_EMPTY, CALL_SUM, ONLY_ECHO, sumOf } from "./raw-calls.ts";
import { Spawned } from "./spawned.ts";

/** What a tick writes is put together in one piece below this; more is not worth a copy. */
const SMALL = 1 << 16;

/** A frame that is on its way. */
interface Waiting {
  readonly length: number;
  /** It came in one chunk, and begins there. */
  readonly whole: (chunk: Buffer, at: number) => void;
  /** It came in pieces. */
  readonly pieces: (chunks: Buffer[]) => void;
  readonly reject: (error: Error) => void;
}

export async function startEcho(): Promise<Running> {
  const echo = new Echo();
  const jobs: Partial<Record<JobId, Job>> = {
    empty: () => echo.send(CALL_EMPTY, nothing),
    sum: () => echo.send(CALL_SUM, sumOf),
    bytes: (data) => echo.sendBytes(data as Uint8Array),
  };
  await echo.send(CALL_EMPTY, nothing);
  return {
    job: (id) => jobs[id] ?? ONLY_ECHO,
    accident: () => ONLY_ECHO,
    pids: () => echo.program.pids,
    stop: () => echo.program.stop(),
  };
}

function nothing(): void {}

class Echo {
  readonly program: Spawned;
  readonly #waiting: Waiting[] = [];
  #unsent: Buffer[] = [];
  #unsentBytes = 0;
  #chunks: Buffer[] = [];
  #held = 0;

  constructor() {
    this.program = new Spawned(
      programPath("echo"),
      () => [],
      ({ stdout }) => stdout.on("data", this.#read),
      (why) => this.#fail(why),
    );
  }

  /** A small frame, and what is read from it when it is back. */
  send<T>(frame: Buffer, read: (bytes: Buffer, at: number) => T): Promise<T> {
    this.#write(frame);
    return new Promise((resolve, reject) => {
      const whole = (chunk: Buffer, at: number) => resolve(read(chunk, at));
      const pieces = (chunks: Buffer[]) => whole(Buffer.concat(chunks), 0);
      this.#waiting.push({ length: frame.length, whole, pieces, reject });
    });
  }

  /** Bytes behind a header, without a copy: they come back in the chunks of the pipe. */
  sendBytes(bytes: Uint8Array): Promise<readonly Buffer[]> {
    const header = Buffer.allocUnsafe(4);
    header.writeUInt32BE(bytes.length);
    this.#write(header);
    this.#write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const length = header.length + bytes.length;
    return new Promise((resolve, reject) => {
      const whole = (chunk: Buffer, at: number) => resolve([chunk.subarray(at + 4, at + length)]);
      const pieces = (chunks: Buffer[]) => resolve(withoutHeader(chunks));
      this.#waiting.push({ length, whole, pieces, reject });
    });
  }

  #write(piece: Buffer): void {
    if (this.#unsent.length === 0) process.nextTick(this.#flush);
    this.#unsent.push(piece);
    this.#unsentBytes += piece.length;
  }

  readonly #flush = () => {
    const { stdin } = this.program;
    if (this.#unsentBytes < SMALL) stdin.write(Buffer.concat(this.#unsent, this.#unsentBytes));
    else {
      stdin.cork();
      for (const piece of this.#unsent) stdin.write(piece);
      stdin.uncork();
    }
    this.#unsent = [];
    this.#unsentBytes = 0;
  };

  readonly #read = (chunk: Buffer) => {
    let at = 0;
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || at === chunk.length) return;
      const end = at + first.length - this.#held;
      if (end > chunk.length) return this.#hold(chunk.subarray(at));
      this.#waiting.shift();
      if (this.#held === 0) first.whole(chunk, at);
      else first.pieces(this.#taken(chunk.subarray(at, end)));
      at = end;
    }
  };

  #hold(piece: Buffer): void {
    this.#chunks.push(piece);
    this.#held += piece.length;
  }

  #taken(last: Buffer): Buffer[] {
    const chunks = this.#chunks;
    chunks.push(last);
    this.#chunks = [];
    this.#held = 0;
    return chunks;
  }

  #fail(why: string): void {
    this.#chunks = [];
    this.#held = 0;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(why));
  }
}

function withoutHeader(chunks: readonly Buffer[]): Buffer[] {
  const all: Buffer[] = [];
  let left = 4;
  for (const chunk of chunks) {
    all.push(chunk.subarray(Math.min(left, chunk.length)));
    left -= Math.min(left, chunk.length);
  }
  return all;
}
