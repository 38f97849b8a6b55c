import { expect, test } from "vitest";
import { duration, table, whole } from "../../demo/table.ts";

test("columns are as wide as their widest cell, and no line ends in spaces", () => {
  expect(
    table([
      ["", "port", "addon"],
      ["calls", "12 345", "9"],
    ]),
  ).toBe("       port    addon\ncalls  12 345  9");
});

test("a cell of several lines pushes its neighbours down by none", () => {
  expect(
    table([
      ["failed", "3\nsegfault", "-"],
      ["end", "ok", "dead"],
    ]),
  ).toBe("failed  3         -\n        segfault\nend     ok        dead");
});

test("rows may be shorter than others, and there may be none", () => {
  expect(table([["a"], ["b", "c"]])).toBe("a\nb  c");
  expect(table([])).toBe("");
});

test("whole numbers in groups of three", () => {
  expect([0, 999, 1000, 12_345.6, 1_234_567].map(whole)).toEqual([
    "0",
    "999",
    "1 000",
    "12 346",
    "1 234 567",
  ]);
});

test("durations with the unit that fits", () => {
  expect([0.0004, 0.25, 1.234, 12.34, 123.4, 1234, 12_345].map(duration)).toEqual([
    "0 µs",
    "250 µs",
    "1.23 ms",
    "12.3 ms",
    "123 ms",
    "1.23 s",
    "12.3 s",
  ]);
});
