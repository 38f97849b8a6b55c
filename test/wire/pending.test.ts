import fc from "fast-check";
import { expect, test } from "vitest";
import { Pending } from "../../src/wire/pending.ts";

test("an Id is generation << 16 | slot, positive, and finds its call", () => {
  const pending = new Pending<string>(3);
  const ids = ["a", "b", "c"].map((call) => pending.add(call));
  expect(ids.map((id) => id & 0xffff).sort()).toEqual([0, 1, 2]);
  expect(ids.every((id) => id >>> 16 === 1 && id > 0)).toBe(true);
  expect(pending.isFull).toBe(true);
  expect(pending.take(ids[1] ?? 0)).toBe("b");
  expect(pending.isFull).toBe(false);
  expect(pending.size).toBe(2);
});

test("a late answer finds nothing, not even when its slot has another call", () => {
  const pending = new Pending<string>(1);
  const first = pending.add("first");
  expect(pending.take(first)).toBe("first");
  expect(pending.take(first)).toBeUndefined();
  const second = pending.add("second");
  expect(second & 0xffff).toBe(first & 0xffff);
  expect(pending.get(first)).toBeUndefined();
  expect(pending.take(first)).toBeUndefined();
  expect(pending.take(second)).toBe("second");
});

test("generations go from 1 to 32767 and begin again", () => {
  const pending = new Pending<number>(1);
  const ids: number[] = [];
  for (let i = 0; i < 0x7fff + 2; i += 1) {
    const id = pending.add(i);
    ids.push(id);
    pending.take(id);
  }
  expect(ids[0]).toBe(1 << 16);
  expect(ids[0x7ffe]).toBe(0x7fff << 16);
  expect(ids[0x7fff]).toBe(1 << 16);
  expect(new Set(ids.slice(0, 0x7fff)).size).toBe(0x7fff);
  expect(ids.every((id) => id > 0)).toBe(true);
});

test("Ids that were never given out find nothing: 0, -1, other slots, any number", () => {
  const pending = new Pending<string>(2);
  pending.add("a");
  for (const id of [0, -1, 1, 0xffff, 5 << 16, (1 << 16) | 9, 0x7fffffff, -0x80000000])
    expect(pending.take(id)).toBeUndefined();
  expect(pending.size).toBe(1);
});

test("takeAll gives every unanswered call once, and the table is empty then", () => {
  const pending = new Pending<string>(4);
  const ids = ["a", "b", "c", "d"].map((call) => pending.add(call));
  pending.take(ids[2] ?? 0);
  expect(pending.takeAll().sort()).toEqual(["a", "b", "d"]);
  expect(pending.size).toBe(0);
  expect(pending.takeAll()).toEqual([]);
  for (const call of ["e", "f", "g", "h"]) pending.add(call);
  expect(pending.isFull).toBe(true);
  expect(pending.takeAll().sort()).toEqual(["e", "f", "g", "h"]);
});

test("some looks at unanswered calls only", () => {
  const pending = new Pending<number>(4);
  const id = pending.add(1);
  expect(pending.some((call) => call === 1)).toBe(true);
  pending.take(id);
  expect(pending.some(() => true)).toBe(false);
});

test("an Id is not given out again while its call is unanswered, against a naive model", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 400 }),
      (capacity, steps) => {
        const pending = new Pending<object>(capacity);
        const model = new Map<number, object>();
        for (const [isAdd, pick] of steps) {
          if (isAdd && !pending.isFull) {
            const call = {};
            const id = pending.add(call);
            expect(model.has(id)).toBe(false);
            model.set(id, call);
          } else if (model.size > 0) {
            const id = [...model.keys()][pick % model.size] ?? 0;
            expect(pending.take(id)).toBe(model.get(id));
            model.delete(id);
          }
          expect(pending.size).toBe(model.size);
          expect(pending.isFull).toBe(model.size === capacity);
        }
        for (const [id, call] of model) expect(pending.get(id)).toBe(call);
      },
    ),
  );
});
