/**
 * Calls that the program makes to its host: `{call, Id, Function, Args}` from the other side, answered by `handlers`.
 * The program makes them with `Host::call` (rust-port/portreeve/src/calls/made.rs).
 */

import { atom, type Codec } from "../../codec/index.ts";
import { ProtocolError } from "../errors.ts";
import { reasonOf } from "../reason.ts";
import { setImmediate } from "../timers.ts";

/** A function of the host that the program may call. What it throws is the program's error, with its message. */
export type Handler = (args: readonly unknown[], context: { readonly signal: AbortSignal }) => unknown;

/** The host's functions by name. */
export type Handlers = Readonly<Record<string, Handler>>;

/** Who sends answers. */
export interface Answering {
  /** Sends an answer: `reply` with a value, or `error` with a map. */
  answer(word: "reply" | "error", id: Uint8Array, term: unknown): void;
}

/** How many calls of one program may be unanswered. */
const MAX_SERVED = 65_536;
/** What a call costs here beside its arguments, in bytes: a promise, an AbortController and its signal. */
const CALL_COST = 1024;
/** Values take more room than the bytes that they were read from. */
const VALUE_COST = 4;
/** So many begin in one turn of the event loop: each may give a large answer, which is counted before more begin. */
const AT_A_TIME = 16;

/** One call that is not answered yet. */
interface ServedCall {
  readonly id: Uint8Array;
  readonly key: string;
  readonly name: string;
  readonly handler: Handler;
  /** One term; a copy once the call has to wait. */
  args: Uint8Array;
  readonly controller: AbortController;
  readonly cost: number;
}

/** The calls that are being served, by the bytes of their Id, which are the program's own choice. */
export class Served {
  readonly #handlers: Handlers;
  readonly #codec: Codec;
  readonly #answering: Answering;
  readonly #mayAnswer: () => boolean;
  readonly #unanswered = new Map<string, ServedCall>();
  /** Those among them whose handler has not begun, oldest first. */
  readonly #waiting = new Map<string, ServedCall>();
  /** How many have begun in this turn. */
  #begun = 0;
  /** What the unanswered ones hold, in bytes. */
  bytes = 0;

  /** @param mayAnswer whether there is room for one more answer */
  constructor(handlers: Handlers, codec: Codec, answering: Answering, mayAnswer: () => boolean) {
    this.#handlers = handlers;
    this.#codec = codec;
    this.#answering = answering;
    this.#mayAnswer = mayAnswer;
  }

  /** How many calls are unanswered. */
  get size(): number {
    return this.#unanswered.size;
  }

  /** Runs a handler and answers when it is done. @param args one term, which may be overwritten later, as may the Id */
  call(id: Uint8Array, name: string, args: Uint8Array): void {
    const own = Uint8Array.from(id);
    const key = keyOf(own);
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    if (handler === undefined) this.#fail(own, "undef", `the host has no function ${name}${this.#offered()}`);
    else if (this.#unanswered.has(key)) this.#fail(own, "badarg", "a call with this Id is still unanswered");
    else if (this.#unanswered.size >= MAX_SERVED)
      this.#fail(own, "overloaded", `the host has ${MAX_SERVED} calls to answer`);
    else {
      const cost = CALL_COST + VALUE_COST * args.length;
      this.#admit({ id: own, key, name, handler, args, controller: new AbortController(), cost });
    }
  }

  #admit(call: ServedCall): void {
    this.#unanswered.set(call.key, call);
    this.bytes += call.cost;
    if (this.#mayBegin) {
      this.#serve(call);
      return;
    }
    call.args = Uint8Array.from(call.args);
    this.#waiting.set(call.key, call);
  }

  get #mayBegin(): boolean {
    return this.#begun < AT_A_TIME && this.#waiting.size === 0 && this.#mayAnswer();
  }

  /** Begins what waits, as far as there is room for answers. */
  pump(): void {
    for (const call of this.#waiting.values()) {
      if (this.#begun >= AT_A_TIME || !this.#mayAnswer()) return;
      this.#waiting.delete(call.key);
      this.#serve(call);
    }
  }

  #serve(call: ServedCall): void {
    this.#begin();
    let args: readonly unknown[];
    try {
      args = this.#arguments(call);
    } catch (error) {
      this.#settle(call, () => this.#fail(call.id, "badarg", reasonOf(error)));
      return;
    }
    void this.#run(call, args);
  }

  /** Never rejects: whatever the handler does, or its value, the program gets its one answer. */
  async #run(call: ServedCall, args: readonly unknown[]): Promise<void> {
    const { signal } = call.controller;
    let answer: () => void;
    try {
      const value = await call.handler(args, { signal });
      answer = () => this.#answering.answer("reply", call.id, value);
    } catch (error) {
      // It may be anything, a Proxy that throws at every look: only reasonOf looks at it.
      const kind = signal.aborted ? "cancelled" : "error";
      answer = () => this.#fail(call.id, kind, reasonOf(error));
    }
    this.#settle(call, answer);
  }

  /** Answers, unless nobody waits any more. */
  #settle(call: ServedCall, answer: () => void): void {
    if (this.#forget(call)) answer();
  }

  #begin(): void {
    this.#begun += 1;
    if (this.#begun > 1) return;
    setImmediate(() => {
      this.#begun = 0;
      this.pump();
    });
  }

  /** @throws an error when they cannot be read, or are no list */
  #arguments({ name, args }: ServedCall): readonly unknown[] {
    const value = this.#codec.readTerm(args, 0, args.length);
    if (!Array.isArray(value)) throw new ProtocolError(`the arguments of ${name} are no list`);
    return value;
  }

  /** @returns false when nobody waits for the answer any more: the program is gone */
  #forget(call: ServedCall): boolean {
    this.bytes -= call.cost;
    return this.#unanswered.delete(call.key);
  }

  /** Answers a call that cannot be understood. */
  refuse(id: Uint8Array, why: string): void {
    this.#fail(Uint8Array.from(id), "badarg", why);
  }

  /** The program lost interest. What has not begun is answered without running. */
  cancel(id: Uint8Array): void {
    const call = this.#unanswered.get(keyOf(id));
    if (call === undefined) return;
    if (this.#waiting.delete(call.key)) {
      this.#forget(call);
      this.#fail(call.id, "cancelled", "cancelled before it began");
    } else call.controller.abort();
  }

  /** The program is gone: its handlers are told. */
  close(): void {
    const running = [...this.#unanswered.values()].filter(({ key }) => !this.#waiting.has(key));
    this.#waiting.clear();
    this.#unanswered.clear();
    for (const { controller } of running) controller.abort();
  }

  #fail(id: Uint8Array, kind: string, message: string): void {
    this.#answering.answer("error", id, faultMap(kind, message));
  }

  #offered(): string {
    const names = Object.keys(this.#handlers);
    return names.length === 0 ? " (option handlers)" : `; it has ${names.join(", ")}`;
  }
}

/** The map of an `error`: its keys are atoms, whatever the user's own maps have. */
export function faultMap(kind: string, message: string): Map<unknown, unknown> {
  return new Map<unknown, unknown>([
    [atom("kind"), atom(kind)],
    [atom("message"), message],
  ]);
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString("latin1");
}
