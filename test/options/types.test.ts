/** A rule fits the type of its option and no other: the compiler refuses a table that says something else. */
import { expect, test } from "vitest";
import { count, flag, otherwise, type Table, words } from "../../src/options/table.ts";

interface Options {
  readonly many?: number;
  readonly word?: "one" | "other";
}

test("a wrong rule, a missing word, one too many, a default of another type and a missing option do not compile", () => {
  const right: Table<Options> = { many: otherwise(1, count(0)), word: words("one", "other") };
  // @ts-expect-error: true or false is no number
  const kind: Table<Options> = { ...right, many: flag };
  // @ts-expect-error: "other" is missing
  const few: Table<Options> = { ...right, word: words("one") };
  // @ts-expect-error: there is no "third"
  const more: Table<Options> = { ...right, word: words("one", "other", "third") };
  // @ts-expect-error: a default that is no number
  const fallback: Table<Options> = { ...right, many: otherwise("1", count(0)) };
  // @ts-expect-error: `word` is missing
  const short: Table<Options> = { many: count(0) };
  expect([kind, few, more, fallback, short].map((table) => Object.keys(table).length)).toEqual([
    2, 2, 2, 2, 1,
  ]);
});
