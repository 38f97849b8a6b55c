/**
 * The half of a channel that writes: calls, casts and the protocol's own words are built in one output, gathered for a
 * turn of the event loop, and written until the pipe is full. Its counterpart in the program is
 * rust-port/portreeve/src/link.rs.
 */

import { type Codec, EtfError, MAX_FRAME_BYTES } from "../../codec/index.ts";
import { isA, reasonOf } from "../reason.ts";
import { nextTick } from "../timers.ts";
import { WriteBatcher } from "./batcher.ts";
import type { Budget } from "./budget.ts";
import {
  append,
  PING,
  PONG,
  patchId,
  STOP,
  type Target,
  writeAnswer,
  writeCall,
  writeCancel,
  writeCast,
} from "./envelope.ts";
import type { Failure } from "./failure.ts";
import { type HostHello, writeHello } from "./hello.ts";
import { type Frame, Output, TooLarge } from "./output.ts";
import type { Pending } from "./pending.ts";
import { faultMap } from "./served.ts";

/** Where bytes go. */
export interface ChannelIo {
  /** @returns false when the pipe is full: `drained` of the outbox is to be called when it is not any more */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Bytes that were written but are not with the kernel yet. */
  readonly buffered: number;
  /** Whether more is to be read: the program makes this process hold too much otherwise. */
  read(isWanted: boolean): void;
}

/** A call as the channel sees it, with the place of its frame. */
export interface Outgoing extends Frame {
  readonly name: string;
  id: number;
  /** Nobody waits for its answer any more. */
  readonly isSettled: boolean;
  succeed(value: unknown): void;
  fail(failure: Failure): void;
  progress(term: unknown): void;
}

/** What the outbox tells its channel. */
interface OutboxListener {
  /** Bytes went to the system: less may be held now. */
  sent(): void;
  /** There is room for calls again, after there was none. */
  writable(): void;
  /** Nothing more can be written. */
  broken(error: unknown): void;
}

/** Calls are collected up to this many bytes before they are written, and wait in the port's queue beyond four times that. */
const BATCH_BYTES = 65_536;

/** At most so many bytes are written at a time: that a program reads is seen when they are gone. */
const WRITE_BYTES = 1 << 20;

export class Outbox {
  readonly output = new Output();
  /** The largest frame that the program takes, once it has said so. */
  peerMaxFrameBytes = Number.POSITIVE_INFINITY;
  readonly #io: ChannelIo;
  readonly #listener: OutboxListener;
  readonly #codec: Codec;
  readonly #pending: Pending<Outgoing>;
  readonly #budget: Budget;
  readonly #batcher = new WriteBatcher();
  #full = false;
  #scheduled = false;
  #closed = false;
  /** Bytes that were written since the beginning. */
  #written = 0;
  /** Casts that may not have left this process yet. */
  #unsentCasts = 0;

  constructor(
    io: ChannelIo,
    listener: OutboxListener,
    codec: Codec,
    pending: Pending<Outgoing>,
    budget: Budget,
  ) {
    this.#io = io;
    this.#listener = listener;
    this.#codec = codec;
    this.#pending = pending;
    this.#budget = budget;
  }

  /** Whether a call may be sent now; otherwise it waits for `writable` or `answered`. */
  get hasRoom(): boolean {
    return !this.#full && !this.#pending.isFull && this.output.pendingBytes < 4 * BATCH_BYTES;
  }

  /** Whether all that was written is with the system. */
  get isSent(): boolean {
    return this.output.pendingBytes === 0 && this.#io.buffered === 0;
  }

  /**
   * How many of the written bytes are with the system. Of what a pipe that is not full has taken nobody tells when it is
   * gone: it is little.
   */
  get sentBytes(): number {
    return this.#full ? this.#written - this.#io.buffered : this.#written;
  }

  /** Casts that were lost with the program: they had not left this process when it ended. */
  get lostCasts(): number {
    return this.#closed ? this.#unsentCasts : 0;
  }

  /**
   * Says hello: the first frame that the program gets.
   * @throws EtfError when with the term for its `on_start` it is larger than what a program takes
   */
  greet(hello: HostHello): void {
    try {
      this.#write((output) => writeHello(output, this.#codec, hello), MAX_FRAME_BYTES);
    } catch (error) {
      if (!isA(error, TooLarge)) throw error;
      const size = `at least ${error.bytes} bytes, over the ${MAX_FRAME_BYTES} that a program takes`;
      throw new EtfError("ETF_LIMIT", `start: the host's hello takes ${size}`, { path: "" });
    }
    this.flush();
  }

