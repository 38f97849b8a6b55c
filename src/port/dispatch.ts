/**
 * The way of a call through the port: to a worker at once when one has room, else into a queue; and whatever can happen
 * to it meanwhile. Its counterpart in the program is rust-port/portreeve/src/dispatch.rs.
 */

import { CallTimeoutError, OverloadedError, type PortError } from "../errors.ts";
import { patchTimeout, type Target, writeCall, writeCast } from "../wire/envelope.ts";
import { Failure } from "../wire/failure.ts";
import { type Frame, Output } from "../wire/output.ts";
import { Aborts } from "./abort.ts";
import { leastBusy } from "./balance.ts";
import { Call, type CallOwner, type CallTraits } from "./call.ts";
import type { Death } from "./death.ts";
import type { Settings } from "./options.ts";
import { CallList } from "./queue.ts";
import { type Times, Timing } from "./timing.ts";
import { Wheel } from "./wheel.ts";
import type { Worker } from "./worker.ts";

/** What the dispatch needs to know of the workers, and tells its port. */
export interface DispatchOwner {
  /** Workers that take calls. */
  readonly workers: readonly Worker[];
  /** The largest frame that every worker takes, in bytes. */
  readonly maxFrameBytes: number;
  /** The queues are empty again. */
  drained(): void;
  /** The first call that waits for anything, or the last one that did. */
  busy(isBusy: boolean): void;
  /** A worker ignored for too long that a call was cancelled. */
  hung(worker: Worker, name: string): void;
}

export class Dispatch implements CallOwner {
  readonly #settings: Settings;
  readonly #owner: DispatchOwner;
  /** Calls that any worker may take. */
  readonly #queue = new CallList();
  /** Calls whose key leads to one seat. */
  readonly #lanes: readonly CallList[];
  /** Where the bytes of waiting calls lie. */
  readonly #store = new Output();
  readonly #wheel = new Wheel();
  readonly #timing = new Timing((call) => this.#startTimeout(call));
  readonly #aborts = new Aborts((call, reason) => this.#giveUp(call, new Failure(() => reason)));
  #unsettled = 0;
  readonly counts = { calls: 0, casts: 0, timedOut: 0, resent: 0 };

  constructor(settings: Settings, owner: DispatchOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#lanes = Array.from({ length: settings.workers }, () => new CallList());
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
   * @returns its value or a {@link Failure}
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
    const frame =
      worker === undefined
        ? this.#storeCall(to, args, traits)
        : worker.channel.encode(to, args, traits.timeout, traits.trace);
    return new Promise((resolve) => {
      const call = new Call(this, to.name, traits, frame, resolve, times);
      this.#watch(call, signal);
      if (worker === undefined) this.#laneOf(call).push(call);
      else this.#send(worker, call);
      // A toTerm() or getter among the arguments can have aborted it: that was before the signal was watched.
      if (signal?.aborted === true) this.#giveUp(call, new Failure(() => signal.reason));
    });
  }

  /** Sends a message that gets no answer. @throws as {@link call} does */
  cast(to: Target, args: readonly unknown[], seat: number): void {
    const worker = this.#pick(seat);
    if (worker !== undefined) worker.channel.cast(to, args);
    else this.#storeCast(to, args, seat);
    this.counts.casts += 1;
  }

  #watch(call: Call, signal: AbortSignal | undefined): void {
    this.counts.calls += 1;
    this.#unsettled += 1;
    if (this.#unsettled === 1) this.#owner.busy(true);
    if (signal !== undefined) this.#aborts.add(call, signal);
    this.#timing.made(call);
  }

