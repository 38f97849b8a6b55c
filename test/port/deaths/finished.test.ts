/** What had finished gets its answer, also when that was not in the pipe yet. */
import { expect, test } from "vitest";
import { Random } from "../../../bench/soak/random.ts";
import { block, event, pidOf } from "../ports.ts";
import { allReady, compute, exitError, threadsOf } from "./compute-port.ts";

const program = compute();
const DEATHS = 50;
const WIDTH = 256;

test("50 deaths with 256 calls on their way: only the few that were running fail, and nothing runs twice", {
  timeout: 120_000,
}, async () => {
  const random = new Random(50);
  const port = await program.open({ maxInFlight: WIDTH, maxRestarts: 1000, backoff: { initial: 0 } });
  let failed = 0;
  let inTheMiddle = 0;
  for (let death = 0; death < DEATHS; death += 1) {
    await allReady(port);
    const { resent } = port.stats();
    const calls = Array.from({ length: WIDTH }, (_, i) => program.mark(port, `${death}-${i}`));
    await new Promise(setImmediate);
    // While this thread does nothing, answers pile up: in the pipe, and in the box.
    block(random.next() * 5);
    const exit = event(port, "exit");
    process.kill(pidOf(port), "SIGKILL");
    await exit;
    const outcomes = await Promise.all(calls);
    const lost = outcomes.filter(({ error }) => error !== undefined).map(exitError);
    for (const error of lost) expect(error).toMatchObject({ began: true, signal: "SIGKILL", attempts: 1 });
    expect(lost.length, `death ${death}`).toBeLessThanOrEqual(threadsOf(port));
    for (const [i, { error }] of outcomes.entries()) {
      const marks = program.marks(`${death}-${i}`);
      if (error === undefined) expect(marks).toBe(1);
      else expect(marks).toBeLessThanOrEqual(1);
    }
    failed += lost.length;
    if (lost.length > 0 || port.stats().resent > resent) inTheMiddle += 1;
  }
  expect(inTheMiddle, "deaths in the middle of the work").toBeGreaterThan(DEATHS / 5);
  expect(failed, "calls that were running").toBeGreaterThan(0);
});
