/**
 * The black box: memory that a program shares with its host, in which it notes what it is doing, so that a death says
 * which calls never began, which were running, and which answers were ready and not yet in the pipe. The writer is
 * rust-port/portreeve/src/blackbox.rs; both sides hold to the same layout, little-endian:
 *
 * | at | what |
 * | --- | --- |
 * | 0 | `"PRBX0001"`, N u32, T u32, R u32, attached u32, tick u64, load address of the executable u64, inside u32: waits for the rest of a frame, asked u32: the Id of a stuck call that the host asks for, 0 none; to 64 |
 * | 64 | N × u32: `generation << 2 | state`, 1 begun, 2 finished |
 * | then | T × 64: running u32 (Id, 0 none), tid u32, published u32, flushed u32 |
 * | then | 1024: valid u32 (1 a crash, 2 what a stuck call was doing), signal u32, code i32, thread u32, fault address u64, pc u64, count u32, stack overflow u32, from 40 the return addresses |
 * | then | T × R: reply frames, `[flushed, published)` not yet in the pipe |
 */

import { readSync, writeSync } from "node:fs";
import { type BoxFile, namedFile, unlinkedFile } from "./blackbox-file.ts";

const MAGIC = "PRBX0001";
const ROOM = 65_536;
const HEADER = 64;
const THREAD = 64;
const CRASH = 1024;
const ATTACHED_AT = 20;
const TICK_AT = 24;
const LOAD_AT = 32;
const INSIDE_AT = 40;
const ASKED_AT = 44;
/** What `valid` says of a record that was asked for. */
const STUCK = 2;
/** In the record of a crash. */
const STACK_OVERFLOW_AT = 36;
/** Where the addresses of a backtrace begin in the record of a crash, and how many fit. */
const TRACE_AT = 40;
const TRACE_MOST = 64;
/** What was said before the signal: its length, and UTF-8 up to the end of the record. */
const WORDS_AT = TRACE_AT + 8 * TRACE_MOST;

/** What a call's slot says. `never`: the function did not begin. */
export type CallState = "never" | "begun" | "finished";

/** The record that a signal handler left. */
export interface Crash {
  readonly signal: number;
  /** si_code of sigaction(2). */
  readonly code: number;
  readonly address: bigint;
  readonly pc: bigint;
  /** The address lies in the guard page below the stack. */
  readonly isStackOverflow: boolean;
  /** Return addresses, innermost first, as offsets into the executable where they lie in it. */
  readonly backtrace: readonly bigint[];
  /** It is no crash: the host asked what this call was doing, and killed the program. */
  readonly isStuck: boolean;
  /** The Id of the call that the thread was running; 0 for none. */
  readonly id: number;
  /** What it said before: a panic that nothing catches, with its place. Empty for nothing. */
  readonly words: string;
}

/** All that a box says after a death. */
export interface BoxReading {
  stateOf(id: number): CallState;
  /** Ids of the calls that were running. */
  readonly running: readonly number[];
  readonly crash: Crash | undefined;
  /** For each thread the bytes of whole reply frames that it had not written yet. */
  readonly replies: readonly Uint8Array[];
}

/** One box, for one life of a worker. */
export class BlackBox {
  readonly #file: BoxFile;
  readonly #slots: number;
  readonly #threads: number;

  private constructor(file: BoxFile, slots: number, threads: number) {
    this.#file = file;
    this.#slots = slots;
    this.#threads = threads;
  }

  /**
   * Makes a black box.
   * @param inFlight most calls that a worker has at a time
   * @param threads threads of the program that get an index
   * @param form how the program finds it: by a descriptor, or by a path where none can be handed over
   * @returns undefined where there is no room: all works without, but every written call counts as begun
   */
  static create(
    inFlight: number,
    threads: number,
    form: "fd" | "path" = process.platform === "win32" ? "path" : "fd",
  ): BlackBox | undefined {
    // Two at least: what follows them is aligned to 8 bytes.
    const slots = 2 ** Math.max(1, Math.ceil(Math.log2(inFlight)));
    const content = blank(slots, threads);
    const file = form === "fd" ? unlinkedFile(content) : namedFile(content);
    return file === undefined ? undefined : new BlackBox(file, slots, threads);
  }

  /** The host's own descriptor of it. */
  get fd(): number {
    return this.#file.fd;
  }

  /** Descriptors that the program is to inherit, from 3 on. */
  get inherited(): readonly number[] {
    return this.#file.inherited;
  }

  /** What the program is told: the value of `PORTREEVE_BOX`. */
  get name(): string {
    return this.#file.name;
  }

