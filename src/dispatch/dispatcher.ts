/**
 * The way of a call through the port: to a worker at once when one has room, else into a queue; and whatever can happen
 * to it meanwhile. Its counterpart in the program is rust-port/portreeve/src/schedule.rs.
 */

import { Aborts } from "../calls/abort.ts";
import { Call, type CallOwner, type CallTraits } from "../calls/call.ts";
import { CallList } from "../calls/queue.ts";
import { Timing } from "../calls/timing.ts";
import { CallTimeoutError, OverloadedError, type PortError } from "../errors.ts";
import type { Times } from "../metrics/times.ts";
import type { Settings } from "../options/settings.ts";
import type { Death } from "../pool/death.ts";
import type { Worker } from "../pool/worker.ts";
import { patchTimeout, type Target, writeCall, writeCast } from "../wire/envelope.ts";
import { Failure } from "../wire/failure.ts";
import { Output } from "../wire/output.ts";
import { leastBusy } from "./balance.ts";

/** What the dispatch needs to know of the workers, and tells its port. */
export interface DispatcherOwner {
  /** The largest frame that every worker takes, in bytes. */
  readonly maxFrameBytes: number;
  /** The queues are empty again. */
  drained(): void;
  /** The first call that waits for anything, or the last one that did. */
  busy(isBusy: boolean): void;
}

/** The workers that take calls. */
export interface Workers {
  readonly workers: readonly Worker[];
}

export class Dispatcher implements CallOwner {
  readonly #settings: Settings;
  readonly #pool: Workers;
  readonly #owner: DispatcherOwner;
  /** Calls that any worker may take. */
  readonly #queue = new CallList();
  /** Calls whose key leads to one worker index. */
  readonly #keyed: readonly CallList[];
  /** Where the bytes of waiting calls lie. */
  readonly #store = new Output();
  readonly #timing = new Timing();
  readonly #aborts = new Aborts((call, reason) => this.#giveUp(call, new Failure(() => reason)));
  #unsettled = 0;
  readonly counts = { calls: 0, casts: 0, lostCasts: 0, timedOut: 0, resent: 0 };

  constructor(settings: Settings, pool: Workers, owner: DispatcherOwner) {
    this.#settings = settings;
    this.#pool = pool;
    this.#owner = owner;
    this.#keyed = Array.from({ length: settings.workers }, () => new CallList());
  }

  /** Brings the times of all functions and workers up to date. */
  recordTimes(): void {
    this.#timing.record();
  }

  /** Calls that somebody waits for. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Calls that wait for a worker. */
  get queued(): number {
    return this.#keyed.reduce((sum, keyed) => sum + keyed.size, this.#queue.size);
  }

  /** Bytes of the calls that wait for a worker. */
  get queuedBytes(): number {
    return this.#keyed.reduce((sum, keyed) => sum + keyed.bytes, this.#queue.bytes);
  }

  /**
   * Sends a call, or lets it wait.
   * @throws EtfError, CallError (CALL_BADARG), OverloadedError; nothing was sent then
   */
  call(
    to: Target,
    args: readonly unknown[],
    traits: CallTraits,
    times: Times,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const worker = this.#pick(traits.index);
    const call = new Call(this, to.name, traits, this.#timing.tick(), times);
    if (worker === undefined) this.#storeCall(to, args, call);
    else worker.channel.encode(to, args, traits.timeout, traits.trace, call);
    const promise = new Promise(capture);
    call.resolve = captured;
    this.#watch(call, signal);
    if (worker === undefined) this.#queueOf(call).push(call);
    else this.#send(worker, call);
    // A toTerm() or getter among the arguments can have aborted it: that was before the signal was watched.
    if (signal?.aborted === true) this.#giveUp(call, new Failure(() => signal.reason));
    return promise;
  }

  /** Sends a message that gets no answer. @throws as {@link call} does */
  cast(to: Target, args: readonly unknown[], index: number): void {
    const worker = this.#pick(index);
    if (worker === undefined) this.#storeCast(to, args, index);
    else {
      worker.channel.cast(to, args);
      worker.give();
    }
    this.counts.casts += 1;
  }

  #watch(call: Call, signal: AbortSignal | undefined): void {
    call.slab.live += 1;
    this.counts.calls += 1;
    call.order = this.counts.calls;
    this.#unsettled += 1;
    if (this.#unsettled === 1) this.#owner.busy(true);
    if (signal !== undefined) this.#aborts.add(call, signal);
    if (call.traits.timeout !== 0) this.#timing.limit(call, call.traits.timeout);
  }

  /** The worker that may have a call now; undefined when it has to wait, also behind others. */
  #pick(index: number): Worker | undefined {
    const keyed = index === -1 ? this.#queue : this.#keyed[index];
    if (keyed !== undefined && keyed.size > 0) return undefined;
    const { workers } = this.#pool;
    if (index === -1) return leastBusy(workers);
    return workers.find((worker) => worker.index === index && worker.isAvailable);
  }

