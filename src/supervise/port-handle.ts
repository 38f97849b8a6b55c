/**
 * What `supervisor.port(id)` gives: the port under that id, whichever one runs at the moment. Calls go to it
 * straight; while it is being started they wait, and while it is down they are rejected with the reason.
 */

import { EventEmitter } from "node:events";
import { CallTimeoutError, OverloadedError } from "../errors.ts";
import type { PortStats } from "../metrics/stats.ts";
import { CALL, type CallOptions, checkCallOptions } from "../options/call.ts";
import type { ReplaceOptions } from "../options/open.ts";
import type { Program } from "../options/program.ts";
import { timeoutOf } from "../options/settings.ts";
import {
  type ArgsOf,
  type Client,
  makeView,
  type NameOf,
  type ResultOf,
  type Untyped,
} from "../port/client.ts";
import type { PortEvents } from "../port/events.ts";
import type { Port } from "../port/port.ts";
import { monotonic } from "../timers.ts";
import type { PortFunction } from "../wire/hello.ts";
import { type PortLookup, waitForPort } from "./port-lookup.ts";

/** Calls of one handle that wait for a start; beyond it OverloadedError. As many as a port's own queue holds. */
const maxWaiting = 65_536;

/**
 * A port of a supervisor. It stays the same while the programs behind it are restarted, and its listeners stay too.
 * @typeParam F the program's functions, as an interface
 */
export class PortHandle<F = Untyped> extends EventEmitter<PortEvents> {
  readonly #locate: () => PortLookup;
  #functions: readonly PortFunction[] = [];
  /** The program of the spec. */
  #start = "";
  /** The port that ran last. */
  #last: Port | undefined;
  #waiting = 0;

  /** @internal */
  constructor(locate: () => PortLookup) {
    super();
    this.#locate = locate;
  }

  /** The functions that the program offers, or offered when it ran last. */
  get functions(): readonly PortFunction[] {
    const where = this.#locate();
    return "port" in where ? where.port.functions : this.#functions;
  }

  /** What the program is called, when it runs now. @throws PortError when none does */
  get name(): string {
    return this.#now().name;
  }

  /** Calls wait for a worker: see `Port.needsDrain`. */
  get needsDrain(): boolean {
    const where = this.#locate();
    return "port" in where && where.port.needsDrain;
  }

  /** The numbers of the port that runs. @throws PortError when none does */
  stats(): PortStats {
    return this.#now().stats();
  }

  /**
   * Calls a function: see `Port.call`. While the port is being started, the call waits; its `timeout` goes on meanwhile,
   * and its arguments are encoded only then.
   *
   * @throws what `Port.call` rejects with; RestartLimitError with the history while the port is down after too many
   *   deaths; PortClosedError when it was stopped; SupervisorError SUPERVISOR_NOT_FOUND when it was deleted
   */
  call<T = never, N extends NameOf<F> = NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [] = [],
    options?: CallOptions,
  ): Promise<[T] extends [never] ? ResultOf<F, N> : T> {
    const where = this.#locate();
    if ("port" in where) return typed<F>(where.port).call<T, N>(name, args, options);
    return this.#callLater<T, N>(name, args, options, "soon" in where ? where.callTimeout : 0);
  }

  /** Sends a message: see `Port.cast`. Waits for nothing. @throws what `Port.cast` throws; PortError when no port runs */
  cast<N extends NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [] = [],
    options?: Pick<CallOptions, "key">,
  ): void {
    this.#now().cast(name, args, options);
  }

  /** Calls a function on every worker: see `Port.broadcast`. Waits for no start. */
  async broadcast<T = never, N extends NameOf<F> = NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [] = [],
    options?: Omit<CallOptions, "key" | "idempotent">,
  ): Promise<([T] extends [never] ? ResultOf<F, N> : T)[]> {
    return await this.#now().broadcast<T, N>(name, args, options);
  }

  /** Replaces all workers without losing a call: see `Port.restart`. To the supervisor this is no restart. */
  async restart(options?: ReplaceOptions): Promise<void> {
    await this.#now().restart(options);
  }

  /** Goes over to another program without losing a call: see `Port.reload`. Restarts by the supervisor start it, too. */
  async reload(program: Program, options?: ReplaceOptions): Promise<void> {
    await this.#now().reload(program, options);
  }

  /** The functions as methods: see `Port.as`. The view is as stable as the handle. */
  as<C = F>(client?: Client<C>, options: CallOptions = {}): C {
    const view = makeView(this.functions, client?.functions, (name, args) =>
      this.call<unknown>(name as NameOf<F>, args as ArgsOf<F, NameOf<F>>, options),
    );
    return view as C;
  }

  /** The port, when it runs now. */
  #now(): Port<F> {
    const where = this.#locate();
    if ("port" in where) return typed<F>(where.port);
    if ("error" in where) throw where.error;
    throw new OverloadedError("the port is being started");
  }

  /** @internal The program that ran last for a spec: found before, or what took its place by {@link reload}. */
  programOf(start: string): string | undefined {
    return this.#start === start ? this.#last?.program : undefined;
  }

  /** @internal A new port of a spec is up: who listens here listens to it from now on. */
  follow(port: Port, start: string): void {
    this.#start = start;
    this.#last = port;
    this.#functions = port.functions;
    const tell = port.emit.bind(port) as EventEmitter["emit"];
    // All events pass through as they are. One that is heard here counts as heard by the port: it has stderr for the rest.
    (port as EventEmitter).emit = (event: string, ...args: unknown[]) => {
      const isHeard = tell(event, ...args);
      return (this as EventEmitter).emit(event, ...args) || isHeard;
    };
  }

  async #callLater<T, N extends NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [],
    options: CallOptions = {},
    callTimeout: number,
  ): Promise<[T] extends [never] ? ResultOf<F, N> : T> {
    checkCallOptions("call()", CALL, options);
    const { signal } = options;
    const timeout = timeoutOf(options.timeout ?? callTimeout);
    const begin = monotonic();
    const port = await this.#waitForPort(name, timeout, signal);
    if (port === undefined) {
      const message = `${name}: no answer within ${timeout} ms; the port is being started`;
      throw new CallTimeoutError(message, { function: name, began: false });
    }
    if (timeout === 0) return port.call<T, N>(name, args, options);
    const left = Math.max(1, timeout - (monotonic() - begin));
    return port.call<T, N>(name, args, { ...options, timeout: left });
  }

  async #waitForPort(
    name: string,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<Port<F> | undefined> {
    if (this.#waiting >= maxWaiting) {
      const message = `${name}: ${maxWaiting} calls wait already for the port to be started`;
      throw new OverloadedError(message, { function: name });
    }
    this.#waiting += 1;
    try {
      const port = await waitForPort(this.#locate, timeout, signal);
      return port && typed<F>(port);
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** What the functions are is the user's word, here as with `open`. */
function typed<F>(port: Port): Port<F> {
  return port as unknown as Port<F>;
}
