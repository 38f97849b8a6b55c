/**
 * Calls that the program makes to its host: `{call, Id, Function, Args}` from the other side, answered by `handlers`.
 * The program makes them with `Host::call` (rust-port/portreeve/src/calls/made.rs).
 */

import { atom } from "../../codec/index.ts";
import { reasonOf } from "../reason.ts";

/** A function of the host that the program may call. What it throws is the program's error, with its message. */
export type Handler = (args: readonly unknown[], context: { readonly signal: AbortSignal }) => unknown;

/** The host's functions by name. */
export type Handlers = Readonly<Record<string, Handler>>;

/** Sends an answer: `reply` with a value, or `error` with a map. */
export type Answer = (word: "reply" | "error", id: Uint8Array, term: unknown) => void;

/** How many calls of one program may be unanswered. */
const MAX_SERVED = 65_536;

/** The calls that are being served, by the bytes of their Id, which are the program's own choice. */
export class Served {
  readonly #handlers: Handlers;
  readonly #answer: Answer;
  readonly #running = new Map<string, AbortController>();

  constructor(handlers: Handlers, answer: Answer) {
    this.#handlers = handlers;
    this.#answer = answer;
  }

  /** How many calls are unanswered. */
  get size(): number {
    return this.#running.size;
  }

  /** Runs a handler and answers when it is done. */
  call(id: Uint8Array, name: string, args: readonly unknown[]): void {
    const own = Uint8Array.from(id);
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    if (handler === undefined) this.#fail(own, "undef", `the host has no function ${name}${this.#offered()}`);
    else if (this.#running.has(keyOf(own)))
      this.#fail(own, "badarg", "a call with this Id is still unanswered");
    else if (this.#running.size >= MAX_SERVED)
      this.#fail(own, "overloaded", `the host has ${MAX_SERVED} calls to answer`);
    else void this.#serve(own, handler, args);
  }

  /** Never rejects: whatever the handler does, or its value, the program gets its one answer. */
  async #serve(id: Uint8Array, handler: Handler, args: readonly unknown[]): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const key = keyOf(id);
    this.#running.set(key, controller);
    let answer: () => void;
    try {
      const value = await handler(args, { signal });
      answer = () => this.#answer("reply", id, value);
    } catch (error) {
      answer = () => this.#fail(id, signal.aborted ? "cancelled" : "error", reasonOf(error));
    }
    if (this.#running.delete(key)) answer();
  }

  /** Answers a call that cannot be understood. */
  refuse(id: Uint8Array, why: string): void {
    this.#fail(Uint8Array.from(id), "badarg", why);
  }

  /** The program lost interest. */
  cancel(id: Uint8Array): void {
    this.#running.get(keyOf(id))?.abort();
  }

  /** The program is gone: its handlers are told. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #fail(id: Uint8Array, kind: string, message: string): void {
    this.#answer("error", id, faultMap(kind, message));
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
