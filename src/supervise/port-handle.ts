/**
 * What `supervisor.port(id)` gives: the port under that id, whichever one runs at the moment. Calls go to it
 * straight; while it is being started they wait, and while it is down they are rejected with the reason.
 */

import type { EventEmitter } from "node:events";
import { CallTimeoutError, OverloadedError } from "../errors.ts";
import type { PortStats } from "../metrics/stats.ts";
import {
  type BroadcastOptions,
  CALL,
  type CallOptions,
  type CastOptions,
  checkCallOptions,
} from "../options/call.ts";
import type { ReplaceOptions } from "../options/open.ts";
import type { Program } from "../options/program.ts";
import { timeoutOf } from "../options/settings.ts";
import { BasePort, type PortEmitter } from "../port/base.ts";
import type { OpenPort } from "../port/open-port.ts";
import type { PortLike } from "../port/port-like.ts";
import type { UntypedFunctions } from "../port/typing.ts";
import { monotonic } from "../timers.ts";
import type { Hello, PortFunction } from "../wire/hello.ts";
import { type PortLookup, waitForPort } from "./port-lookup.ts";

/** Calls of one handle that wait for a start; beyond it OverloadedError. As many as a port's own queue holds. */
const maxWaiting = 65_536;

/**
 * A port of a supervisor. It stays the same while the programs behind it are restarted, and its listeners stay too.
 * @typeParam F the program's functions, as an interface
 */
export interface PortHandle<F = UntypedFunctions> extends PortLike<F>, PortEmitter {}

export class SupervisedPort extends BasePort {
  readonly #locate: () => PortLookup;
  /** The program of the spec. */
  #start = "";
  /** The port that ran last. */
  #last: OpenPort | undefined;
  #waiting = 0;

  /** @internal */
  constructor(locate: () => PortLookup) {
    super();
    this.#locate = locate;
  }

  /** The functions that the program offers, or offered when it ran last. */
  get functions(): readonly PortFunction[] {
    return this.#last?.functions ?? [];
  }

  /** The types that its functions speak of, as {@link functions}. */
  get types(): Hello["types"] {
    return this.#last?.types ?? {};
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

  /** The way of a call while the port runs; while it is being started the call waits, and while it is down it is rejected. */
  call<T = unknown>(name: string, args: readonly unknown[] = [], options?: CallOptions): Promise<T> {
    const where = this.#locate();
    if ("port" in where) return where.port.call<T>(name, args, options);
    return this.#callLater<T>(name, args, options, "soon" in where ? where.callTimeout : 0);
  }

  cast(name: string, args: readonly unknown[] = [], options?: CastOptions): void {
    this.#now().cast(name, args, options);
  }

  async broadcast<T = unknown>(
    name: string,
    args: readonly unknown[] = [],
    options?: BroadcastOptions,
  ): Promise<T[]> {
    return await this.#now().broadcast<T>(name, args, options);
  }

  async restart(options?: ReplaceOptions): Promise<void> {
    await this.#now().restart(options);
  }

  async reload(program: Program, options?: ReplaceOptions): Promise<void> {
    await this.#now().reload(program, options);
  }

  /** The port, when it runs now. */
  #now(): OpenPort {
    const where = this.#locate();
    if ("port" in where) return where.port;
    if ("error" in where) throw where.error;
    throw new OverloadedError("the port is being started");
  }

  /** @internal The program that ran last for a spec: found before, or what took its place by {@link reload}. */
  programOf(start: string): string | undefined {
    return this.#start === start ? this.#last?.program : undefined;
  }

  /** @internal A new port of a spec is up: who listens here listens to it from now on. */
  follow(port: OpenPort, start: string): void {
    this.#start = start;
    this.#last = port;
    const tell = port.emit.bind(port) as EventEmitter["emit"];
    // All events pass through as they are. One that is heard here counts as heard by the port: it has stderr for the rest.
    (port as EventEmitter).emit = (event: string, ...args: unknown[]) => {
      const isHeard = tell(event, ...args);
      return (this as EventEmitter).emit(event, ...args) || isHeard;
    };
  }

  async #callLater<T>(
    name: string,
    args: readonly unknown[],
    options: CallOptions = {},
    callTimeout: number,
  ): Promise<T> {
    checkCallOptions("call()", CALL, options);
    const { signal } = options;
    const timeout = timeoutOf(options.timeout ?? callTimeout);
    const begin = monotonic();
    const port = await this.#waitForPort(name, timeout, signal);
    if (port === undefined) {
      const message = `${name}: no answer within ${timeout} ms; the port is being started`;
      throw new CallTimeoutError(message, { function: name, began: false });
    }
    if (timeout === 0) return port.call<T>(name, args, options);
    const left = Math.max(1, timeout - (monotonic() - begin));
    return port.call<T>(name, args, { ...options, timeout: left });
  }

  async #waitForPort(
    name: string,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<OpenPort | undefined> {
    if (this.#waiting >= maxWaiting) {
      const message = `${name}: ${maxWaiting} calls wait already for the port to be started`;
      throw new OverloadedError(message, { function: name });
    }
    this.#waiting += 1;
    try {
      return await waitForPort(this.#locate, timeout, signal);
    } finally {
      this.#waiting -= 1;
    }
  }
}
