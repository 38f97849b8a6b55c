/**
 * Calls that wait for a worker, in the order in which they were made. A list whose links lie in the calls, because a
 * call that times out or is aborted leaves from the middle.
 */

import type { Call } from "./call.ts";

export class CallList {
  #first: Call | undefined;
  #last: Call | undefined;
  size = 0;
  /** Bytes of the frames that wait. */
  bytes = 0;

  get first(): Call | undefined {
    return this.#first;
  }

  /** Adds a call at the end. */
  push(call: Call): void {
    this.#link(call, this.#last, undefined);
  }

  /** Puts calls that had been sent, and never began, before all others; their own order stays. */
  putBack(calls: readonly Call[]): void {
    for (const call of calls.toReversed()) this.#link(call, undefined, this.#first);
  }

  /** Takes a call out; nothing happens when it is not in. */
  remove(call: Call): void {
    if (call.list !== this) return;
    const { next, previous } = call;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    call.list = undefined;
    call.next = undefined;
    call.previous = undefined;
    this.size -= 1;
    this.bytes -= call.bytes;
  }

  #link(call: Call, previous: Call | undefined, next: Call | undefined): void {
    call.list = this;
    call.previous = previous;
    call.next = next;
    if (previous === undefined) this.#first = call;
    else previous.next = call;
    if (next === undefined) this.#last = call;
    else next.previous = call;
    this.size += 1;
    this.bytes += call.bytes;
  }
}
