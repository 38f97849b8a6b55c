/** Keys of plain objects are defined, never assigned: a name that all objects have is a key like any other. */
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Codec, decode, encode } from "../../codec/index.ts";

const NAMES = Object.getOwnPropertyNames(Object.prototype);
const TIMES = 40;

it("the names of Object.prototype are keys, also where it is frozen", () => {
  const bytes = NAMES.map((name) => encode(new Map([[name, 1]])));
  const isFrozen = Object.isFrozen(Object.prototype);
  expect(isFrozen).toBe(false);
  const names = NAMES.filter((name) => name !== "constructor" && name !== "__proto__");
  const saved = names.map((name) => Object.getOwnPropertyDescriptor(Object.prototype, name));
  // As Object.freeze leaves them; freezing itself could not be undone.
  for (const name of names) Object.defineProperty(Object.prototype, name, { writable: false });
  try {
    const codec = new Codec();
    for (let n = 0; n < TIMES; n += 1)
      bytes.forEach((message, i) => {
        const name = NAMES[i] ?? "";
        expect(Object.getOwnPropertyDescriptor(codec.decode(message), name)?.value).toBe(1);
      });
  } finally {
    names.forEach((name, i) => {
      Object.defineProperty(Object.prototype, name, saved[i] ?? {});
    });
  }
});

it("a setter that all objects inherit is not called, and the key is not lost", () => {
  const calls: unknown[] = [];
  Object.defineProperty(Object.prototype, "inherited", {
    set: (value) => calls.push(value),
    configurable: true,
  });
  try {
    const codec = new Codec();
    const bytes = encode(
      new Map<unknown, unknown>([
        ["a", 1],
        ["inherited", 2],
      ]),
    );
    for (let n = 0; n < TIMES; n += 1)
      expect(Object.entries(codec.decode(bytes) as object)).toEqual([
        ["a", 1],
        ["inherited", 2],
      ]);
    expect(calls).toEqual([]);
  } finally {
    delete (Object.prototype as Record<string, unknown>).inherited;
  }
});

it("what comes of another realm's keys is the same", () => {
  const other: unknown = runInNewContext("({ toString: 1, valueOf: 2 })");
  expect(Object.keys(decode(encode(other)) as object)).toEqual(["toString", "valueOf"]);
});