  /** Encodes a call into this output; `send` is to follow in the same turn. */
  encode(to: Target, args: readonly unknown[], timeout: number, trace?: string, call?: Frame): Frame {
    return writeCall(this.output, this.#codec, to, args, timeout, this.peerMaxFrameBytes, trace, call);
  }

  /** Sends a call that lies in another output: one that waited, or was sent to another worker before. */
  forward(call: Outgoing): void {
    call.slab.live -= 1;
    this.output.copy(call);
    call.slab.live += 1;
    this.send(call);
  }

  /** Sends a call whose frame is the last one of this output. */
  send(call: Outgoing): void {
    const isDue = this.#batcher.sends(this.#pending.size === 0);
    call.id = this.#pending.add(call);
    patchId(call.slab, call.start, call.id);
    if (isDue) this.flush();
    else this.#flushSoon();
  }

  /** Sends a message that gets no answer. */
  cast(to: Target, args: readonly unknown[]): void {
    writeCast(this.output, this.#codec, to, args, this.peerMaxFrameBytes);
    this.#unsentCasts += 1;
    this.#flushSoon();
  }

  /** Sends a cast that lies in another output. */
  forwardCast(frame: Frame): void {
    frame.slab.live -= 1;
    this.output.copy(frame);
    this.#unsentCasts += 1;
    this.#flushSoon();
  }

  /** Tells the program that nobody waits for this call any more; its slot stays taken until the answer. */
  cancel(id: number): void {
    this.#say((output) => writeCancel(output, id));
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.#say((output) => append(output, PING));
  }

  /** Gives a sign of life. @param term what the program sent with its ping */
  pong(term: Uint8Array): void {
    if (this.#closed) return;
    const frame = this.#write((output) => {
      append(output, PONG);
      append(output, term);
    }, this.peerMaxFrameBytes);
    this.#owe(frame);
  }

  /** Lets the program finish what it has, and exit. */
  stop(): void {
    this.#say((output) => append(output, STOP));
    this.flush();
  }

  /** Answers a call of the program. */
  answer(word: "reply" | "error", id: Uint8Array, term: unknown): void {
    if (this.#closed) return;
    try {
      this.#owe(writeAnswer(this.output, this.#codec, word, id, term, this.peerMaxFrameBytes));
    } catch (error) {
      this.#answerWithFault(id, error);
    }
    this.#flushSoon();
  }

  /** What a handler gave cannot be sent: that is what the program is told. */
  #answerWithFault(id: Uint8Array, fault: unknown): void {
    const map = faultMap("error", reasonOf(fault));
    try {
      this.#owe(writeAnswer(this.output, this.#codec, "error", id, map, this.peerMaxFrameBytes));
    } catch (error) {
      this.#listener.broken(error);
    }
  }

  /** The program asked for this frame: what it does not read of such is counted. */
  #owe(frame: Frame): void {
    this.#budget.owe(frame.bytes, this.#written + this.output.pendingBytes);
  }

  /** Writes a message; it goes out with the others of this turn. */
  #say(encode: (output: Output) => void): void {
    if (this.#closed) return;
    // A getter of the message that is being encoded aborted a call: the cancel goes behind that message.
    if (this.output.isOpen) nextTick(() => this.#say(encode));
    else this.#write(encode);
  }

  #write(encode: (output: Output) => void, maxBytes?: number): Frame {
    this.output.begin(maxBytes);
    try {
      encode(this.output);
      const { frameBytes } = this.output;
      if (maxBytes !== undefined && frameBytes > maxBytes) throw new TooLarge(frameBytes);
    } catch (error) {
      this.output.abandon();
      throw error;
    }
    const frame = this.output.end();
    this.#schedule();
    return frame;
  }

  /** A chunk answered so many calls: as many may follow. */
  answered(calls: number): void {
    this.#batcher.answered(calls, this.#pending.size === 0);
  }

  /** Reuses what the system has taken. */
  reclaim(): void {
    if (this.#io.buffered === 0) this.output.reclaim();
  }

  /** The pipe took everything. */
  drained(): void {
    if (!this.#full) return;
    this.#full = false;
    this.flush();
    this.#listener.sent();
    if (!this.#full) this.#listener.writable();
  }

  /** Writes what is there, until the pipe is full. */
  flush(): void {
    while (!this.#full && !this.#closed && this.output.pendingBytes > 0) this.#writeSome();
  }

  #writeSome(): void {
    this.reclaim();
    const before = this.output.pendingBytes;
    const chunks = this.output.take(WRITE_BYTES);
    this.#written += before - this.output.pendingBytes;
    this.#full = !this.#writeChunks(chunks) && this.#io.buffered > 0;
    if (this.#unsentCasts > 0 && this.#io.buffered === 0) this.#unsentCasts = 0;
  }

  /** A write that throws breaks the channel: it often runs in a turn of its own, where an exception would end the host. */
  #writeChunks(chunks: readonly Uint8Array[]): boolean {
    try {
      return this.#io.write(chunks);
    } catch (error) {
      this.#listener.broken(error);
      return true;
    }
  }

  #flushSoon(): void {
    if (this.output.pendingBytes >= BATCH_BYTES) this.flush();
    else this.#schedule();
  }

  /** One write for all that this turn of the event loop sends. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    nextTick(flushTurn, this);
  }

  /** The scheduled flush. What did not fit into this turn of the event loop may come now. */
  flushTurn(): void {
    const hadRoom = this.hasRoom;
    this.#scheduled = false;
    this.flush();
    this.#listener.sent();
    if (!hadRoom && this.hasRoom && !this.#closed) this.#listener.writable();
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
  }
}

function flushTurn(outbox: Outbox): void {
  outbox.flushTurn();
}
