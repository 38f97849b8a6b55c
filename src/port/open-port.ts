/**
 * The port that `open` gives (port.ts has its types). The way of a call goes on in dispatch/dispatcher.ts, the life of the
 * workers in pool/pool.ts.
 */

import { basename } from "node:path";
import { callUser } from "../call-user.ts";
import { withCallersStack } from "../calls/caller.ts";
import { Dispatcher, type DispatcherListener } from "../dispatch/dispatcher.ts";
import { PortClosedError } from "../errors.ts";
import { callChannel } from "../metrics/channels.ts";
import type { PortStats } from "../metrics/stats.ts";
import {
  BROADCAST,
  type BroadcastOptions,
  CALL,
  CAST,
  type CallOptions,
  type CastOptions,
  checkCallOptions,
} from "../options/call.ts";
import { type OpenOptions, REPLACE, type ReplaceOptions } from "../options/open.ts";
import { isSought, type Program, programPath } from "../options/program.ts";
import { type Settings, settle } from "../options/settings.ts";
import { checkOptions } from "../options/table.ts";
import { resolve } from "../resolve/resolve.ts";
import { monotonic } from "../timers.ts";
import type { Hello, PortFunction } from "../wire/hello.ts";
import { BasePort } from "./base.ts";
import { KeepAlive } from "./keep-alive.ts";
import { statsOf } from "./stats.ts";
import { observerFor } from "./tell.ts";

const NO_OPTIONS: CallOptions = {};

export class OpenPort extends BasePort {
  readonly #settings: Settings;
  readonly #dispatcher: Dispatcher;
  readonly #keepAlive: KeepAlive;
  #closing: Promise<void> | undefined;

  private constructor(settings: Settings) {
    super();
    this.#settings = settings;
    this.#dispatcher = new Dispatcher(settings, this.#listener(), observerFor(this));
    const { unsettled, waiting } = this.#dispatcher;
    this.#keepAlive = new KeepAlive(() => unsettled.size + waiting.size === 0);
  }

  /** What `open` does. */
  static async open(program: Program, options: OpenOptions): Promise<OpenPort> {
    return OpenPort.start(settle(program, options), options.signal);
  }

  /** What {@link open} does once its options are settled. */
  static async start(settings: Settings, signal: AbortSignal | undefined): Promise<OpenPort> {
    signal?.throwIfAborted();
    const { sought } = settings;
    const path = sought === undefined ? settings.path : (await resolve(sought, { signal })).path;
    const port = new OpenPort({ ...settings, path });
    await port.#start(signal);
    return port;
  }

