/** The term for `on_start` is what it was at `open`, for every start of a worker. */
import { afterEach, expect, test } from "vitest";
import type { Port } from "../../src/index.ts";
import { event, openFixture, pidOf, until } from "./ports.ts";

let port: Port | undefined;
afterEach(() => port?.close());

test("a `start` that changes after open, or throws then, reaches no worker that is started later", async () => {
  const bytes = new Uint8Array(40_000).fill(1);
  let isOver = false;
  const start = {
    list: ["as it was"],
    bytes,
    toTerm() {
      if (isOver) throw new Error("read after open");
      return [this.list, this.bytes];
    },
  };
  port = await openFixture("well-behaved.mjs", { start, workers: 2 });
  isOver = true;
  start.list.push("more");
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  const restart = event(port, "restart");
  process.kill(pidOf(port), "SIGKILL");
  await restart;
  await until(() => port?.stats().workers.length === 2);
  await port.restart();
  for (const term of await port.broadcast("started"))
    expect(term).toEqual([["as it was"], new Uint8Array(40_000).fill(1)]);
});
