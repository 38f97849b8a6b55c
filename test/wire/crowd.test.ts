import { expect, test } from "vitest";
import { WriteBatcher } from "../../src/wire/batcher.ts";

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Which of so many calls are written at once. */
const early = (crowd: WriteBatcher, calls: number) =>
  Array.from({ length: calls }, (_, i) => i + 1).filter((call) => crowd.sends(call === 1));

test("a call to an idle program goes at once, one behind it does not", () => {
  const crowd = new WriteBatcher();
  expect([crowd.sends(true), crowd.sends(false)]).toEqual([true, false]);
});

test("one answer is no crowd, two are: their successors go together", async () => {
  const crowd = new WriteBatcher();
  crowd.answered(1, true);
  expect(crowd.sends(true)).toBe(true);
  crowd.answered(2, true);
  expect(crowd.sends(true)).toBe(false);
  await nextTurn();
  expect(crowd.sends(true)).toBe(true);
});

test("of a large crowd an idle program gets the first half early, a busy one nothing", async () => {
  const crowd = new WriteBatcher();
  crowd.answered(256, true);
  expect(early(crowd, 256)).toEqual([128]);
  await nextTurn();
  crowd.answered(256, false);
  expect(early(crowd, 256)).toEqual([]);
});

test("a half that never filled up is forgotten at the end of the turn", async () => {
  const crowd = new WriteBatcher();
  crowd.answered(64, true);
  expect(early(crowd, 31)).toEqual([]);
  await nextTurn();
  expect([crowd.sends(false), crowd.sends(false)]).toEqual([false, false]);
});
