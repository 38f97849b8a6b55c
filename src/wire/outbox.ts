/**
 * The half of a channel that writes: calls, casts and the protocol's own words, each built in the output of one pipe
 * (pipe-writer.ts). Its counterpart in the program is rust-port/portreeve/src/link.rs.
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
import { type Frame, type Output, TooLarge } from "./output.ts";
import type { Pending } from "./pending.ts";
import { type ChannelIo, PipeWriter, type WriterListener } from "./pipe-writer.ts";
import { faultMap } from "./served.ts";

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

export class Outbox {
  readonly writer: PipeWriter;
  readonly output: Output;
  /** The largest frame that the program takes, once it has said so. */
  peerMaxFrameBytes = Number.POSITIVE_INFINITY;
  readonly #listener: WriterListener;
  readonly #codec: Codec;
  readonly #pending: Pending<Outgoing>;
  readonly #budget: Budget;
  readonly #batcher = new WriteBatcher();

  constructor(
    io: ChannelIo,
    listener: WriterListener,
    codec: Codec,
    pending: Pending<Outgoing>,
    budget: Budget,
  ) {
    this.writer = new PipeWriter(io, listener);
    this.output = this.writer.output;
    this.#listener = listener;
    this.#codec = codec;
    this.#pending = pending;
    this.#budget = budget;
  }

  /** Whether a call may be sent now; otherwise it waits for `writable` or `answered`. */
  get hasRoom(): boolean {
    return !this.#pending.isFull && this.writer.hasRoom;
  }

  /** Casts that were lost with the program: they had not left this process when it ended. */
  get lostCasts(): number {
    return this.writer.isClosed ? this.writer.unsentCasts : 0;
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
    this.writer.flush();
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
    if (isDue) this.writer.flush();
    else this.writer.flushSoon();
  }

  /** Sends a message that gets no answer. */
  cast(to: Target, args: readonly unknown[]): void {
    writeCast(this.output, this.#codec, to, args, this.peerMaxFrameBytes);
    this.writer.unsentCasts += 1;
    this.writer.flushSoon();
  }

  /** Sends a cast that lies in another output. */
  forwardCast(frame: Frame): void {
    frame.slab.live -= 1;
    this.output.copy(frame);
    this.writer.unsentCasts += 1;
    this.writer.flushSoon();
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
    if (this.writer.isClosed) return;
    const frame = this.#write((output) => {
      append(output, PONG);
      append(output, term);
    }, this.peerMaxFrameBytes);
    this.#owe(frame);
  }

  /** Lets the program finish what it has, and exit. */
  stop(): void {
    this.#say((output) => append(output, STOP));
    this.writer.flush();
  }

  /** Answers a call of the program. */
  answer(word: "reply" | "error", id: Uint8Array, term: unknown): void {
    if (this.writer.isClosed) return;
    try {
      this.#owe(writeAnswer(this.output, this.#codec, word, id, term, this.peerMaxFrameBytes));
    } catch (error) {
      this.#answerWithFault(id, error);
    }
    this.writer.flushSoon();
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
    this.#budget.owe(frame.bytes, this.writer.endBytes);
  }

  /** Writes a message; it goes out with the others of this turn. */
  #say(encode: (output: Output) => void): void {
    if (this.writer.isClosed) return;
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
    this.writer.schedule();
    return frame;
  }

  /** A chunk answered so many calls: as many may follow. */
  answered(calls: number): void {
    this.#batcher.answered(calls, this.#pending.size === 0);
  }
}
