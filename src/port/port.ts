/**
 * A port as its user sees it: `open` starts the program, `call` and `cast` reach its functions, `close` ends it.
 * The way of a call goes on in dispatch/dispatcher.ts, the life of the workers in pool/pool.ts.
 */

import { EventEmitter } from "node:events";
import { basename } from "node:path";
import { callUser } from "../call-user.ts";
import { withCallersStack } from "../calls/caller.ts";
import { Dispatcher, type DispatcherListener } from "../dispatch/dispatcher.ts";
import { PortClosedError } from "../errors.ts";
import { callChannel, tellRestart, tellSpan } from "../metrics/channels.ts";
import type { PortStats } from "../metrics/stats.ts";
import { BROADCAST, CALL, CAST, type CallOptions, checkCallOptions } from "../options/call.ts";
import { type OpenOptions, REPLACE, type ReplaceOptions } from "../options/open.ts";
import { isSought, type Program, programPath } from "../options/program.ts";
import { type Settings, settle } from "../options/settings.ts";
import { checkOptions } from "../options/table.ts";
import type { PoolObserver, Restart } from "../pool/observer.ts";
import { Printer } from "../process/print.ts";
import { resolve } from "../resolve/resolve.ts";
import { monotonic } from "../timers.ts";
import type { Hello, PortFunction } from "../wire/hello.ts";
import type { LogRecord } from "../wire/incoming.ts";
import { type ArgsOf, type Client, makeView, type NameOf, type ResultOf, type Untyped } from "./client.ts";
import type { PortEvents } from "./events.ts";
import { KeepAlive } from "./keep-alive.ts";
import { statsOf } from "./stats.ts";

const NO_OPTIONS: CallOptions = {};
/** Levels that go to stderr when nobody listens. */
const LOUD = new Set(["warn", "error"]);

/**
 * A program and its workers. Made by {@link open}.
 * @typeParam F the program's functions, as an interface; without it names are not checked and results are `unknown`
 */
export class Port<F = Untyped> extends EventEmitter<PortEvents> {
  readonly #settings: Settings;
  readonly #dispatcher: Dispatcher;
  readonly #keepAlive: KeepAlive;
  #closing: Promise<void> | undefined;
  #printer: Printer | undefined;

  /** Ports are made by {@link open}. */
  private constructor(settings: Settings) {
    super();
    this.#settings = settings;
    this.#dispatcher = new Dispatcher(settings, this.#listener(), this.#observer());
    const { unsettled, waiting } = this.#dispatcher;
    this.#keepAlive = new KeepAlive(() => unsettled.size + waiting.size === 0);
  }

  /** @internal */
  static async open<F>(program: Program, options: OpenOptions): Promise<Port<F>> {
    return Port.start(settle(program, options), options.signal);
  }

  /** @internal What {@link open} does once its options are settled. */
  static async start<F>(settings: Settings, signal: AbortSignal | undefined): Promise<Port<F>> {
    signal?.throwIfAborted();
    const { sought } = settings;
    const path = sought === undefined ? settings.path : (await resolve(sought, { signal })).path;
    const port = new Port<F>({ ...settings, path });
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

  /** What the program is called: the option `name`, or its own word; its file's name before it has said one. */
  get name(): string {
    return this.#settings.name ?? this.#dispatcher.functions.hello?.name ?? basename(this.program);
  }

  /** The path of the program that workers are started from: that of `open`, or of a `reload`. */
  get program(): string {
    return this.#dispatcher.pool.settings.path;
  }

  /** The functions that the program offers, as it described them. */
  get functions(): readonly PortFunction[] {
    return this.#dispatcher.functions.functions;
  }

  /** The types that its functions speak of, by name. */
  get types(): Hello["types"] {
    return this.#dispatcher.functions.hello?.types ?? {};
  }

  /** Calls wait for a worker: `"drain"` is emitted when none does any more. */
  get needsDrain(): boolean {
    return this.#dispatcher.waiting.size > 0;
  }

  /**
   * Calls a function.
   * @param name a name of {@link functions}
   * @param args its arguments, encoded at once and not borrowed: they may change as soon as this returns, byte arrays included.
   * @returns the function's result. Never throws, rejects with:
   *   CallError (CALL_UNDEF, CALL_BADARG, CALL_ERROR, CALL_PANIC, CALL_STALE), CallTimeoutError, OverloadedError, PortExitError,
   *   PortClosedError, RestartLimitError, ProtocolError, EtfError for what ETF cannot hold, or the reason of `signal`
   */
  call<T = never, N extends NameOf<F> = NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [] = [],
    options: CallOptions = NO_OPTIONS,
  ): Promise<[T] extends [never] ? ResultOf<F, N> : T> {
    // Not async: the promise that the answer settles is the caller's own.
    try {
      if (options !== NO_OPTIONS) checkCallOptions("call()", CALL, options);
      const outcome = callChannel.hasSubscribers
        ? this.#traced(name, args, options)
        : this.#dispatcher.call(name, args, options === NO_OPTIONS ? undefined : options);
      return outcome as Promise<[T] extends [never] ? ResultOf<F, N> : T>;
    } catch (error) {
      this.#dispatcher.functions.refuse(name, error);
      // That of the codec alone would be too deep for the caller's line.
      return Promise.reject(withCallersStack(error, this.call, name));
    }
  }

