/** A frame that the program cannot read costs its own call: it is not sent again, and nobody else's budget is spent. */
import { expect, test } from "vitest";
import { type Port, PortExitError, ProtocolError } from "../../../src/index.ts";
import { fixture } from "../../fixtures/fixture.ts";
import { openFixture, rejection, until } from "../ports.ts";
import { compute, LONG, outcome } from "./compute-port.ts";

const program = compute();
const wrap = [process.execPath, fixture("corrupts.mjs")];

/** Ends of workers. */
function exits(port: Port): string[] {
  const reasons: string[] = [];
  port.on("exit", ({ reason }) => reasons.push(reason));
  return reasons;
}

test("the call that was a bad frame has its error, and is not sent again", async () => {
  const port = await program.open({ wrap, maxRestarts: 0 });
  const ends = exits(port);
  for (let round = 0; round < 4; round += 1) {
    const bad = await rejection(port.call("echo", ["spoil me"], { idempotent: true }));
    expect(bad).toBeInstanceOf(ProtocolError);
    expect(bad.message).toMatch(/^echo: the program received a frame that is no term: .* \(at byte \d+\)$/);
    expect(await port.call("echo", [round])).toBe(round);
  }
  expect(ends).toEqual(Array(4).fill("exited with code 76"));
});

test("calls beside a bad frame: what had not begun is sent again as often as ever, what ran says which frame it was", async () => {
  const port = await program.open({ wrap, maxRestarts: 0 });
  const running = await program.occupy(port);
  const ends = exits(port);
  // Each costs a worker, and what is behind it no attempt: three would be the last one.
  const bad = Array.from({ length: 5 }, () => outcome(port.call("echo", ["spoil me"])));
  const behind = Array.from({ length: 20 }, (_, i) => port.call("echo", [i]));
  for (const call of bad) expect((await call).error).toBeInstanceOf(ProtocolError);
  for (const call of running) {
    const { error } = await call;
    expect(error).toBeInstanceOf(PortExitError);
    expect(error?.message).toMatch(/could not read the frame of a call of echo/);
  }
  expect(await Promise.all(behind)).toEqual(behind.map((_, i) => i));
  expect(ends).toHaveLength(5);
});

test("a program that cannot say which frame it was: the only call that it can have been", async () => {
  const port = await openFixture("well-behaved.mjs", { maxRestarts: 1 });
  const ends = exits(port);
  for (let i = 0; i < 3; i += 1) {
    const error = await rejection(port.call("exit", [76], { idempotent: true }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toMatch(/had no other call: it is not sent again/);
  }
  // With another call beside it nobody can know: a death like any other.
  const asleep = rejection(port.call("sleep", [60_000]));
  expect(await rejection(port.call("exit", [76]))).toBeInstanceOf(PortExitError);
  expect(await asleep).toBeInstanceOf(PortExitError);
  expect(await port.call("echo", [1])).toBe(1);
  expect(ends).toHaveLength(4);
  await port.close();
});

test("a program that waits for the rest of a frame is found by the heartbeat while it computes", async () => {
  const heartbeat = { interval: 50, timeout: 200 };
  const port = await program.open({ wrap, heartbeat, maxRestarts: 1 });
  const running = program.mark(port, "running", LONG);
  await until(() => program.marks("running") > 0);
  const ends = exits(port);
  const starved = outcome(port.call("echo", ["starve me"]));
  const behind = outcome(port.call("echo", [1]));
  expect((await running).error?.message).toMatch(/gave no sign of life for \d+ ms/);
  expect(ends).toHaveLength(1);
  // What was swallowed had not begun: it is sent again, and so is the one that starves the next worker.
  await port.kill();
  expect((await starved).error).toBeDefined();
  expect((await behind).error).toBeDefined();
});
