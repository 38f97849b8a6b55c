/**
 * The raw echo of {packet,4} frames (rust-port/examples/echo): what pipe and Node cost at least. Frames are ready made,
 * come back in their order, and nobody looks into them but to add up the three numbers, as the program does elsewhere.
 */

import { programPath } from "../programs.ts";
import type { Job, JobId, Running } from "./contender.ts";
import { CALL_EMPTY, CALL_SUM, ONLY_ECHO, sumOf } from "./raw-calls.ts";
import { Spawned } from "./spawned.ts";

/** What a tick writes of small frames, put together. */
const OUTPUT = 1 << 20;

/** A frame that is on its way. */
interface Waiting {
  readonly length: number;
  /** Reads a small frame; of a large one the pieces are the answer. */
  readonly read: ((bytes: Buffer, at: number) => unknown) | undefined;
  readonly resolve: (answer: unknown) => void;
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
  readonly #output = Buffer.alloc(OUTPUT);
  #position = 0;
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
  send(frame: Buffer, read: (bytes: Buffer, at: number) => unknown): Promise<unknown> {
    if (this.#position === 0) process.nextTick(this.#flush);
    else if (this.#position + frame.length > OUTPUT) this.#flush();
    this.#output.set(frame, this.#position);
    this.#position += frame.length;
    return this.#wait(frame.length, read);
  }

  /** Bytes behind a header, without a copy: they come back in the chunks of the pipe. */
  sendBytes(bytes: Uint8Array): Promise<unknown> {
    this.#flush();
    const header = Buffer.allocUnsafe(4);
    header.writeUInt32BE(bytes.length);
    const { stdin } = this.program;
    stdin.cork();
    stdin.write(header);
    stdin.write(bytes);
    process.nextTick(() => stdin.uncork());
    return this.#wait(header.length + bytes.length, undefined);
  }

  #wait(length: number, read: Waiting["read"]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ length, read, resolve, reject });
    });
  }

  readonly #flush = () => {
    if (this.#position === 0) return;
    this.program.stdin.write(Buffer.from(this.#output.subarray(0, this.#position)));
    this.#position = 0;
  };

  readonly #read = (chunk: Buffer) => {
    let at = 0;
    let next = 0;
    for (; at < chunk.length; next += 1) {
      const waiting = this.#waiting[next];
      if (waiting === undefined) break;
      const end = at + waiting.length - this.#held;
      if (end > chunk.length) {
        this.#hold(chunk.subarray(at));
        break;
      }
      if (this.#held === 0 && waiting.read) waiting.resolve(waiting.read(chunk, at));
      else this.#join(chunk.subarray(at, end), waiting);
      at = end;
    }
    this.#waiting.splice(0, next);
  };

  #hold(piece: Buffer): void {
    this.#chunks.push(piece);
    this.#held += piece.length;
  }

  /** A frame that came in pieces, or one whose pieces are the answer. */
  #join(last: Buffer, { read, resolve }: Waiting): void {
    const chunks = [...this.#chunks, last];
    this.#chunks = [];
    this.#held = 0;
    resolve(read ? read(Buffer.concat(chunks), 0) : withoutHeader(chunks));
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
