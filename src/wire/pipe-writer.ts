/**
 * What is to be written to one program, and when: gathered for a turn of the event loop, written until the pipe is full,
 * and on when it is not any more.
 */

import { nextTick } from "../timers.ts";
import { Output } from "./output.ts";

/** Where bytes go. */
export interface ChannelIo {
  /** @returns false when the pipe is full: `drained` of the channel is to be called when it is not any more */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Bytes that were written but are not with the kernel yet. */
  readonly buffered: number;
  /** Whether more is to be read: the program makes this process hold too much otherwise. */
  read(isWanted: boolean): void;
}

/** What is told of the writing. */
export interface WriterListener {
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

export class PipeWriter {
  readonly output = new Output();
  isClosed = false;
  /** Casts that may not have left this process yet. */
  unsentCasts = 0;
  readonly #io: ChannelIo;
  readonly #listener: WriterListener;
  #full = false;
  #scheduled = false;
  /** Bytes that were written since the beginning. */
  #written = 0;

  constructor(io: ChannelIo, listener: WriterListener) {
    this.#io = io;
    this.#listener = listener;
  }

  /** Whether more may be gathered; otherwise it is to wait for `writable`. */
  get hasRoom(): boolean {
    return !this.#full && this.output.pendingBytes < 4 * BATCH_BYTES;
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

  /** How many bytes will have been written when all that is gathered is. */
  get endBytes(): number {
    return this.#written + this.output.pendingBytes;
  }

  /** Reuses what the system has taken. */
  reclaim(): void {
    if (this.#io.buffered === 0) this.output.reclaim();
  }

  /** Writes what is there, until the pipe is full. */
  flush(): void {
    while (!this.#full && !this.isClosed && this.output.pendingBytes > 0) this.#writeSome();
  }

  #writeSome(): void {
    this.reclaim();
    const before = this.output.pendingBytes;
    const chunks = this.output.take(WRITE_BYTES);
    this.#written += before - this.output.pendingBytes;
    this.#full = !this.#writeChunks(chunks) && this.#io.buffered > 0;
    if (this.unsentCasts > 0 && this.#io.buffered === 0) this.unsentCasts = 0;
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

  /** Writes with all that this turn brings, or at once when that is much. */
  flushSoon(): void {
    if (this.output.pendingBytes >= BATCH_BYTES) this.flush();
    else this.schedule();
  }

  /** One write for all that this turn of the event loop sends. */
  schedule(): void {
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
    if (!hadRoom && this.hasRoom && !this.isClosed) this.#listener.writable();
  }

  /** The pipe took everything. */
  drained(): void {
    if (!this.#full) return;
    this.#full = false;
    this.flush();
    this.#listener.sent();
    if (!this.#full) this.#listener.writable();
  }
}

function flushTurn(writer: PipeWriter): void {
  writer.flushTurn();
}
