/**
 * The way of a call: to a worker at once when one has room, else it waits; and whatever can happen to it meanwhile. The
 * dispatcher stands on the pool of workers and is the one that listens to it. Its counterpart in the program is
 * rust-port/portreeve/src/schedule.rs.
 */

import { Call, type CallTraits, promiseOf } from "../calls/call.ts";
import { closedError, closedOverError } from "../calls/caller.ts";
import type { CallList } from "../calls/queue.ts";
import type { PortError } from "../errors.ts";
import type { CallOptions } from "../options/call.ts";
import type { Settings } from "../options/settings.ts";
import type { Death } from "../pool/death.ts";
import { lostCall } from "../pool/lost-call.ts";
import type { PoolObserver } from "../pool/observer.ts";
import { Pool, type PoolListener } from "../pool/pool.ts";
import type { Worker } from "../pool/worker.ts";
import { Failure } from "../wire/failure.ts";
import type { Hello } from "../wire/hello.ts";
import { indexOfKey, leastBusy } from "./balance.ts";
import { type Entry, Functions } from "./functions.ts";
import { ANY_WORKER, castTraits, traitsOf } from "./traits.ts";
import { Unsettled } from "./unsettled.ts";
import { Waiting } from "./waiting.ts";

/** What the dispatcher tells its port. */
export interface DispatcherListener {
  /** No call waits for a worker any more. */
  drained(): void;
  /** The first call that is not settled, or that none is left. */
  busy(isBusy: boolean): void;
}

export class Dispatcher implements PoolListener {
  readonly pool: Pool;
  readonly functions: Functions;
  readonly counts = { casts: 0, lostCasts: 0, resent: 0 };
  readonly waiting: Waiting;
  readonly unsettled: Unsettled;
  readonly #settings: Settings;
  readonly #listener: DispatcherListener;
  /** No call is taken any more, and none is sent again. */
  #isClosing = false;

  /** @param observer is told what the user is told of the workers */
  constructor(settings: Settings, listener: DispatcherListener, observer: PoolObserver) {
    this.#settings = settings;
    this.#listener = listener;
    this.functions = new Functions(settings.callTimeout);
    this.waiting = new Waiting(settings);
    this.unsettled = new Unsettled(settings.cancelGrace, {
      busy: (isBusy) => listener.busy(isBusy),
      left: (call, list) => this.#left(call, list),
    });
    this.pool = new Pool(settings, this, observer);
  }

  /**
   * Sends a call, or lets it wait.
   * @param options undefined for those of the function
   * @param only the one worker of a broadcast; undefined lets `key` or the balance decide
   * @throws TypeError, CallError (CALL_UNDEF, CALL_BADARG), EtfError, OverloadedError, PortClosedError, RestartLimitError;
   *   nothing was sent then
   */
  call(name: string, args: readonly unknown[], options?: CallOptions, only?: number): Promise<unknown> {
    const index = only ?? this.#indexOf(options?.key);
    const entry = this.#admit(name, args, index);
    const isUsual = options === undefined && only === undefined;
    const traits = isUsual ? entry.traits : traitsOf(entry.traits, options ?? {}, index, only !== undefined);
    return this.#call(entry, args, traits, options?.signal);
  }

