/** One process of a port, and the only door to it: its calls go in here. How it lives and ends is worker-life.ts. */

import type { Call, CallWorker } from "../calls/call.ts";
import type { SpawnTrace } from "../metrics/channels.ts";
import type { WorkerState, WorkerStats } from "../metrics/stats.ts";
import { Times } from "../metrics/times.ts";
import type { Settings } from "../options/settings.ts";
import type { BoxReading, CallState } from "../process/blackbox.ts";
import type { Stderr } from "../process/stderr.ts";
import { monotonic } from "../timers.ts";
import type { Channel } from "../wire/channel.ts";
import { patchTimeout, type Target } from "../wire/envelope.ts";
import type { Hello } from "../wire/hello.ts";
import type { Ending } from "./ending.ts";
import {
  type KillReason,
  nobodyWaits,
  outlivedStop,
  type Retirement,
  retiredTooLong,
  timeOf,
} from "./kill-reason.ts";
import type { LifeListener, WorkerListener } from "./listeners.ts";
import type { PoolObserver } from "./observer.ts";
import { stuckId } from "./stuck.ts";
import { WorkerLife } from "./worker-life.ts";

export class Worker implements LifeListener, CallWorker {
  /** Which of the port's workers it is, from 0. */
  readonly index: number;
  state: WorkerState = "starting";
  readonly times = new Times();
  /** Why it goes though it did not die. */
  retirement: Retirement | undefined;
  readonly #life: WorkerLife;
  readonly #channel: Channel;
  readonly #listener: WorkerListener;
  readonly #shutdown: number;
  /** Calls that were answered. */
  #answered = 0;
  /** Calls and casts that it was given, and how many there may be. */
  #given = 0;
  readonly #mostCalls: number;

  constructor(
    settings: Settings,
    listener: WorkerListener,
    observer: PoolObserver,
    index: number,
    stderr: Stderr,
  ) {
    this.index = index;
    this.#listener = listener;
    this.#shutdown = settings.shutdown;
    this.#mostCalls = settings.recycle.maxCalls ?? Number.POSITIVE_INFINITY;
    this.#life = new WorkerLife(settings, this, observer, index, stderr);
    this.#channel = this.#life.channel;
  }

  /** Spawns the program and waits until it is ready: see {@link WorkerLife.start}. */
  async start(restart?: SpawnTrace["restart"]): Promise<void> {
    try {
      await this.#life.start(restart);
    } catch (error) {
      this.state = "dead";
      throw error;
    }
  }

  /** See {@link WorkerLife.wasInterrupted}. */
  get wasInterrupted(): boolean {
    return this.#life.wasInterrupted;
  }

  get pid(): number | undefined {
    return this.#life.process.pid;
  }

  /** ms of `performance.now()` when it was ready; 0 before. */
  get readyAt(): number {
    return this.#life.readyAt;
  }

  /** Whether a call may be sent to it now. */
  get isAvailable(): boolean {
    return this.state === "ready" && !this.isSpent && !this.#life.isCutOff && this.#channel.outbox.hasRoom;
  }

  /** Whether it was given as many calls as it may have (`recycle.maxCalls`). */
  get isSpent(): boolean {
    return this.#given >= this.#mostCalls;
  }

  /** How many calls it has and has not answered. */
  get inFlight(): number {
    return this.#channel.pending.size;
  }

  /** Encodes a call for it; `send` is to follow in the same turn. @throws EtfError, CallError (CALL_BADARG) */
  encode(to: Target, args: readonly unknown[], call: Call): void {
    const { timeout, trace } = call.traits;
    this.#channel.outbox.encode(to, args, timeout, trace, call);
  }

  /** Sends the call that was encoded last. */
  send(call: Call): void {
    this.#channel.outbox.send(call);
    this.#give();
  }

  /** Sends a call that was encoded elsewhere. @param passed ms of its timeout */
  forward(call: Call, passed: number): void {
    const { timeout } = call.traits;
    if (timeout !== 0 && passed > 0) patchTimeout(call.slab, call.end, timeout - passed);
    this.#channel.outbox.forward(call);
    this.#give();
  }

