/**
 * A program that says more than its host can take in: of lines, logs and events no more is handed over in one turn of the
 * event loop than was read in it, and all of them arrive.
 */
import { afterEach, expect, test } from "vitest";
import type { Port } from "../../src/index.ts";
import { openFixture, until } from "./ports.ts";

let port: Port | undefined;
afterEach(() => port?.close());

/** What one turn may read of a stream, in bytes: what waited in it, and one chunk more. */
const TURN_BYTES = 2.5 * 65_536;
/** Lines of 4 KiB, after which the clock is looked at, and those of a slice before it. */
const TURN_LINES = 5000;

test.each([
  ["line", 60, TURN_LINES],
  ["log", 60, TURN_BYTES / 24],
  ["event", 60, TURN_BYTES / 19],
])("a flood of %ss leaves the loop to others", { timeout: 60_000 }, async (what, thousands, limit) => {
  let told = 0;
  const tell = () => {
    told += 1;
    const end = performance.now() + 0.02;
    while (performance.now() < end);
  };
  port = await openFixture("floods.mjs", { stderr: tell, heartbeat: false });
  port.on("log", tell);
  port.on("event", tell);
  let most = 0;
  let before = 0;
  const turn = () => {
    most = Math.max(most, told - before);
    before = told;
    if (told < thousands * 1000) setImmediate(turn);
  };
  setImmediate(turn);
  expect(await port.call("flood", [what, thousands])).toBe(true);
  await until(() => told === thousands * 1000);
  expect(most).toBeLessThan(limit);
});
