/** The options of calls are checked as those of `open` are: nothing that is misspelt or of another kind passes in silence. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { open, type Port } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";

let port: Port;
beforeAll(async () => {
  port = await open(fixture("well-behaved.mjs"), { stderr: "ignore" });
});
afterAll(() => port.close());

const wrong: readonly (readonly [unknown, RegExp])[] = [
  [null, /^the options of call\(\) must be an object, not null$/],
  [5, /^the options of call\(\) must be an object, not 5$/],
  [[], /^the options of call\(\) must be an object, not a list$/],
  ["x", /^the options of call\(\) must be an object, not "x"$/],
  [{ timout: 5 }, /^call\(\) has no option timout; the nearest is timeout$/],
  [{ timeout: -1 }, /^timeout must be a number of ms from 0 to 2147483647, or Infinity, and is -1$/],
  [{ timeout: "5" }, /^timeout must be .*, and is "5"$/],
  [{ idempotent: "yes" }, /^idempotent must be true or false, and is "yes"$/],
  [{ key: {} }, /^key must be a string or a number, and is an object$/],
  [{ key: Number.NaN }, /^key must be a string or a number, and is NaN$/],
  [{ signal: {} }, /^signal must be an AbortSignal, and is an object$/],
  [{ onProgress: 5 }, /^onProgress must be a function, and is 5$/],
];

test.each(wrong)("call() refuses the options %j", async (options, message) => {
  const calls = port.stats().calls;
  await expect(port.call("echo", [1], options as never)).rejects.toThrow(message);
  const view = new RegExp(message.source.replaceAll("call\\(\\)", "as\\(\\)"));
  expect(() => port.as(undefined, options as never)).toThrow(view);
  expect(port.stats().calls).toBe(calls);
});

test("cast, broadcast, restart and reload refuse theirs", async () => {
  expect(() => port.cast("echo", [1], { timeout: 5 } as never)).toThrow(
    /^cast\(\) has no option timeout; the nearest is key$/,
  );
  await expect(port.broadcast("echo", [1], { key: 1 } as never)).rejects.toThrow(
    /^broadcast\(\) has no option key; the nearest is /,
  );
  await expect(port.restart({ drian: 5 } as never)).rejects.toThrow(
    /^restart\(\) has no option drian; the nearest is drain$/,
  );
  await expect(port.reload("x", null as never)).rejects.toThrow(
    /^the options of reload\(\) must be an object, not null$/,
  );
});

test.each([0, Number.POSITIVE_INFINITY])(
  "a timeout of %d is none, whatever callTimeout is",
  async (timeout) => {
    const hasty = await open(fixture("well-behaved.mjs"), { stderr: "ignore", callTimeout: 50 });
    try {
      expect(await hasty.call("sleep", [200], { timeout })).toBe("slept");
      await expect(hasty.call("sleep", [60_000])).rejects.toThrow(/50 ms/);
    } finally {
      await hasty.close();
    }
  },
);