  /** Whether the program has taken it. */
  get isAttached(): boolean {
    return this.#read(ATTACHED_AT, 4).readUInt32LE() !== 0;
  }

  /** Goes up while the program's monitor runs. */
  get tick(): bigint {
    return this.#read(TICK_AT, 8).readBigUInt64LE();
  }

  /** It has read a part of a frame, and waits for the rest. */
  get isInside(): boolean {
    return this.#read(INSIDE_AT, 4).readUInt32LE() !== 0;
  }

  /** What the slot of one call says now. */
  stateOf(id: number): CallState {
    const slot = id & 0xffff;
    if (slot >= this.#slots) return "begun";
    return stateIn(this.#read(HEADER + 4 * slot, 4).readUInt32LE(), id);
  }

  /** Ids of the calls that are running now. */
  get running(): readonly number[] {
    return runningIn(this.#read(HEADER + 4 * this.#slots, THREAD * this.#threads)).filter((id) => id !== 0);
  }

  /** Asks what a call is doing: with the next SIGABRT its thread leaves the record of a crash, and the program is gone. */
  ask(id: number): void {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(id);
    writeSync(this.#file.fd, word, 0, 4, ASKED_AT);
  }

  /** Reads all of it. The program is dead: nothing changes any more. */
  read(): BoxReading {
    const slots = this.#read(HEADER, 4 * this.#slots);
    const threadsAt = HEADER + 4 * this.#slots;
    const threads = this.#read(threadsAt, THREAD * this.#threads);
    const crashAt = threadsAt + THREAD * this.#threads;
    const running = runningIn(threads);
    return {
      stateOf: (id) => {
        const slot = id & 0xffff;
        return slot < this.#slots ? stateIn(slots.readUInt32LE(4 * slot), id) : "begun";
      },
      running: running.filter((id) => id !== 0),
      crash: readCrash(this.#read(crashAt, CRASH), running, this.#read(LOAD_AT, 8).readBigUInt64LE()),
      replies: this.#replies(threads, crashAt + CRASH),
    };
  }

  /** The box is as untrusted as the pipe: a range that does not fit holds nothing. */
  #replies(threads: Buffer, buffersAt: number): Uint8Array[] {
    const replies: Uint8Array[] = [];
    for (let i = 0; i < this.#threads; i += 1) {
      const published = threads.readUInt32LE(THREAD * i + 8);
      const flushed = threads.readUInt32LE(THREAD * i + 12);
      if (flushed >= published || published > ROOM) continue;
      replies.push(this.#read(buffersAt + ROOM * i + flushed, published - flushed));
    }
    return replies;
  }

  close(): void {
    this.#file.close();
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#file.fd, bytes, 0, length, at);
    return bytes;
  }
}

function blank(slots: number, threads: number): Buffer {
  const content = Buffer.alloc(HEADER + 4 * slots + THREAD * threads + CRASH + ROOM * threads);
  content.write(MAGIC, "latin1");
  content.writeUInt32LE(slots, 8);
  content.writeUInt32LE(threads, 12);
  content.writeUInt32LE(ROOM, 16);
  return content;
}

function stateIn(word: number, id: number): CallState {
  if (word >>> 2 !== id >>> 16) return "never";
  return (word & 3) === 2 ? "finished" : "begun";
}

/** For each thread the Id of its call; 0 for none. */
function runningIn(threads: Buffer): number[] {
  return Array.from({ length: threads.length / THREAD }, (_, i) => threads.readInt32LE(THREAD * i));
}

function readCrash(record: Buffer, running: readonly number[], load: bigint): Crash | undefined {
  if (record.readUInt32LE(0) === 0) return undefined;
  const count = Math.min(record.readUInt32LE(32), TRACE_MOST);
  return {
    signal: record.readUInt32LE(4),
    code: record.readInt32LE(8),
    address: record.readBigUInt64LE(16),
    pc: record.readBigUInt64LE(24) - load,
    isStuck: record.readUInt32LE(0) === STUCK,
    isStackOverflow: record.readUInt32LE(STACK_OVERFLOW_AT) !== 0,
    backtrace: Array.from({ length: count }, (_, i) => record.readBigUInt64LE(TRACE_AT + 8 * i) - load),
    id: running[record.readUInt32LE(12)] ?? 0,
    words: record.toString(
      "utf8",
      WORDS_AT + 4,
      Math.min(WORDS_AT + 4 + record.readUInt32LE(WORDS_AT), CRASH),
    ),
  };
}
