import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Batch, type Timed, Wheel } from "../../src/calls/wheel.ts";

vi.mock("../../src/timers.ts", () => import("../late-timers.ts"));

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

class Entry implements Timed {
  deadline: number;
  batch: Batch | undefined;
  place = 0;
  /** When it expired. */
  at: number | undefined;
  constructor(ms: number) {
    this.deadline = performance.now() + ms;
  }
  expire(): void {
    expect(this.at).toBeUndefined();
    this.at = performance.now();
  }
  get lateness(): number {
    return this.at === undefined ? Number.NaN : this.at - this.deadline;
  }
}

/** Each in a batch of its own, which is the worst for the wheel. */
function add(wheel: Wheel, entry: Entry): void {
  const batch = new Batch(entry.deadline - performance.now());
  batch.add(entry);
  wheel.add(batch, entry.deadline);
}

test("never early, and no more than 20 ms late, from 0 ms to minutes", async () => {
  const wheel = new Wheel();
  const entries: Entry[] = [];
  for (let i = 0; i < 3000; i += 1) {
    const entry = new Entry([0, 0.5, 1, 7.9, 8, 100, 2040, 2048, 2056, 5000.3, 60_000][i % 11] ?? 0);
    entries.push(entry);
    add(wheel, entry);
    if (i % 10 === 0) await vi.advanceTimersByTimeAsync(3);
  }
  await vi.advanceTimersByTimeAsync(61_000);
  expect(entries.filter(({ at }) => at === undefined)).toEqual([]);
  expect(Math.min(...entries.map(({ lateness }) => lateness))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...entries.map(({ lateness }) => lateness))).toBeLessThanOrEqual(20);
});

test("what is removed does not expire, from whatever place in its spoke", async () => {
  const wheel = new Wheel();
  const entries = Array.from({ length: 30 }, () => new Entry(50));
  for (const entry of entries) add(wheel, entry);
  for (const i of [0, 29, 10, 11, 12]) entries[i]?.batch?.remove(entries[i]);
  await vi.advanceTimersByTimeAsync(200);
  expect(entries.filter(({ at }) => at === undefined).map((entry) => entries.indexOf(entry))).toEqual([
    0, 10, 11, 12, 29,
  ]);
});

test("entries of one batch expire together, but for those that left, even in the meantime", async () => {
  const wheel = new Wheel();
  const entries = Array.from({ length: 5 }, () => new Entry(50));
  const batch = new Batch(50);
  for (const entry of entries) batch.add(entry);
  wheel.add(batch, performance.now() + 50);
  const [first, second, third, , last] = entries as [Entry, Entry, Entry, Entry, Entry];
  batch.remove(second);
  const { expire } = Entry.prototype;
  first.expire = () => {
    expire.call(first);
    batch.remove(third);
  };
  await vi.advanceTimersByTimeAsync(100);
  expect(entries.map(({ at }) => at !== undefined)).toEqual([true, false, false, true, true]);
  expect([batch.size, last.batch, vi.getTimerCount()]).toEqual([0, undefined, 0]);
});

test("an empty wheel has no timer, and winds itself up again", async () => {
  const wheel = new Wheel();
  const first = new Entry(10);
  add(wheel, first);
  await vi.advanceTimersByTimeAsync(100);
  expect(first.at).toBeDefined();
  expect(vi.getTimerCount()).toBe(0);
  const removed = new Entry(10_000);
  add(wheel, removed);
  removed.batch?.remove(removed);
  await vi.advanceTimersByTimeAsync(100);
  expect(vi.getTimerCount()).toBe(0);
  const later = new Entry(30);
  add(wheel, later);
  await vi.advanceTimersByTimeAsync(100);
  expect(later.lateness).toBeGreaterThanOrEqual(0);
  expect(later.lateness).toBeLessThanOrEqual(20);
});

test("an entry can be added again from its own expiry", async () => {
  const wheel = new Wheel();
  const times: number[] = [];
  const entry = new Entry(10);
  entry.expire = () => {
    times.push(performance.now());
    entry.deadline = performance.now() + 40;
    if (times.length < 4) add(wheel, entry);
  };
  add(wheel, entry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(times).toHaveLength(4);
});

test("after the loop was blocked, an answer that lies there is read before the deadline counts", async () => {
  const wheel = new Wheel();
  const answered = new Entry(100);
  const silent = new Entry(100);
  add(wheel, answered);
  add(wheel, silent);
  await vi.advanceTimersByTimeAsync(50);
  // The clock goes on, no timer fires: the loop is blocked. What comes next is read after the timers.
  vi.setSystemTime(Date.now());
  const blocked = performance.now() + 500;
  vi.spyOn(performance, "now").mockImplementation(() => blocked);
  vi.advanceTimersByTime(60);
  expect([answered.at, silent.at]).toEqual([undefined, undefined]);
  answered.batch?.remove(answered);
  vi.mocked(performance.now).mockRestore();
  await vi.advanceTimersByTimeAsync(1000);
  expect(answered.at).toBeUndefined();
  expect(silent.at).toBeDefined();
});

test("a deadline that is far away costs a look or two, not one for each tick", async () => {
  const wheel = new Wheel();
  const turns = vi.spyOn(wheel, "turn");
  const far = new Entry(600_000);
  add(wheel, far);
  await vi.advanceTimersByTimeAsync(599_000);
  expect(turns.mock.calls.length).toBeLessThanOrEqual(2);
  // One that comes later and is due sooner is not slept through.
  const near = new Entry(100);
  add(wheel, near);
  await vi.advanceTimersByTimeAsync(2000);
  for (const { lateness } of [far, near]) expect(lateness).toBeLessThanOrEqual(20);
  expect(turns.mock.calls.length).toBeLessThanOrEqual(4);
  expect(vi.getTimerCount()).toBe(0);
});