  /** Sends a message that gets no answer. @throws as {@link encode} does */
  cast(to: Target, args: readonly unknown[]): void {
    this.#channel.outbox.cast(to, args);
    this.#give();
  }

  /** Sends a cast that was encoded elsewhere. */
  forwardCast(cast: Call): void {
    this.#channel.outbox.forwardCast(cast);
    this.#give();
  }

  #give(): void {
    this.#given += 1;
    if (this.#given === this.#mostCalls) this.#listener.spent(this);
  }

  stateOf(id: number): CallState {
    return this.#life.process.stateOf(id);
  }

  cancel(id: number): void {
    this.#channel.outbox.cancel(id);
  }

  ignoredCancel(call: Call): void {
    this.#listener.ignoredCancel(this, call);
  }

  /**
   * Takes no more calls and goes when it has none, or when its time is over. Of two reasons that which leaves it less
   * time holds.
   */
  retire(retirement: Retirement): void {
    if (this.state !== "ready" && this.state !== "retiring") return;
    if (this.#life.isEnding) return;
    if (this.retirement?.kind !== "ignored") this.retirement = retirement;
    this.#life.endIn(timeOf(retirement), retiredTooLong(retirement));
    this.stop();
    this.#endWhenIdle();
  }

  /** Takes no more calls; the program is told to finish and to exit. */
  stop(): void {
    if (this.state !== "ready") return;
    this.#channel.outbox.stop();
    this.lost();
  }

  /** Ends it in `ms`, unless it is ended sooner. */
  endIn(ms: number, reason: KillReason): void {
    this.#life.endIn(ms, reason);
  }

  /** Ends it at once. */
  endNow(reason: KillReason): void {
    this.#life.endNow(reason);
  }

  /** Resolves when it is reaped and all that it wrote was read. */
  whenEnded(): Promise<void> {
    return this.#life.whenEnded();
  }

  /**
   * A worker that retires and has nothing left exits by itself, for it was told to. One that ignores a cancel does not,
   * and is not waited for when nobody waits for any of its calls.
   */
  #endWhenIdle(): void {
    if (this.state !== "retiring") return;
    const { retirement } = this;
    if (this.inFlight === 0) this.#life.endIn(this.#shutdown, outlivedStop(this.#shutdown));
    else if (retirement?.kind === "ignored" && !this.#channel.hasAwaited())
      this.#life.end(nobodyWaits(retirement.function));
  }

  began(hello: Hello): void {
    this.state = "ready";
    this.#listener.hello(hello);
  }

  writable(): void {
    if (this.state === "ready") this.#listener.available(this);
  }

  answered(calls: number): void {
    this.#answered += calls;
    if (this.state === "ready") this.#listener.available(this);
    else this.#endWhenIdle();
  }

  lost(): void {
    if (this.state !== "ready") return;
    this.state = "retiring";
    this.#listener.lost(this);
  }

  stuck(running: readonly number[]): number | undefined {
    const calls = running.map((id) => this.#channel.pending.get(id) as Call | undefined);
    return stuckId(calls, this.retirement);
  }

  ended(calls: readonly Call[], box: BoxReading | undefined): void {
    this.state = "dead";
    this.#listener.ended(this, calls, box);
  }

  ending(): Ending {
    return this.#life.ending();
  }

  /** Its numbers at this moment. */
  stats(): Omit<WorkerStats, "restarts"> {
    const { owed, unanswered, unread } = this.#channel.held;
    const { strays, malformed } = this.#channel.inbox;
    return {
      worker: this.index,
      pid: this.pid,
      state: this.state,
      uptime: this.readyAt === 0 ? 0 : monotonic() - this.readyAt,
      inFlight: this.inFlight,
      answered: this.#answered,
      times: this.times.stats(),
      heldBytes: owed + unanswered + unread,
      strays,
      malformed,
      hasBox: this.#life.process.hasBox,
    };
  }
}
