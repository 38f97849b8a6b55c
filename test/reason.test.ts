/** What user code throws becomes text without fail, whatever it is. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { reasonOf } from "../src/reason.ts";

/** Throws at every look. */
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error("get");
    },
    has: () => {
      throw new Error("has");
    },
    getPrototypeOf: () => {
      throw new Error("getPrototypeOf");
    },
  },
);

/** Its text is a trap. */
const trap = { toString: (): string => ({}) as string, valueOf: () => ({}) };
const throwing = {
  get message(): string {
    throw new Error("message");
  },
};
const cannotBeShown = "a thrown object that cannot be shown";

test.each<[string, unknown, string]>([
  ["an error", new Error("disk full"), "disk full"],
  ["an error without a message", new TypeError(), "TypeError"],
  ["an error of another realm", runInNewContext("new RangeError('there')"), "there"],
  ["text", "no", "no"],
  ["nothing", undefined, "undefined"],
  ["a symbol", Symbol("why"), "Symbol(why)"],
  ["no prototype", Object.create(null), cannotBeShown],
  ["a message that throws", throwing, cannotBeShown],
  ["a message that is no text", { message: 5 }, "[object Object]"],
  ["a toString that gives no text", trap, cannotBeShown],
  ["a Proxy", hostile, cannotBeShown],
  ["half a character", new Error("a\ud800b\udc00\u{1f600}"), "a\ufffdb\ufffd\u{1f600}"],
])("%s becomes text", (_name, thrown, text) => {
  expect(reasonOf(thrown)).toBe(text);
});
