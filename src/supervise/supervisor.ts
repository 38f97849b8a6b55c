/**
 * The supervisor as its users see it: requests, what is there, and events. `supervise` makes it; the engine
 * (engine.ts) decides what it does and the driver (driver.ts) does it.
 */

import { EventEmitter } from "node:events";
import { type Death, PortClosedError, RestartLimitError } from "../errors.ts";
import { checkValue, id as idRule } from "../options/table.ts";
import type { PortLike } from "../port/port-like.ts";
import type { UntypedFunctions } from "../port/typing.ts";
import { enqueueMicrotask, wallClock } from "../timers.ts";
import { type Child, describe, type ExitReason } from "./child.ts";
import type { Counts, Entry, Flags, Status } from "./command.ts";
import { Driver, type Starter, type StartSignals, type SupervisorEvent } from "./driver.ts";
import { refusal, SupervisorError } from "./error.ts";
import type { Place } from "./place.ts";
import { PortChild } from "./port-child.ts";
import type { PortHandle } from "./port-handle.ts";
import type { PortLookup } from "./port-lookup.ts";
import { type ChildSpec, type Shutdown, type Spec, specOf } from "./spec.ts";
import type { RestartType } from "./strategy.ts";

/** What a supervisor tells of one child. */
export interface ChildInfo {
  readonly id: string;
  readonly type: "worker" | "supervisor";
  readonly restart: RestartType;
  readonly significant: boolean;
  readonly shutdown: Shutdown;
  readonly status: Status;
  /** What its start gave, while it runs: a `PortChild` with its `port`, a {@link Supervisor}, or the user's own. */
  readonly child: Child | undefined;
}

/** The events of a supervisor: what OTP logs. Each tells the child's id. */
export interface SupervisorEvents {
  /** A child ended by itself. */
  exit: [{ readonly id: string; readonly reason: ExitReason }];
  /** A child runs again, after its own end or that of another one in its group. */
  restart: [{ readonly id: string }];
  /** A restart failed; it will be tried again. */
  startError: [{ readonly id: string; readonly error: unknown }];
  /** A child that was stopped did not go as it should. `problem` says how, after "child x". */
  shutdownError: [{ readonly id: string; readonly reason: ExitReason; readonly problem: string }];
  /** More than `maxRestarts` in `period`: the supervisor ends. `history` holds the last of them, oldest first. */
  gaveUp: [{ readonly id: string; readonly history: readonly Death[] }];
}

/** Made by `supervise`. It is a {@link Child} too, so that a supervisor can have supervisors as children. */
export class Supervisor extends EventEmitter<SupervisorEvents> implements Child {
  /**
   * Resolves when it has ended and all its children are gone: with `"shutdown"` after {@link close}, giving up and
   * automatic shutdown, with `{ error }` after {@link kill}. Never rejects.
   */
  readonly exited: Promise<ExitReason>;
  readonly #flags: Flags;
  readonly #driver: Driver;
  /** The model of dynamic children. */
  readonly #model: Spec | undefined;
  readonly #place: Place;
  #made = 0;
  readonly #history: Death[] = [];
  #hasGivenUp = false;

