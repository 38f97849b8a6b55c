import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Aborts } from "../../src/calls/abort.ts";
import type { Call } from "../../src/calls/call.ts";

const fake = () => ({ signal: undefined }) as unknown as Call;
const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("one listener a signal, however many calls, and none when the last one is gone", () => {
  const aborts = new Aborts(() => {});
  const { signal } = new AbortController();
  const calls = Array.from({ length: 500 }, fake);
  for (const call of calls) aborts.add(call, signal);
  expect(listeners(signal)).toBe(1);
  for (const [i, call] of calls.entries()) {
    aborts.remove(call);
    aborts.remove(call);
    expect(listeners(signal)).toBe(i < 499 ? 1 : 0);
  }
  aborts.add(fake(), signal);
  expect(listeners(signal)).toBe(1);
});

test("an abort ends the calls of its signal, with its reason, and no others", () => {
  const ended: [Call, unknown][] = [];
  const aborts: Aborts = new Aborts((call, reason) => {
    ended.push([call, reason]);
    aborts.remove(call);
  });
  const [one, other] = [new AbortController(), new AbortController()];
  const [a, b, c, removed] = [fake(), fake(), fake(), fake()];
  for (const call of [a, b, removed]) aborts.add(call, one.signal);
  aborts.add(c, other.signal);
  aborts.remove(removed);
  const reason = new Error("enough");
  one.abort(reason);
  expect(ended).toEqual([
    [a, reason],
    [b, reason],
  ]);
  expect([listeners(one.signal), listeners(other.signal)]).toEqual([0, 1]);
});