  async #start(signal: AbortSignal | undefined): Promise<void> {
    const { pool } = this.#dispatcher;
    const stop = () => void pool.kill();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await this.#keepAlive.during(() => pool.start());
      // A worker can have been ready at the moment of the abort.
      if (signal?.aborted === true) await pool.kill();
      signal?.throwIfAborted();
    } catch (error) {
      this.#keepAlive.end();
      throw signal?.aborted === true ? signal.reason : error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  get name(): string {
    return this.#settings.name ?? this.#dispatcher.functions.hello?.name ?? basename(this.program);
  }

  get program(): string {
    return this.#dispatcher.pool.settings.path;
  }

  get functions(): readonly PortFunction[] {
    return this.#dispatcher.functions.functions;
  }

  get types(): Hello["types"] {
    return this.#dispatcher.functions.hello?.types ?? {};
  }

  get needsDrain(): boolean {
    return this.#dispatcher.waiting.size > 0;
  }

  call<T = unknown>(
    name: string,
    args: readonly unknown[] = [],
    options: CallOptions = NO_OPTIONS,
  ): Promise<T> {
    // Not async: the promise that the answer settles is the caller's own.
    try {
      if (options !== NO_OPTIONS) checkCallOptions("call()", CALL, options);
      const outcome = callChannel.hasSubscribers
        ? this.#traced(name, args, options)
        : this.#dispatcher.call(name, args, options === NO_OPTIONS ? undefined : options);
      return outcome as Promise<T>;
    } catch (error) {
      this.#dispatcher.functions.refuse(name, error);
      // That of the codec alone would be too deep for the caller's line.
      return Promise.reject(withCallersStack(error, this.call, name));
    }
  }

  cast(name: string, args: readonly unknown[] = [], options: CastOptions = NO_OPTIONS): void {
    try {
      if (options !== NO_OPTIONS) checkCallOptions("cast()", CAST, options);
      this.#dispatcher.cast(name, args, options.key);
    } catch (error) {
      this.#dispatcher.functions.refuse(name, error);
      throw withCallersStack(error, this.cast, name);
    }
  }

  async broadcast<T = unknown>(
    name: string,
    args: readonly unknown[] = [],
    options: BroadcastOptions = NO_OPTIONS,
  ): Promise<T[]> {
    checkCallOptions("broadcast()", BROADCAST, options);
    const { workers } = this.#settings;
    const calls = Array.from({ length: workers }, (_, index) => this.#callEach(name, args, options, index));
    const outcomes = await Promise.allSettled(calls);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") throw withCallersStack(outcome.reason, this.broadcast, name);
    }
    return Promise.all(calls) as Promise<T[]>;
  }

  restart(options: ReplaceOptions = {}): Promise<void> {
    return this.#renew("restart", undefined, options);
  }

  async reload(program: Program, options: ReplaceOptions = {}): Promise<void> {
    const path = isSought(program) ? (await resolve(program)).path : programPath(program);
    await this.#renew("reload", path, options);
  }

  async #renew(act: "restart" | "reload", path: string | undefined, options: ReplaceOptions): Promise<void> {
    checkOptions(`${act}()`, "", REPLACE, options);
    if (this.#closing !== undefined) throw new PortClosedError(`${act}: the port is closed`);
    const { pool } = this.#dispatcher;
    await this.#keepAlive.during(() => pool.renewals.all(path, `is replaced (${act})`, options.drain));
  }

  stats(): PortStats {
    return statsOf(this.#dispatcher);
  }

  close(): Promise<void> {
    this.#closing ??= this.#keepAlive.during(() => this.#close());
    return this.#closing;
  }

  kill(): Promise<void> {
    const closed = this.close();
    const killed = this.#dispatcher.pool.kill();
    this.#dispatcher.rejectWaiting();
    this.#keepAlive.giveUp();
    return killed.then(() => closed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { shutdown } = this.#settings;
    this.#dispatcher.close();
    const deadline = monotonic() + shutdown;
    await this.#keepAlive.idle(shutdown);
    await this.#dispatcher.pool.close(Math.max(0, Math.ceil(deadline - monotonic())));
    this.#dispatcher.rejectWaiting();
    this.#keepAlive.end();
  }

  /** The same with somebody listening. */
  async #traced(
    name: string,
    args: readonly unknown[],
    options: CallOptions,
    only?: number,
  ): Promise<unknown> {
    const told = { port: this.name, function: name, args, trace: options.trace };
    const call = async () => {
      const all = told.trace === options.trace ? options : { ...options, trace: told.trace };
      // A listener may have set it.
      if (all !== options) checkCallOptions("call()", CALL, all);
      return this.#tryCall(name, args, all, only);
    };
    try {
      return await callChannel.tracePromise(call, told);
    } catch (error) {
      throw withCallersStack(error, this.#traced, name);
    }
  }

  /** One call of a broadcast. */
  async #callEach(
    name: string,
    args: readonly unknown[],
    options: CallOptions,
    index: number,
  ): Promise<unknown> {
    const isTraced = callChannel.hasSubscribers;
    return isTraced ? this.#traced(name, args, options, index) : this.#tryCall(name, args, options, index);
  }

  /** A call whose refusal is counted here; what fails later counts itself. */
  #tryCall(
    name: string,
    args: readonly unknown[],
    options: CallOptions,
    only: number | undefined,
  ): Promise<unknown> {
    try {
      return this.#dispatcher.call(name, args, options, only);
    } catch (error) {
      this.#dispatcher.functions.refuse(name, error);
      throw error;
    }
  }

  #listener(): DispatcherListener {
    return {
      drained: () => {
        this.#keepAlive.release();
        callUser(() => this.emit("drain"));
      },
      busy: (isBusy) => this.#keepAlive.busy(isBusy),
    };
  }
}