  #queueOf(call: Call): CallList {
    return this.#keyed[call.traits.index] ?? this.#queue;
  }

  #storeCall(to: Target, args: readonly unknown[], call: Call): void {
    this.#checkRoom(to.name);
    const { timeout, trace } = call.traits;
    const { codec } = this.#settings;
    writeCall(this.#store, codec, to, args, timeout, this.#owner.maxFrameBytes, trace, call);
    this.#store.store();
  }

  #storeCast(to: Target, args: readonly unknown[], index: number): void {
    this.#checkRoom(to.name);
    const call = new Call(this, to.name, castTraits(index), this.#timing.tick());
    writeCast(this.#store, this.#settings.codec, to, args, this.#owner.maxFrameBytes, call);
    this.#store.store();
    call.slab.live += 1;
    this.#queueOf(call).push(call);
  }

  /** @throws OverloadedError (CALL_OVERLOADED) */
  #checkRoom(name: string): void {
    const { maxQueue, maxQueueBytes } = this.#settings;
    const { queued, queuedBytes } = this;
    if (queued < maxQueue && queuedBytes < maxQueueBytes) return;
    const limit = queued < maxQueue ? `maxQueueBytes, ${maxQueueBytes}` : `maxQueue, ${maxQueue}`;
    const message = `${name}: ${queued} calls (${queuedBytes} bytes) wait for a worker already (${limit}); wait for "drain"`;
    throw new OverloadedError(message, { function: name });
  }

  #send(worker: Worker, call: Call): void {
    call.worker = worker;
    call.attempts += 1;
    call.sent = call.made;
    worker.channel.send(call);
    worker.give();
  }

  /** Gives a worker what waits for it, as long as it has room. */
  pump(worker: Worker): void {
    const keyed = this.#keyed[worker.index];
    if (this.#queue.size === 0 && (keyed === undefined || keyed.size === 0)) return;
    if (keyed !== undefined) this.#move(keyed, () => worker);
    this.#move(this.#queue, () => leastBusy(this.#pool.workers));
    this.#checkDrained();
  }

  /** However calls leave the queues, somebody may be waiting for that. */
  #checkDrained(): void {
    if (this.queued > 0) return;
    this.#store.reclaim();
    this.#owner.drained();
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
    worker.give();
    if (call.traits.isCast) {
      worker.channel.forwardCast(call);
      return;
    }
    call.worker = worker;
    call.attempts += 1;
    call.sent = this.#timing.present();
    const { timeout } = call.traits;
    // Before the end of the tick all of its time is left.
    if (timeout !== 0 && call.made.ms > 0)
      patchTimeout(call.slab, call.end, call.made.ms + timeout - call.sent.ms);
    worker.channel.forward(call);
  }

  /**
   * A worker ended: its calls fail, or wait again before all others, in the order in which they were made.
   * @param errorOf of a call that fails, from the error of the death
   * @param restarts whether there will be workers for those that wait
   */
  died(death: Death, errorOf: (call: Call, exit: PortError) => PortError, restarts: boolean): void {
    this.counts.lostCasts += death.worker.channel.lostCasts;
    const again: Call[] = [];
    const lost: [Call, Failure][] = [];
    for (const [call, fate] of death.judge()) {
      if (call.isSettled) call.batch?.remove(call);
      else if (restarts && (fate === "resend" || fate === "repeat")) again.push(call);
      else lost.push([call, new Failure(() => errorOf(call, death.error(call, fate)))]);
    }
    this.#putBack(again.toSorted((a, b) => a.order - b.order));
    for (const [call, failure] of lost) void this.#fail(death, call, failure);
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

  #putBack(calls: readonly Call[]): void {
    this.counts.resent += calls.length;
    for (const list of [this.#queue, ...this.#keyed])
      list.putBack(calls.filter((call) => this.#queueOf(call) === list));
  }

  /** Fails all calls that wait for a worker. */
  rejectQueued(errorOf: (call: Call) => PortError): void {
    for (const list of [this.#queue, ...this.#keyed]) this.#reject(list, errorOf);
  }

  /** Fails the calls that wait for the worker of one index. */
  rejectKeyed(index: number, errorOf: (call: Call) => PortError): void {
    const keyed = this.#keyed[index];
    if (keyed !== undefined) this.#reject(keyed, errorOf);
  }

  #reject(list: CallList, errorOf: (call: Call) => PortError): void {
    for (let call = list.first; call !== undefined; call = list.first) {
      // `settled` takes it out of the list.
      const failed = call;
      if (failed.traits.isCast) this.counts.lostCasts += 1;
      failed.fail(new Failure(() => errorOf(failed)));
    }
  }

  // What happens to a call.

  settled(call: Call, failed: boolean): void {
    call.batch?.remove(call);
    if (call.signal !== undefined) this.#aborts.remove(call);
    if (call.list !== undefined) this.#leave(call, call.list);
    const { times, worker } = call;
    if (times === undefined) return;
    this.#timing.ended(call, times, worker?.times, failed);
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#owner.busy(false);
  }

  #leave(call: Call, list: CallList): void {
    list.remove(call);
    call.slab.live -= 1;
    this.#checkDrained();
  }

  answeredLate(call: Call): void {
    call.batch?.remove(call);
  }

  timedOut(call: Call): void {
    this.counts.timedOut += 1;
    const { name, traits } = call;
    const message = `${name}: no answer within ${traits.timeout} ms: ${whereabouts(call)}`;
    // What is with a worker can begin before it reads that nobody waits any more.
    const began = call.list === undefined || call.hasBegun;
    this.#giveUp(call, new Failure(() => new CallTimeoutError(message, { function: name, began })));
  }

  ignored(call: Call): void {
    call.worker?.ignoredCancel(call);
  }

  /** Nobody waits any more: the caller is told at once, the program is asked to stop, and watched. */
  #giveUp(call: Call, failure: Failure): void {
    const isWaiting = call.list !== undefined;
    call.fail(failure);
    const worker = call.worker;
    if (isWaiting || worker === undefined) return;
    worker.cancel(call.id);
    this.#timing.limit(call, this.#settings.cancelGrace);
  }
}

let captured: (outcome: unknown) => void = () => {};

/** One function for all promises: a closure for each would hold everything that is in its scope. */
function capture(resolve: (outcome: unknown) => void): void {
  captured = resolve;
}

/** Where a call was when its time was over. */
function whereabouts(call: Call): string {
  if (call.list !== undefined) return "it waited for a worker";
  if (call.worker?.stateOf(call.id) === "never") return "it was with a worker and had not begun yet";
  return "it is running";
}

function castTraits(index: number): CallTraits {
  return {
    isCast: true,
    isBound: false,
    idempotent: false,
    index,
    timeout: 0,
    trace: undefined,
    onProgress: undefined,
  };
}
