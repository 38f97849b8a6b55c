/**
 * The functions of a program by name: what it announced of them, and what is worth keeping from one call to the next.
 * The program announces them in rust-port/portreeve/src/wire/hello.rs.
 */

import type { CallTraits } from "../calls/call.ts";
import { CallError } from "../errors.ts";
import { Failures } from "../metrics/failures.ts";
import { Times } from "../metrics/times.ts";
import { nearestNames } from "../nearest.ts";
import { show } from "../options/table.ts";
import { type Target, target } from "../wire/envelope.ts";
import type { Hello, PortFunction } from "../wire/hello.ts";
import { usualTraits } from "./traits.ts";

/** A function that can be called. */
export interface Entry {
  readonly to: Target;
  /** Of a call without options. */
  readonly traits: CallTraits;
  readonly times: Times;
}

/** Functions of which anything is kept: a program that announces none can be called by any name. */
const MOST_NAMES = 4096;

export class Functions {
  hello: Hello | undefined;
  /** They outlive the worker that announced the function. */
  readonly times = new Map<string, Times>();
  /** Calls of what is no function here. */
  readonly refused = new Failures();
  readonly #entries = new Map<string, Entry>();
  readonly #callTimeout: number;

  /** @param callTimeout of calls without options, in ms; 0 for none */
  constructor(callTimeout: number) {
    this.#callTimeout = callTimeout;
  }

  get functions(): readonly PortFunction[] {
    return this.hello?.functions ?? [];
  }

  /** A worker said hello: from now on that is what holds. */
  announce(hello: Hello): void {
    this.hello = hello;
    this.#entries.clear();
  }

  /** A call was refused before it was one. */
  refuse(name: string, error: unknown): void {
    (this.times.get(name)?.failures ?? this.refused).add(error);
  }

  /** @throws CallError (CALL_UNDEF), TypeError */
  find(name: string): Entry {
    return this.#entries.get(name) ?? this.#add(name);
  }

  #add(name: string): Entry {
    if (typeof name !== "string")
      throw new TypeError(`a function is called by its name, a string, and not by ${show(name)}`);
    const announced = this.functions.find((f) => f.name === name);
    const names = this.functions.map((f) => f.name);
    if (announced === undefined && names.length > 0) throw unknownFunction(name, names);
    const traits = usualTraits(announced?.idempotent ?? false, this.#callTimeout);
    const entry = { to: target(name), traits, times: this.times.get(name) ?? new Times() };
    if (this.times.size >= MOST_NAMES) return entry;
    this.times.set(name, entry.times);
    this.#entries.set(name, entry);
    return entry;
  }
}

/** The error for a function that the program does not have, with the nearest names that it has. */
export function unknownFunction(name: string, names: readonly string[]): CallError {
  const nearest = nearestNames(name, names, 3);
  const hint = nearest.length === 0 ? "" : `; the nearest it has: ${nearest.join(", ")}`;
  return new CallError("CALL_UNDEF", `${name}: the program has no function of this name${hint}`, {
    function: name,
  });
}
