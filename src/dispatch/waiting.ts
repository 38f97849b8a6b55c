/**
 * Calls and casts that wait for a worker: one queue for those that any worker may take, one for each worker index that a
 * key leads to, and the memory in which their frames lie until they are copied to a worker's output.
 */

import type { Call } from "../calls/call.ts";
import { CallList } from "../calls/queue.ts";
import { OverloadedError } from "../errors.ts";
import type { Settings } from "../options/settings.ts";
import { type Target, writeCall, writeCast } from "../wire/envelope.ts";
import { Output } from "../wire/output.ts";
import { ANY_WORKER } from "./traits.ts";

export class Waiting {
  /** The largest frame that every worker takes, in bytes. */
  maxFrameBytes = Number.POSITIVE_INFINITY;
  readonly #settings: Settings;
  /** Calls that any worker may take. */
  readonly #any = new CallList();
  /** Calls whose key leads to one worker index. */
  readonly #keyed: readonly CallList[];
  readonly #store = new Output();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#keyed = Array.from({ length: settings.workers }, () => new CallList());
  }

  /** How many wait. */
  get size(): number {
    return this.#keyed.reduce((sum, list) => sum + list.size, this.#any.size);
  }

  /** Bytes of their frames. */
  get bytes(): number {
    return this.#keyed.reduce((sum, list) => sum + list.bytes, this.#any.bytes);
  }

  /** Those that only this worker may take, or for `ANY_WORKER` those that any may. */
  list(index: number): CallList {
    return (index === ANY_WORKER ? undefined : this.#keyed[index]) ?? this.#any;
  }

  get lists(): readonly CallList[] {
    return [this.#any, ...this.#keyed];
  }

  /** @throws OverloadedError, EtfError, CallError (CALL_BADARG); nothing waits then */
  encodeCall(to: Target, args: readonly unknown[], call: Call): void {
    this.#checkRoom(to.name);
    const { timeout, trace } = call.traits;
    writeCall(this.#store, this.#settings.codec, to, args, timeout, this.maxFrameBytes, trace, call);
    this.#store.store();
  }

  /** @throws as {@link encodeCall} does */
  encodeCast(to: Target, args: readonly unknown[], call: Call): void {
    this.#checkRoom(to.name);
    writeCast(this.#store, this.#settings.codec, to, args, this.maxFrameBytes, call);
    this.#store.store();
  }

  /** It waits behind all others of its queue. */
  push(call: Call): void {
    this.list(call.traits.index).push(call);
  }

  /** They wait before all others of their queues, in the order in which they were made. */
  putBack(calls: readonly Call[]): void {
    const ordered = calls.toSorted((a, b) => a.order - b.order);
    for (const list of this.lists)
      list.putBack(ordered.filter((call) => this.list(call.traits.index) === list));
  }

  /** It waits no longer, and is not sent either. */
  drop(call: Call, list: CallList): void {
    list.remove(call);
    call.slab.live -= 1;
  }

  /** Nobody waits: the memory of frames that were copied is used again. */
  reclaim(): void {
    this.#store.reclaim();
  }

  /** @throws OverloadedError (CALL_OVERLOADED) */
  #checkRoom(name: string): void {
    const { maxQueue, maxQueueBytes } = this.#settings;
    const { size, bytes } = this;
    if (size < maxQueue && bytes < maxQueueBytes) return;
    const limit = size < maxQueue ? `maxQueueBytes, ${maxQueueBytes}` : `maxQueue, ${maxQueue}`;
    const message = `${name}: ${size} calls (${bytes} bytes) wait for a worker already (${limit}); wait for "drain"`;
    throw new OverloadedError(message, { function: name });
  }
}
