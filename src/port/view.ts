/** The functions of a program as the methods of an object: what `port.as` makes. */

import { unknownFunction } from "../dispatch/functions.ts";
import { CALL, type CallOptions } from "../options/call.ts";
import { checkOptions } from "../options/table.ts";
import type { PortFunction } from "../wire/hello.ts";

/** How a view calls a function of its port. */
export type CallByName = (name: string, args: readonly unknown[], options: CallOptions) => Promise<unknown>;

/**
 * An object with one method a function, so that a typo is a TypeError and a mock is an object literal. The methods are its
 * own properties and no proxy's: it can be printed, spread and spied on, and they can be taken out of it.
 */
export class View {
  readonly [name: string]: unknown;
  readonly #names: readonly string[];
  readonly #call: CallByName;
  readonly #options: CallOptions;

  constructor(names: readonly string[], call: CallByName, options: CallOptions) {
    this.#names = names;
    this.#call = call;
    this.#options = options;
    for (const name of names) define(this, name, (...args: unknown[]) => call(name, args, options));
  }

  /** The same functions with options over those of this view. @throws TypeError, RangeError for a wrong option */
  with(options: CallOptions): View {
    checkOptions("with()", "", CALL, options);
    return new View(this.#names, this.#call, { ...this.#options, ...options });
  }
}

/** @throws CallError (CALL_UNDEF) when the program lacks a function that is wanted */
export function makeView(
  announced: readonly PortFunction[],
  wanted: readonly string[] | undefined,
  call: CallByName,
  options: CallOptions,
): View {
  const names = announced.map(({ name }) => name);
  for (const name of wanted ?? []) {
    // A program that announces nothing (a plain port) is taken at the client's word.
    if (names.length > 0 && !names.includes(name)) throw unknownFunction(name, names);
  }
  // With a method `then` the view would pass for a promise, and `await` would call it.
  const methods = (wanted ?? names).filter((name) => name !== "then");
  return new View(methods, call, options);
}

/** `__proto__` is a name like any other. */
function define(view: View, name: string, value: unknown): void {
  if (name !== "__proto__") (view as Record<string, unknown>)[name] = value;
  else Object.defineProperty(view, name, { value, enumerable: true, configurable: true, writable: true });
}
