import { expect, test } from "vitest";
import { WriteBatcher } from "../../src/wire/batcher.ts";

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Which of so many calls are written at once. */
const early = (batcher: WriteBatcher, calls: number) =>
  Array.from({ length: calls }, (_, i) => i + 1).filter((call) => batcher.sends(call === 1));

test("a call to an idle program goes at once, one behind it does not", () => {
  const batcher = new WriteBatcher();
  expect([batcher.sends(true), batcher.sends(false)]).toEqual([true, false]);
});

test("one answer is no batcher, two are: their successors go together", async () => {
  const batcher = new WriteBatcher();
  batcher.answered(1, true);
  expect(batcher.sends(true)).toBe(true);
  batcher.answered(2, true);
  expect(batcher.sends(true)).toBe(false);
  await nextTurn();
  expect(batcher.sends(true)).toBe(true);
});

test("of a large batcher an idle program gets the first half early, a busy one nothing", async () => {
  const batcher = new WriteBatcher();
  batcher.answered(256, true);
  expect(early(batcher, 256)).toEqual([128]);
  await nextTurn();
  batcher.answered(256, false);
  expect(early(batcher, 256)).toEqual([]);
});

test("a half that never filled up is forgotten at the end of the turn", async () => {
  const batcher = new WriteBatcher();
  batcher.answered(64, true);
  expect(early(batcher, 31)).toEqual([]);
  await nextTurn();
  expect([batcher.sends(false), batcher.sends(false)]).toEqual([false, false]);
});
