/** What a program makes its host hold is bounded in bytes, and one that reads nothing is ended for that reason. */
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Handlers, Port } from "../../src/index.ts";
import { children, event, openFixture, rejection } from "./ports.ts";

const MiB = 1 << 20;
const LIMIT = 8 * MiB;
/** What the handlers of one turn may give before it is counted, and one chunk of the pipe. */
const SLACK = 18 * MiB;

const ports: Port[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close()));
  expect(children()).toEqual([]);
});

async function opened(name: string, handlers: Handlers = {}): Promise<Port> {
  const port = await openFixture(name, {
    handlers,
    maxFrameBytes: 2 * MiB,
    maxHeldBytes: LIMIT,
    heartbeat: { interval: 50, timeout: 300 },
    shutdown: 0,
  });
  ports.push(port);
  return port;
}

/** Has the program flood its host until it is ended. @returns the most that was held, and what its call was told */
async function attacked(port: Port, name: string, args: readonly unknown[] = []) {
  let most = 0;
  let isOver = false;
  const exit = event(port, "exit").finally(() => {
    isOver = true;
  });
  const error = rejection(port.call(name, args));
  while (!isOver) {
    most = Math.max(most, port.stats().workers[0]?.heldBytes ?? 0);
    await turn();
  }
  const [{ reason }] = (await exit) as [{ reason: string }];
  return { most, reason, message: (await error).message };
}

const never = () => new Promise<never>(() => {});

test.each([
  ["pings", "pings", []],
  ["small pings", "small_pings", []],
  ["calls whose handler gives a MiB", "calls", ["large"]],
  ["calls that no handler answers", "calls", ["never"]],
  ["calls with large arguments that no handler answers", "large_calls", ["never"]],
])(
  "a program that reads nothing and floods its host with %s is not read above the limit, and ended",
  async (_, name, args) => {
    const answer = new Uint8Array(MiB);
    const port = await opened("hoards.mjs", { large: () => answer, never });
    const { most, reason, message } = await attacked(port, name, args);
    expect(most).toBeGreaterThan(LIMIT / 2);
    expect(most).toBeLessThan(LIMIT + SLACK);
    expect(reason).toMatch(
      /^made its host hold more than 8388608 bytes \(maxHeldBytes\) and read nothing for 300 ms: \d+ bytes that it asked for/,
    );
    expect(message).toContain(reason);
  },
);

test("a program whose parts never end is ended at the limit", async () => {
  const port = await opened("hoards.mjs");
  const { most, reason } = await attacked(port, "parts");
  expect(most).toBeLessThan(LIMIT + MiB);
  expect(reason).toMatch(/^broke the protocol: parts of .* over the limit of/);
});

test("a program that reads what it asked for gets all of it, however much that is together", async () => {
  const answer = "x".repeat(MiB);
  const port = await opened("talkative.mjs", { large: async () => answer });
  const answers = Array.from({ length: 60 }, () => port.call("ask_length", ["large", []]));
  expect(await Promise.all(answers)).toEqual(answers.map(() => ["reply", MiB]));
  expect(port.stats().workers[0]).toMatchObject({ heldBytes: 0, restarts: 0 });
});

test("more calls at once than handlers begin in a turn, and more than fit: every one is answered, in order of their beginning", async () => {
  const begun: unknown[] = [];
  const port = await opened("talkative.mjs", {
    note: ([i]) => {
      begun.push(i);
      return i;
    },
  });
  const text = "x".repeat(100_000);
  const answers = Promise.all(Array.from({ length: 300 }, (_, i) => port.call("ask", ["note", [i, text]])));
  expect(await answers).toEqual(Array.from({ length: 300 }, (_, i) => ["reply", i]));
  expect(begun).toEqual(Array.from({ length: 300 }, (_, i) => i));
});
