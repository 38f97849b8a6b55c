/**
 * How the functions of a program are typed: an interface of the user's, or one that was generated from the program's
 * own description. Types only, apart from the views that `port.as` makes.
 */

import { unknownFunction } from "../dispatch/functions.ts";
import type { PortFunction } from "../wire/hello.ts";

/** Stands for "nothing is known of the functions": every name is accepted, every result is `unknown`. */
export interface Untyped {
  readonly __untyped?: never;
}

/** Names of the functions of `F`. */
export type NameOf<F> = Untyped extends F ? string : keyof F & string;
/** The arguments of a function of `F`, as a list. */
export type ArgsOf<F, N> = N extends keyof F
  ? F[N] extends (...args: infer A) => unknown
    ? Readonly<A>
    : readonly unknown[]
  : readonly unknown[];
/** What a function of `F` gives. */
export type ResultOf<F, N> = N extends keyof F
  ? F[N] extends (...args: never[]) => infer R
    ? Awaited<R>
    : unknown
  : unknown;

/** The value of a generated client: which functions the program had when it was generated. */
export interface Client<F> {
  readonly functions: readonly (keyof F & string)[];
  /** Of the program's description; another one is another program. */
  readonly hash?: string;
}

/**
 * A plain object with one method a function, so that a typo is a TypeError and a mock is an object literal.
 * @throws CallError (CALL_UNDEF) when the program lacks a function of the client
 */
export function makeView(
  announced: readonly PortFunction[],
  wanted: readonly string[] | undefined,
  call: (name: string, args: readonly unknown[]) => Promise<unknown>,
): Record<string, (...args: unknown[]) => Promise<unknown>> {
  const names = announced.map(({ name }) => name);
  for (const name of wanted ?? []) {
    // A program that announces nothing (a plain port) is taken at the client's word.
    if (names.length > 0 && !names.includes(name)) throw unknownFunction(name, names);
  }
  // With a method `then` the view would pass for a promise, and `await` would call it.
  const methods = (wanted ?? names).filter((name) => name !== "then");
  return Object.fromEntries(methods.map((name) => [name, (...args: unknown[]) => call(name, args)] as const));
}
