/**
 * How the functions of a program are typed: by an interface of the user's, or one that was generated from the program's own
 * description. Types only.
 */

import type { BroadcastOptions, CallOptions, CastOptions } from "../options/call.ts";

/** Stands for "nothing is known of the functions": every name is accepted, every result is `unknown`. */
export interface UntypedFunctions {
  readonly __untyped?: never;
}

/** One answer for a port whose functions are known, another for one of which nothing is. */
type IfTyped<F, Typed, Unknown> = UntypedFunctions extends F ? Unknown : Typed;

/** Names of the functions of `F`. */
export type NameOf<F> = IfTyped<F, keyof F & string, string>;
/** The arguments of a function of `F`, as a list. */
export type ArgsOf<F, N extends keyof F> = F[N] extends (...args: infer A) => unknown
  ? Readonly<A>
  : readonly unknown[];
/** What the functions of `F` give, by name. */
export type ResultsOf<F> = {
  [N in keyof F]: F[N] extends (...args: never[]) => infer R ? Awaited<R> : unknown;
};

/** What follows the name in a call: the list of arguments, which may only be left out where none has to be given, and options. */
type Rest<Args, Options> = readonly [] extends Args
  ? [args?: Args | undefined, options?: Options | undefined]
  : [args: Args, options?: Options | undefined];

/** `call` of a port: names, arguments and results are those of `F`; without it the result is the caller's word, `call<string>("sign", …)`. */
export type CallMethod<F> = IfTyped<
  F,
  <N extends keyof F & string>(name: N, ...rest: Rest<ArgsOf<F, N>, CallOptions>) => Promise<ResultsOf<F>[N]>,
  <T = unknown>(name: string, args?: readonly unknown[], options?: CallOptions) => Promise<T>
>;

/** `cast` of a port. */
export type CastMethod<F> = IfTyped<
  F,
  <N extends keyof F & string>(name: N, ...rest: Rest<ArgsOf<F, N>, CastOptions>) => void,
  (name: string, args?: readonly unknown[], options?: CastOptions) => void
>;

/** `broadcast` of a port. */
export type BroadcastMethod<F> = IfTyped<
  F,
  <N extends keyof F & string>(
    name: N,
    ...rest: Rest<ArgsOf<F, N>, BroadcastOptions>
  ) => Promise<ResultsOf<F>[N][]>,
  <T = unknown>(name: string, args?: readonly unknown[], options?: BroadcastOptions) => Promise<T[]>
>;

/** `as` of a port. */
export type AsMethod<F> = IfTyped<
  F,
  (client?: PortClient<F>, options?: CallOptions) => PortView<F>,
  <C = UntypedFunctions>(client?: PortClient<C>, options?: CallOptions) => PortView<C>
>;

/** The value of a generated client: which functions the program had when it was generated. */
export interface PortClient<F> {
  readonly functions: readonly (keyof F & string)[];
  /** Of the program's description; another one is another program. */
  readonly hash?: string;
}

/**
 * The functions of `F` as methods that give promises, whether `F` says so (a generated client) or gives plain values (an
 * interface by hand). A mock is an object literal of this type.
 */
export type PortFunctions<F> = IfTyped<
  F,
  {
    [N in keyof F as Exclude<N, "then">]: F[N] extends (...args: infer A) => infer R
      ? (...args: A) => Promise<Awaited<R>>
      : never;
  },
  { readonly [name: string]: (...args: readonly unknown[]) => Promise<unknown> }
>;

/** What `port.as` gives: the functions, and `with`. */
export type PortView<F> = PortFunctions<F> &
  ("with" extends NameOf<F> ? IfTyped<F, unknown, WithOptions<F>> : WithOptions<F>);

/** How a view gets options. */
export interface WithOptions<F> {
  /**
   * The same functions with options of their own, over those of this view: `thumbs.with({ signal }).search(n)`. Cheap enough for each request.
   * A program's own function `with` stands in its place: `port.as(client, options)` gives options there.
   * @throws TypeError, RangeError for a wrong option; the reason of a signal that is aborted already
   */
  with(options: CallOptions): PortView<F>;
}