  #startTimeout(call: Call): void {
    if (call.traits.timeout === 0) return;
    call.deadline = call.madeAt + call.traits.timeout;
    this.#wheel.add(call);
  }

  /** The worker that may have a call now; undefined when it has to wait, also behind others. */
  #pick(seat: number): Worker | undefined {
    const lane = seat === -1 ? this.#queue : this.#lanes[seat];
    if (lane !== undefined && lane.size > 0) return undefined;
    const { workers } = this.#owner;
    if (seat === -1) return leastBusy(workers);
    return workers.find((worker) => worker.seat === seat && worker.isAvailable);
  }

  #laneOf(call: Call): CallList {
    return this.#lanes[call.traits.seat] ?? this.#queue;
  }

  #storeCall(to: Target, args: readonly unknown[], { timeout, trace }: CallTraits): Frame {
    this.#checkRoom(to.name);
    const { codec } = this.#settings;
    const frame = writeCall(this.#store, codec, to, args, timeout, this.#owner.maxFrameBytes, trace);
    this.#store.store();
    return frame;
  }

  #storeCast(to: Target, args: readonly unknown[], seat: number): void {
    this.#checkRoom(to.name);
    const frame = writeCast(this.#store, this.#settings.codec, to, args, this.#owner.maxFrameBytes);
    this.#store.store();
    const call = new Call(this, to.name, castTraits(seat), frame, () => {});
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
    worker.channel.send(call);
  }

  /** Gives a worker what waits for it, as long as it has room. */
  pump(worker: Worker): void {
    const lane = this.#lanes[worker.seat];
    if (this.#queue.size === 0 && (lane === undefined || lane.size === 0)) return;
    if (lane !== undefined) this.#move(lane, () => worker);
    this.#move(this.#queue, () => leastBusy(this.#owner.workers));
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
    if (call.traits.isCast) {
      worker.channel.forwardCast(call.frame);
      return;
    }
    call.worker = worker;
    call.attempts += 1;
    const { slab, end } = call.frame;
    if (call.madeAt > 0) {
      call.sentAt = this.#timing.now();
      if (call.traits.timeout !== 0) patchTimeout(slab, end, call.deadline - call.sentAt);
    }
    worker.channel.forward(call);
  }

  /**
   * A worker ended: its calls fail, or wait again before all others, in the order in which they were made.
   * @param closed the error of all when the port is being closed
   * @returns whether one of the calls was found to be poison
   */
  died(death: Death, closed: ((call: Call) => PortError) | undefined): boolean {
    const fates = death.judge();
    const again: Call[] = [];
    const lost: (() => void)[] = [];
    for (const [call, fate] of fates) {
      if (call.isSettled) this.#wheel.remove(call);
      else if (closed !== undefined) call.fail(new Failure(() => closed(call)));
      else if (fate === "resend" || fate === "repeat") again.push(call);
      else lost.push(() => call.fail(new Failure(() => death.error(call, fate))));
    }
    this.#putBack(again.toSorted((a, b) => a.order - b.order));
    void this.#fail(death, lost);
    return [...fates.values()].includes("poison");
  }

  /** The errors wait until the functions of a crash have names. */
  async #fail(death: Death, lost: readonly (() => void)[]): Promise<void> {
    if (lost.length > 0 && death.hasTrace) {
      // A turn later: the successor is spawned first, for other calls wait for that.
      await undefined;
      await death.explain();
    }
    for (const fail of lost) fail();
  }

  #putBack(calls: readonly Call[]): void {
    this.counts.resent += calls.length;
    for (const list of [this.#queue, ...this.#lanes])
      list.putBack(calls.filter((call) => this.#laneOf(call) === list));
  }

  /** Fails all calls that wait for a worker. */
  rejectQueued(errorOf: (call: Call) => PortError): void {
    for (const list of [this.#queue, ...this.#lanes]) reject(list, errorOf);
  }

  /** Fails the calls that wait for the worker of one seat. */
  rejectLane(seat: number, errorOf: (call: Call) => PortError): void {
    const lane = this.#lanes[seat];
    if (lane !== undefined) reject(lane, errorOf);
  }

  // What happens to a call.

  settled(call: Call, failed: boolean): void {
    this.#wheel.remove(call);
    this.#aborts.remove(call);
    if (call.list !== undefined) {
      call.list.remove(call);
      call.frame.slab.live -= 1;
      this.#checkDrained();
    }
    const { times, worker } = call;
    if (times === undefined) return;
    this.#timing.ended(call, times, worker?.times, failed);
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#owner.busy(false);
  }

  answeredLate(call: Call): void {
    this.#wheel.remove(call);
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
    if (call.worker !== undefined) this.#owner.hung(call.worker, call.name);
  }

  /** Nobody waits any more: the caller is told at once, the program is asked to stop, and watched. */
  #giveUp(call: Call, failure: Failure): void {
    const isWaiting = call.list !== undefined;
    call.fail(failure);
    const worker = call.worker;
    if (isWaiting || worker === undefined) return;
    worker.channel.cancel(call.id);
    call.deadline = performance.now() + this.#settings.cancelGrace;
    call.spared = false;
    this.#wheel.add(call);
  }
}

/** Where a call was when its time was over. */
function whereabouts(call: Call): string {
  if (call.list !== undefined) return "it waited for a worker";
  if (call.worker?.stateOf(call.id) === "never") return "it was with a worker and had not begun yet";
  return "it is running";
}

function reject(list: CallList, errorOf: (call: Call) => PortError): void {
  for (let call = list.first; call !== undefined; call = list.first) {
    // `settled` takes it out of the list.
    const failed = call;
    failed.fail(new Failure(() => errorOf(failed)));
  }
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
