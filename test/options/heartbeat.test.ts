/** What `heartbeat: false` does: intervals pass a hundred times as fast here, so that the default has its effect beside it. */
import { afterEach, expect, test, vi } from "vitest";
import { type OpenOptions, open, type Port } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { event, pidOf } from "../port/ports.ts";

const FASTER = 100;

vi.mock(import("../../src/timers.ts"), async (original) => {
  const timers = await original();
  const setInterval = (act: () => void, ms: number) => timers.setInterval(act, ms / FASTER);
  return { ...timers, setInterval: setInterval as typeof timers.setInterval };
});

const ports: Port[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.kill()));
});

/** A port whose program is stopped. */
async function stopped(options: OpenOptions): Promise<Port> {
  const port = await open(fixture("well-behaved.mjs"), { stderr: "ignore", ...options });
  ports.push(port);
  process.kill(pidOf(port), "SIGSTOP");
  return port;
}

test("heartbeat: false, and a program that gives no sign of life is left alone", async () => {
  const left = await stopped({ heartbeat: false });
  const pid = pidOf(left);
  // The default finds two of them, one after the other.
  for (let i = 0; i < 2; i += 1) {
    const port = await stopped({});
    const [exit] = (await event(port, "exit")) as [{ reason: string }];
    expect(exit.reason).toMatch(/^gave no sign of life for 15000 ms \(`heartbeat\.timeout` is 15000 ms\)$/);
  }
  process.kill(pid, "SIGCONT");
  expect(await left.call("pid")).toBe(pid);
});