  /**
   * Sends a message to a function and forgets it: no answer, no error, at most once.
   * @throws CallError (CALL_UNDEF, CALL_BADARG), OverloadedError, PortClosedError, RestartLimitError, EtfError
   */
  cast<N extends NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [] = [],
    options: Pick<CallOptions, "key"> = NO_OPTIONS,
  ): void {
    try {
      if (options !== NO_OPTIONS) checkCallOptions("cast()", CAST, options);
      this.#dispatcher.cast(name, args, options.key);
    } catch (error) {
      this.#dispatcher.functions.refuse(name, error);
      throw withCallersStack(error, this.cast, name);
    }
  }

  /**
   * Calls a function on every worker: to warm up, or to tell them all something.
   * @returns the results in the order of the workers; rejects with the first error when all have ended. A call that is
   *   lost with its worker is not sent again: it was meant for that one.
   */
  async broadcast<T = never, N extends NameOf<F> = NameOf<F>>(
    name: N,
    args: ArgsOf<F, N> | readonly [] = [],
    options: Omit<CallOptions, "key" | "idempotent"> = {},
  ): Promise<([T] extends [never] ? ResultOf<F, N> : T)[]> {
    checkCallOptions("broadcast()", BROADCAST, options);
    const { workers } = this.#settings;
    const calls = Array.from({ length: workers }, (_, index) => this.#callEach(name, args, options, index));
    const outcomes = await Promise.allSettled(calls);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") throw withCallersStack(outcome.reason, this.broadcast, name);
    }
    return Promise.all(calls) as Promise<([T] extends [never] ? ResultOf<F, N> : T)[]>;
  }

  /**
   * Replaces all workers, one after the other, without losing a call: each takes calls until its successor is ready, and
   * goes when the last of them has ended, unless `drain` bounds that. Several restarts and reloads are done one at a time,
   * in the order in which they were asked for.
   * @returns when every worker has a successor; the old ones may still be finishing calls
   * @throws SpawnError, HandshakeError; the workers that were not replaced yet go on. PortClosedError, RangeError
   */
  restart(options: ReplaceOptions = {}): Promise<void> {
    return this.#renew("restart", undefined, options);
  }

  /**
   * Goes over to another program, or to a new build of the same, as {@link restart} does.
   *
   * From the first worker of the new program that is ready on, it is the one that is started after a death, and what it
   * said of its functions holds for the whole port; calls may reach workers of the old one until all are replaced. When
   * none gets ready, nothing has changed. When only some do, reload again: the new program, or the old one.
   * @param program as for {@link open}
   * @throws as {@link restart}; ResolveError
   */
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

  /**
   * The functions as methods: of a generated client, or by hand `port.as<Functions>()`.
   * @param client says which functions there have to be; without it all that the program announced
   * @param options of every call of this view
   * @throws CallError (CALL_UNDEF) when the program lacks a function of the client; TypeError, RangeError for a wrong option
   */
  as<C = F>(client?: Client<C>, options: CallOptions = NO_OPTIONS): C {
    if (options !== NO_OPTIONS) checkCallOptions("as()", CALL, options);
    const view = makeView(this.functions, client?.functions, (name, args) =>
      this.call<unknown>(name as NameOf<F>, args as ArgsOf<F, NameOf<F>>, options),
    );
    return view as C;
  }

  /** Numbers of this moment: calls, queues, workers. */
  stats(): PortStats {
    return statsOf(this.#dispatcher);
  }

  /**
   * Ends the port: no new calls, accepted ones may finish for `shutdown` ms, then the workers are ended by force and
   * what is left rejects with PortClosedError.
   * @returns when all workers are reaped; the same promise every time
   */
  close(): Promise<void> {
    this.#closing ??= this.#keepAlive.during(() => this.#close());
    return this.#closing;
  }

  /** Ends the port at once: its workers are killed, what was accepted rejects. @returns as {@link close} does */
  kill(): Promise<void> {
    const closed = this.close();
    const killed = this.#dispatcher.pool.kill();
    this.#dispatcher.rejectWaiting();
    this.#keepAlive.giveUp();
    return killed.then(() => closed);
  }

  /** `await using port = …` closes it at the end of the block. */
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

  /** What is told of the workers are this port's events. */
  #observer(): PoolObserver {
    return {
      exited: (exit) => callUser(() => this.emit("exit", exit)),
      restarting: (restart) => this.#restarting(restart),
      retired: (retire) => callUser(() => this.emit("retire", retire)),
      gaveUp: (error) => callUser(() => this.emit("gaveUp", error)),
      event: (topic, value) => callUser(() => this.emit("event", topic, value)),
      log: (record) => callUser(() => this.#log(record)),
      span: (worker, pid, span) => tellSpan({ port: this.name, worker, pid, span }),
    };
  }

  #restarting(restart: Restart): void {
    tellRestart(() => ({ port: this.name, ...restart }));
    callUser(() => this.emit("restart", restart));
  }

  /** What nobody listens to is not lost, from "warn" on. */
  #log(record: LogRecord): void {
    if (this.emit("log", record) || !LOUD.has(record.level)) return;
    this.#printer ??= new Printer(this.name);
    this.#printer.print([`${record.level} ${record.target}: ${record.message}`]);
  }
}

/**
 * Starts a port program.
 * @typeParam F the program's functions, as an interface
 * @param program a path, relative to the current folder, or a `file:` URL; never searched in PATH. `{ package: import.meta.url }`:
 *   the program of the package around this file, wherever it is: see docs/shipping.md. `{ crate: "native" }`: that crate's, built
 *   first; for development. The time that this takes is not part of `startTimeout`
 * @returns when every worker is ready
 * @throws TypeError, RangeError for a wrong option; ResolveError (PORT_RESOLVE) when there is no program that may be started,
 *   BuildError (PORT_BUILD) of a crate; SpawnError (PORT_SPAWN), HandshakeError (PORT_HANDSHAKE) when the program cannot start
 *   or is no port program: nothing is left running then
 */
export function open<F = Untyped>(program: Program, options: OpenOptions = {}): Promise<Port<F>> {
  return Port.open<F>(program, options);
}