  /** @internal See `supervise`. */
  constructor(flags: Flags, starter: Starter, model: Spec | undefined, place: Place) {
    super();
    this.#place = place;
    place.settle((path) => this.#locate(path));
    this.#flags = flags;
    this.#driver = new Driver(flags, starter, (told) => this.#tell(told));
    this.#model = model;
    this.exited = this.#driver.exited;
  }

  /** @internal Starts the first children, unless it is told to end meanwhile. */
  async begin(specs: readonly Spec[], signals: StartSignals | undefined): Promise<void> {
    const forget = [
      onAbort(signals?.ending, () => this.#driver.abort()),
      onAbort(signals?.killed, () => this.#driver.kill()),
    ];
    await this.#driver
      .post(() => this.#driver.engine.start(specs))
      .finally(() => {
        for (const remove of forget) remove();
      });
  }

  /**
   * Adds a child and starts it; one that fails to start leaves no spec behind.
   *
   * With dynamic children it takes a list of arguments instead of a spec: a function gets them after its signal,
   * a program at the end of its command line. The id of the new child is that of the model with a number: `model:1`.
   *
   * @throws TypeError for a wrong spec; SupervisorError SUPERVISOR_START, _ALREADY_STARTED, _ALREADY_PRESENT, _CLOSED
   */
  startChild(spec: ChildSpec): Promise<ChildInfo>;
  startChild(args?: readonly unknown[]): Promise<ChildInfo>;
  async startChild(given: ChildSpec | readonly unknown[] = []): Promise<ChildInfo> {
    const { engine } = this.#driver;
    const [spec, args] = this.#nextSpec(given);
    return this.#info(await this.#driver.post(() => engine.startChild(spec, args)));
  }

  /**
   * Stops a child, or ends the wait for its restart, and resolves when it is gone. Its spec stays, unless it is
   * temporary or dynamic. One that does not run is left as it is.
   *
   * @throws SupervisorError SUPERVISOR_NOT_FOUND, _CLOSED; _SIMPLE_ONE_FOR_ONE for the model of dynamic children
   */
  async stopChild(id: string): Promise<void> {
    checkValue("id", idRule, id);
    if (id === this.#model?.id) this.#refuseDynamic("stopChild of the model");
    if (this.#isGone(id)) return;
    await this.#driver.post(() => this.#driver.engine.stopChild(id));
  }

  /**
   * Starts a child that does not run. This is no restart, and does not count as one.
   * @throws SupervisorError SUPERVISOR_START, _RUNNING, _RESTARTING, _NOT_FOUND, _SIMPLE_ONE_FOR_ONE, _CLOSED
   */
  async restartChild(id: string): Promise<ChildInfo> {
    checkValue("id", idRule, id);
    this.#refuseDynamic("restartChild");
    return this.#info(await this.#driver.post(() => this.#driver.engine.restartChild(id)));
  }

  /**
   * Forgets a child that does not run.
   * @throws SupervisorError SUPERVISOR_RUNNING, _RESTARTING, _NOT_FOUND, _SIMPLE_ONE_FOR_ONE, _CLOSED
   */
  async deleteChild(id: string): Promise<void> {
    checkValue("id", idRule, id);
    this.#refuseDynamic("deleteChild");
    await this.#driver.turn(() => this.#driver.engine.deleteChild(id));
  }

  /** All children as they are now, in start order. */
  children(): readonly ChildInfo[] {
    return this.#driver.engine.entries().map((child) => this.#info(child));
  }

  /** How many children there are, and how many of them run. */
  counts(): Counts {
    return this.#driver.engine.counts();
  }

  /**
   * A port of this supervisor, or of one below: `port("storage", "index")` is the child `index` of the supervisor
   * `storage`. It stays the same, whatever is restarted behind it.
   *
   * @typeParam F the program's functions, as an interface
   * @throws SupervisorError SUPERVISOR_NOT_FOUND when there is no such child now; TypeError when it is no port
   */
  port<F = UntypedFunctions>(...path: [id: string, ...ids: string[]]): PortHandle<F> {
    for (const id of path) checkValue("id", idRule, id);
    const place = path.reduce((above, id) => above.below(id), this.#place);
    if (!place.isKnown) refuseNoPort(this.#locate(path));
    // What the functions are is the user's word, here as with `open`.
    return place.handle as PortLike as PortHandle<F>;
  }

  /**
   * Stops all children in reverse start order, each as its `shutdown` says, dynamic ones all at once. A start that
   * is under way is aborted. Resolves when all are gone; calling it again waits for the same.
   */
  async close(): Promise<void> {
    this.#driver.abort();
    await this.#driver.post(() => this.#driver.engine.shutdown());
    await this.exited;
  }

  /** {@link close}, as a supervisor above calls it. */
  stop(): Promise<void> {
    return this.close();
  }

  /** Kills all children at once, and ends with `{ error }`. */
  kill(): Promise<void> {
    this.#driver.kill();
    return this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #locate([id = "", ...below]: readonly string[]): PortLookup {
    const entry = this.#driver.engine.find(id);
    if (entry === undefined) return { error: refusal("NOT_FOUND", id, "does not exist") };
    const child = this.#driver.childOf(entry);
    if (entry.status !== "running" || child === undefined) return this.#absence(entry);
    if (below.length > 0 && child instanceof Supervisor) return child.#locate(below);
    if (below.length > 0) return { error: new TypeError(`child ${JSON.stringify(id)} is no supervisor`) };
    if (!(child instanceof PortChild))
      return { error: new TypeError(`child ${JSON.stringify(id)} is no port`) };
    return child.failure === undefined ? { port: child.port } : { error: child.failure };
  }

  /** Why a child does not run, or how long to wait for it. */
  #absence({ spec, status, ticket }: Entry<Spec>): PortLookup {
    const name = `child ${JSON.stringify(spec.id)}`;
    if (status === "restarting" && ticket === 0 && !this.#driver.engine.over) {
      const callTimeout = "callTimeout" in spec.start ? spec.start.callTimeout : 0;
      return { soon: this.#driver.nextTurn(), callTimeout };
    }
    const history = [...this.#history];
    const last = history.at(-1)?.reason;
    if (this.#hasGivenUp) {
      return {
        error: new RestartLimitError(`${name} was restarted too often; the last time: ${last}`, { history }),
      };
    }
    if (status === "restarting") {
      return { error: new RestartLimitError(`${name} is down for a while: ${last}`, { history }) };
    }
    return { error: new PortClosedError(`${name} does not run`) };
  }

  #nextSpec(given: ChildSpec | readonly unknown[]): [Spec, readonly unknown[]] {
    if (this.#model === undefined) {
      return [specOf(given as ChildSpec, this.#flags.autoShutdown, "the child spec"), []];
    }
    if (!Array.isArray(given))
      throw new TypeError("for a dynamic child startChild takes a list of arguments, and no spec");
    this.#made += 1;
    return [{ ...this.#model, id: `${this.#model.id}:${this.#made}` }, given];
  }

  /** A dynamic child that was there once: stopping it is fine, as stopping a dead pid is in OTP. */
  #isGone(id: string): boolean {
    if (this.#model === undefined || this.#driver.engine.find(id) !== undefined) return false;
    const number = Number(id.slice(this.#model.id.length + 1));
    return id === `${this.#model.id}:${number}` && number >= 1 && number <= this.#made;
  }

  #refuseDynamic(what: string): void {
    if (this.#model === undefined) return;
    throw new SupervisorError(
      "SUPERVISOR_SIMPLE_ONE_FOR_ONE",
      `${what} is not possible with dynamic children`,
    );
  }

  #info(child: Entry<Spec>): ChildInfo {
    const { spec, status } = child;
    const { id, type, restart, significant, shutdown } = spec;
    return { id, type, restart, significant, shutdown, status, child: this.#driver.childOf(child) };
  }

  /** Listeners run after the step that told, so that what they throw does not get into it. */
  #tell(told: SupervisorEvent): void {
    if (told.event === "exit") this.#remember(`child ${JSON.stringify(told.id)} ${describe(told.reason)}`);
    if (told.event === "startError") {
      this.#remember(
        `child ${JSON.stringify(told.id)} ${describe({ error: told.error })} when it was restarted`,
      );
    }
    if (told.event === "gaveUp") this.#hasGivenUp = true;
    const { event, ...info } = told;
    const about = event === "gaveUp" ? { ...info, history: [...this.#history] } : info;
    enqueueMicrotask(() => (this as EventEmitter).emit(event, about));
  }

  #remember(reason: string): void {
    this.#history.push({ at: wallClock(), reason });
    if (this.#history.length > this.#flags.intensity.maxRestarts + 1) this.#history.shift();
  }
}

/** Listens to an abort that may have been already. @returns ends that */
function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  signal?.addEventListener("abort", act, { once: true });
  if (signal?.aborted) act();
  return () => signal?.removeEventListener("abort", act);
}

/** That a port does not run is no reason to refuse a handle; that there is none is. */
function refuseNoPort(where: PortLookup): void {
  if (!("error" in where)) return;
  const { error } = where;
  if (error instanceof TypeError || error instanceof SupervisorError) throw error;
}
