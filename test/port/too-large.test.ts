/** Messages over what the program takes: an error of the call (or of open) that says so, at a cost that the limit bounds. */
import { afterEach, expect, test } from "vitest";
import type { OpenOptions, Port } from "../../src/index.ts";
import { children, openFixture, rejection } from "./ports.ts";

const open: Port[] = [];
async function opened(options?: OpenOptions): Promise<Port> {
  const port = await openFixture("well-behaved.mjs", options);
  open.push(port);
  return port;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
  expect(children()).toEqual([]);
});

test("an argument over max_frame is refused with its size and the limit, and costs no more memory than the limit", async () => {
  const port = await opened({ maxInFlight: 1 });
  const holes: unknown[] = [];
  holes[2 ** 32 - 2] = 1;
  const many: unknown[] = [];
  many[3e7] = 1;
  const before = process.memoryUsage();
  const sleeping = port.call("sleep", [50]);
  for (const argument of [holes, { in: [many] }, "x".repeat(200e6), { deep: [new Uint8Array(70e6)] }]) {
    const error = await rejection(port.call("echo", [argument]));
    expect(error).toMatchObject({ name: "CallError", code: "CALL_BADARG", function: "echo" });
    expect(error.message).toMatch(
      /^echo: the message takes (at least )?\d+ bytes, over the program's limit of 67108864 \(max_frame\)$/,
    );
    expect(Number(/\d{3,}/.exec(error.message)?.[0])).toBeGreaterThan(67108864);
  }
  expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(300e6);
  expect(await Promise.all([sleeping, port.call("echo", [1])])).toEqual(["slept", 1]);
});

test("one that just fits passes, one byte more does not", async () => {
  const port = await opened();
  const most = 67108864;
  const overhead = Number(
    /takes (\d+) bytes/.exec((await rejection(port.call("echo", [new Uint8Array(most)]))).message)?.[1],
  );
  const fits = new Uint8Array(2 * most - overhead);
  expect(() => port.cast("echo", [fits])).not.toThrow();
  expect((await rejection(port.call("echo", [new Uint8Array(fits.length + 1)]))).message).toContain(
    `takes ${most + 1} bytes`,
  );
});

test("a `start` that is larger than what a program takes is an error of open", async () => {
  const error = await rejection(opened({ start: "x".repeat(70e6) }));
  expect(error).toMatchObject({ name: "EtfError", code: "ETF_LIMIT" });
  expect(error.message).toMatch(/^start: a message of at least 70\d{6} bytes, over the limit of 67108864$/);
  // With what stands around it in the hello it is a few bytes too large.
  const together = await rejection(opened({ start: "x".repeat(67108864 - 100) }));
  expect(together).toMatchObject({ name: "EtfError", code: "ETF_LIMIT" });
  expect(together.message).toMatch(
    /^start: the host's hello takes at least 671\d{5} bytes, over the 67108864 that a program takes$/,
  );
});
