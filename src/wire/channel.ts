/**
 * The conversation with one program: an outbox, an inbox, the calls that are on their way between them, and one budget
 * for what the program makes this process hold. It knows nothing of processes: bytes go out through `ChannelIo` and come
 * in through `receive`.
 *
 * The protocol, as both ends know it (the other is rust-port/portreeve/src/wire/message.rs): both say hello; the program
 * then says ready. Either end calls: `{call, Id, Function, Args}` gets exactly one `{reply, Id, Term}` or
 * `{error, Id, Map}`. `{cancel, Id}` says that nobody waits any more; the answer comes all the same. `stop` lets the
 * program finish what it has and exit.
 */

import type { Codec } from "../../codec/index.ts";
import { ProtocolError } from "../errors.ts";
import { isError, reasonOf } from "../reason.ts";
import { Budget } from "./budget.ts";
import { Inbox } from "./inbox.ts";
import type { ProgramListener } from "./incoming.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { Parts } from "./parts.ts";
import { Pending } from "./pending.ts";
import type { ChannelIo } from "./pipe-writer.ts";
import { type Handlers, Served } from "./served.ts";

/** How much one program may send, and make this process hold, in bytes; and how many calls it may have. */
export interface ChannelLimits {
  /** Of one message from the program. */
  readonly maxFrameBytes: number;
  /** Of answers that it does not read, its own calls that are unanswered, and unfinished messages together. */
  readonly maxHeldBytes: number;
  readonly maxInFlight: number;
}

/** What a channel tells. */
export interface ChannelListener extends ProgramListener {
  /** There is room for calls again, after there was none. */
  writable(): void;
  /** So many calls were answered: there may now be room. */
  answered(calls: number): void;
  /** What came cannot be understood; nothing after it will be. */
  broken(error: Error): void;
}

/** What a program makes its host hold, in bytes. */
export interface Held {
  /** Answers and pongs that it has not read. */
  readonly owed: number;
  /** Calls of it that handlers have not answered, and how many those are. */
  readonly unanswered: number;
  readonly calls: number;
  /** Messages in parts whose last one has not come. */
  readonly unread: number;
}

export class Channel {
  readonly pending: Pending<Outgoing>;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly #io: ChannelIo;
  readonly #listener: ChannelListener;
  readonly #parts: Parts;
  readonly #served: Served;
  readonly #budget: Budget;
  #closed = false;

  constructor(
    io: ChannelIo,
    listener: ChannelListener,
    codec: Codec,
    handlers: Handlers,
    { maxFrameBytes, maxHeldBytes, maxInFlight }: ChannelLimits,
  ) {
    this.#io = io;
    this.#listener = listener;
    this.pending = new Pending(maxInFlight);
    this.#budget = new Budget(maxHeldBytes);
    this.#parts = new Parts(maxFrameBytes, maxHeldBytes);
    this.outbox = new Outbox(
      io,
      {
        sent: () => this.#checkBudget(),
        writable: () => listener.writable(),
        broken: (error) => this.#broken(error),
      },
      codec,
      this.pending,
      this.#budget,
    );
    const mayAnswer = () => this.#budget.mayOwe(this.#parts.bytes);
    this.#served = new Served(handlers, codec, this.outbox, mayAnswer);
    this.inbox = new Inbox(
      listener,
      codec,
      this.pending,
      this.#served,
      this.outbox,
      this.#parts,
      maxFrameBytes,
    );
  }

  /** Whether anybody still waits for one of its answers. */
  hasAwaited(): boolean {
    return this.pending.some((call) => !call.isSettled);
  }

  /** What the program makes this process hold: see {@link ChannelLimits}. */
  get held(): Held {
    const { owed } = this.#budget;
    return { owed, unanswered: this.#served.bytes, calls: this.#served.size, unread: this.#parts.bytes };
  }

  /** The pipe took everything. */
  drained(): void {
    this.outbox.writer.drained();
  }

  /** Takes bytes that the program wrote. */
  receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.inbox.receive(chunk);
    } catch (error) {
      this.#broken(error);
    }
    this.#tellAnswered();
    this.outbox.writer.reclaim();
    this.#checkBudget();
  }

  /** Takes what a dead program had ready: see {@link Inbox.recover}. */
  recover(bytes: Uint8Array, isFinished: (id: number) => boolean): void {
    this.inbox.recover(bytes, isFinished);
    this.#tellAnswered();
  }

  #tellAnswered(): void {
    const answered = this.inbox.takeAnswered();
    if (answered === 0) return;
    this.outbox.answered(answered);
    this.#listener.answered(answered);
  }

  #checkBudget(): void {
    if (this.#closed) return;
    const budget = this.#budget;
    budget.sent(this.outbox.writer.sentBytes);
    if (budget.check(this.#served.bytes, this.#parts.bytes)) this.#io.read(!budget.isSpent);
    if (!budget.isSpent) this.#served.pump();
  }

  #broken(error: unknown): void {
    if (this.#closed) return;
    this.#end();
    this.#listener.broken(isError(error) ? error : new ProtocolError(reasonOf(error)));
  }

  #end(): void {
    this.#closed = true;
    this.outbox.writer.isClosed = true;
    this.inbox.close();
  }

  /** Ends the conversation. @returns the calls that were not answered; their bytes stay where they are */
  close(): Outgoing[] {
    this.#end();
    this.#served.close();
    return this.pending.takeAll();
  }
}
