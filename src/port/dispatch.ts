/**
 * The way of a call through the port: to a worker at once when one has room, else into a queue; and whatever can happen
 * to it meanwhile. Its counterpart in the program is rust-port/portreeve/src/schedule.rs.
 */

import { CallTimeoutError, OverloadedError, type PortError } from "../errors.ts";
import { patchTimeout, type Target, writeCall, writeCast } from "../wire/envelope.ts";
import { Failure } from "../wire/failure.ts";
import { Output } from "../wire/output.ts";
import { Aborts } from "./abort.ts";
import { leastBusy } from "./balance.ts";
import { Call, type CallOwner, type CallTraits } from "./call.ts";
import type { Death } from "./death.ts";
import type { Settings } from "./options.ts";
import { CallList } from "./queue.ts";
import { type Times, Timing } from "./timing.ts";
import type { Worker } from "./worker.ts";

/** What the dispatch needs to know of the workers, and tells its port. */
export interface DispatchOwner {
  /** The largest frame that every worker takes, in bytes. */
  readonly maxFrameBytes: number;
  /** The queues are empty again. */
  drained(): void;
  /** The first call that waits for anything, or the last one that did. */
  busy(isBusy: boolean): void;
  /** A worker ignored for too long that a call of this function was cancelled. */
  ignoredCancel(worker: Worker, name: string): void;
}

/** The workers that take calls. */
export interface Workers {
  readonly workers: readonly Worker[];
}

export class Dispatch implements CallOwner {
  readonly #settings: Settings;
  readonly #crew: Workers;
  readonly #owner: DispatchOwner;
  /** Calls that any worker may take. */
  readonly #queue = new CallList();
  /** Calls whose key leads to one seat. */
  readonly #lanes: readonly CallList[];
  /** Where the bytes of waiting calls lie. */
  readonly #store = new Output();
  readonly #timing = new Timing();
  readonly #aborts = new Aborts((call, reason) => this.#giveUp(call, new Failure(() => reason)));
  #unsettled = 0;
  readonly counts = { calls: 0, casts: 0, lostCasts: 0, timedOut: 0, resent: 0 };

  constructor(settings: Settings, crew: Workers, owner: DispatchOwner) {
    this.#settings = settings;
    this.#crew = crew;
    this.#owner = owner;
    this.#lanes = Array.from({ length: settings.workers }, () => new CallList());
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
    return this.#lanes.reduce((sum, lane) => sum + lane.size, this.#queue.size);
  }

  /** Bytes of the calls that wait for a worker. */
  get queuedBytes(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.bytes, this.#queue.bytes);
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
    const worker = this.#pick(traits.seat);
    const call = new Call(this, to.name, traits, this.#timing.tick(), times);
    if (worker === undefined) this.#storeCall(to, args, call);
    else worker.channel.encode(to, args, traits.timeout, traits.trace, call);
    const promise = new Promise(capture);
    call.resolve = captured;
    this.#watch(call, signal);
    if (worker === undefined) this.#laneOf(call).push(call);
    else this.#send(worker, call);
    // A toTerm() or getter among the arguments can have aborted it: that was before the signal was watched.
    if (signal?.aborted === true) this.#giveUp(call, new Failure(() => signal.reason));
    return promise;
  }

  /** Sends a message that gets no answer. @throws as {@link call} does */
  cast(to: Target, args: readonly unknown[], seat: number): void {
    const worker = this.#pick(seat);
    if (worker === undefined) this.#storeCast(to, args, seat);
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
  #pick(seat: number): Worker | undefined {
    const lane = seat === -1 ? this.#queue : this.#lanes[seat];
    if (lane !== undefined && lane.size > 0) return undefined;
    const { workers } = this.#crew;
    if (seat === -1) return leastBusy(workers);
    return workers.find((worker) => worker.seat === seat && worker.isAvailable);
  }

  #laneOf(call: Call): CallList {
    return this.#lanes[call.traits.seat] ?? this.#queue;
  }

  #storeCall(to: Target, args: readonly unknown[], call: Call): void {
    this.#checkRoom(to.name);
    const { timeout, trace } = call.traits;
    const { codec } = this.#settings;
    writeCall(this.#store, codec, to, args, timeout, this.#owner.maxFrameBytes, trace, call);
    this.#store.store();
  }

  #storeCast(to: Target, args: readonly unknown[], seat: number): void {
    this.#checkRoom(to.name);
    const call = new Call(this, to.name, castTraits(seat), this.#timing.tick());
    writeCast(this.#store, this.#settings.codec, to, args, this.#owner.maxFrameBytes, call);
    this.#store.store();
    call.slab.live += 1;
    this.#laneOf(call).push(call);
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
    const lane = this.#lanes[worker.seat];
    if (this.#queue.size === 0 && (lane === undefined || lane.size === 0)) return;
    if (lane !== undefined) this.#move(lane, () => worker);
    this.#move(this.#queue, () => leastBusy(this.#crew.workers));
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

  /** The error of the call that crashed waits until its functions have names; nobody else's does. */
  async #fail(death: Death, call: Call, failure: Failure): Promise<void> {
    if (call === death.culprit) {
      // A turn later: the successor is spawned first, for other calls wait for that.
      await undefined;
      await death.explain();
    }
    call.fail(failure);
  }

  #putBack(calls: readonly Call[]): void {
    this.counts.resent += calls.length;
    for (const list of [this.#queue, ...this.#lanes])
      list.putBack(calls.filter((call) => this.#laneOf(call) === list));
  }

  /** Fails all calls that wait for a worker. */
  rejectQueued(errorOf: (call: Call) => PortError): void {
    for (const list of [this.#queue, ...this.#lanes]) this.#reject(list, errorOf);
  }

  /** Fails the calls that wait for the worker of one seat. */
  rejectLane(seat: number, errorOf: (call: Call) => PortError): void {
    const lane = this.#lanes[seat];
    if (lane !== undefined) this.#reject(lane, errorOf);
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
    if (call.worker !== undefined) this.#owner.ignoredCancel(call.worker, call.name);
  }

  /** Nobody waits any more: the caller is told at once, the program is asked to stop, and watched. */
  #giveUp(call: Call, failure: Failure): void {
    const isWaiting = call.list !== undefined;
    call.fail(failure);
    const worker = call.worker;
    if (isWaiting || worker === undefined) return;
    worker.channel.cancel(call.id);
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

function castTraits(seat: number): CallTraits {
  return {
    isCast: true,
    isBound: false,
    idempotent: false,
    seat,
    timeout: 0,
    trace: undefined,
    onProgress: undefined,
  };
}