  #call(
    { to, times }: Entry,
    args: readonly unknown[],
    traits: CallTraits,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const worker = this.#pick(traits.index);
    const call = new Call(this.unsettled, to.name, traits, this.unsettled.timing.tick(), times);
    if (worker === undefined) this.waiting.encodeCall(to, args, call);
    else worker.encode(to, args, call);
    const promise = promiseOf(call);
    this.unsettled.watch(call, signal);
    if (worker === undefined) this.waiting.push(call);
    else this.#send(worker, call);
    // A toTerm() or getter among the arguments can have aborted it: that was before the signal was watched.
    if (signal?.aborted === true) this.unsettled.giveUp(call, new Failure(() => signal.reason));
    return promise;
  }

  /** Sends a message that gets no answer, or lets it wait. @throws as {@link call} does */
  cast(name: string, args: readonly unknown[], key: string | number | undefined): void {
    const index = this.#indexOf(key);
    const { to } = this.#admit(name, args, index);
    const worker = this.#pick(index);
    if (worker !== undefined) worker.cast(to, args);
    else {
      const call = new Call(this.unsettled, to.name, castTraits(index), this.unsettled.timing.tick());
      this.waiting.encodeCast(to, args, call);
      call.slab.live += 1;
      this.waiting.push(call);
    }
    this.counts.casts += 1;
  }

  /** @throws whatever speaks against sending anything */
  #admit(name: string, args: readonly unknown[], index: number): Entry {
    if (!Array.isArray(args))
      throw new TypeError(`${name}: the arguments must be a list, as in call("${name}", [1, 2])`);
    if (this.#isClosing) throw closedError(name);
    if (this.pool.isOutOfReach(index)) throw this.pool.limitError(name);
    return this.functions.find(name);
  }

  #indexOf(key: string | number | undefined): number {
    return key === undefined ? ANY_WORKER : indexOfKey(key, this.#settings.workers);
  }

  /** The worker that may have a call now; undefined when it has to wait, also behind others. */
  #pick(index: number): Worker | undefined {
    if (this.waiting.list(index).size > 0) return undefined;
    const { workers } = this.pool;
    if (index === ANY_WORKER) return leastBusy(workers);
    return workers.find((worker) => worker.index === index && worker.isAvailable);
  }

  #send(worker: Worker, call: Call): void {
    call.worker = worker;
    call.attempts += 1;
    call.sent = call.made;
    worker.send(call);
  }

  // What the pool tells.

  hello(hello: Hello): void {
    this.functions.announce(hello);
    this.waiting.maxFrameBytes = hello.maxFrameBytes;
  }

  /** Gives a worker what waits for it, as long as it has room. */
  available(worker: Worker): void {
    const any = this.waiting.list(ANY_WORKER);
    const keyed = this.waiting.list(worker.index);
    if (any.size === 0 && keyed.size === 0) return;
    this.#move(keyed, () => worker);
    this.#move(any, () => leastBusy(this.pool.workers));
    this.#checkDrained();
  }

  #move(list: CallList, pick: () => Worker | undefined): void {
    for (let call = list.first; call !== undefined; call = list.first) {
      const worker = pick();
      if (worker === undefined || !worker.isAvailable) return;
      list.remove(call);
      this.#forward(worker, call);
    }
  }

  #forward(worker: Worker, call: Call): void {
    if (call.traits.isCast) {
      worker.forwardCast(call);
      return;
    }
    call.worker = worker;
    call.attempts += 1;
    call.sent = this.unsettled.timing.present();
    // Before the end of the tick all of its time is left.
    const passed = call.made.ms > 0 ? call.sent.ms - call.made.ms : 0;
    worker.forward(call, passed);
  }

  /** A worker ended: its calls fail, or wait again before all others. */
  died(death: Death): void {
    this.counts.lostCasts += death.ending.lostCasts;
    const again: Call[] = [];
    const lost: Call[] = [];
    for (const [call, outcome] of death.outcomes) {
      if (call.isSettled) call.batch?.remove(call);
      else if (!this.#isClosing && (outcome === "resend" || outcome === "repeat")) again.push(call);
      else lost.push(call);
    }
    this.counts.resent += again.length;
    this.waiting.putBack(again);
    for (const call of lost) void this.#fail(death, call, this.#failureOf(death, call));
    for (const worker of this.pool.workers) this.available(worker);
  }

  #failureOf(death: Death, call: Call): Failure {
    const isClosing = this.#isClosing;
    return new Failure(() => {
      const error = lostCall(death, call);
      return isClosing ? closedOverError(call.name, error) : error;
    });
  }

  /** The error of the call that crashed waits until its functions have names; of the others they do for one that was stuck. */
  async #fail(death: Death, call: Call, failure: Failure): Promise<void> {
    if (call === death.culprit || death.stuck !== undefined) {
      // A turn later: the successor is spawned first, for other calls wait for that.
      await undefined;
      await death.explain();
    }
    call.fail(failure);
  }

  /** No worker of this index runs, or will soon. */
  down(index: number): void {
    this.#reject([this.waiting.list(index)], (call) => this.pool.limitError(call.name));
  }

  /** Nor of any other. */
  gaveUp(): void {
    this.#reject(this.waiting.lists, (call) => this.pool.limitError(call.name));
  }

  #reject(lists: readonly CallList[], errorOf: (call: Call) => PortError): void {
    for (const list of lists) {
      for (let call = list.first; call !== undefined; call = list.first) {
        // `settled` takes it out of the list.
        const failed = call;
        if (failed.traits.isCast) this.counts.lostCasts += 1;
        failed.fail(new Failure(() => errorOf(failed)));
      }
    }
  }

  /** Takes no more calls, and sends none again. */
  close(): void {
    this.#isClosing = true;
  }

  /** Fails all calls that wait for a worker: none will come. */
  rejectWaiting(): void {
    this.#reject(this.waiting.lists, (call) => closedError(call.name));
  }

  #left(call: Call, list: CallList): void {
    this.waiting.drop(call, list);
    this.#checkDrained();
  }

  /** However calls leave the queues, somebody may be waiting for that. */
  #checkDrained(): void {
    if (this.waiting.size > 0) return;
    this.waiting.reclaim();
    this.#listener.drained();
  }
}
