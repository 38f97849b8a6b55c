/** A supervisor that ends while something of it is still starting says so only when nothing of it is left. */
import { afterEach, expect, test } from "vitest";
import { supervise } from "../../src/supervise/supervise.ts";
import { fixture } from "../fixtures/fixture.ts";
import { children, until } from "../port/ports.ts";

afterEach(() => expect(children()).toEqual([]));

const options = { args: ["60000"], startTimeout: 120_000, stderr: "ignore", maxRestarts: 0 } as const;

/** A supervisor, and a child of it that takes a minute to start; with `below`, a port of a supervisor below it. */
async function starting(below: boolean) {
  const slow = { id: "slow", start: fixture("slow-start.mjs"), shutdown: 60_000, options };
  const inner = { id: "inner", start: { children: [slow] }, shutdown: 60_000 };
  const reeve = await supervise({
    children: [{ id: "quick", start: fixture("well-behaved.mjs"), options: { stderr: "ignore" } }],
  });
  const added = reeve.startChild(below ? inner : slow);
  added.catch(() => {});
  await until(() => children().length === 2);
  return { reeve, added };
}

test.each([
  ["close", "a port", false],
  ["kill", "a port", false],
  ["close", "a port of a supervisor", true],
  ["kill", "a port of a supervisor", true],
] as const)("%s while %s is starting", async (act, _what, below) => {
  const { reeve, added } = await starting(below);
  const begin = performance.now();
  await reeve[act]();
  expect(children(), "nothing runs any more when it says so").toEqual([]);
  expect(performance.now() - begin).toBeLessThan(4000);
  await expect(added).rejects.toMatchObject({
    code: "SUPERVISOR_START",
    message: expect.stringMatching(/the supervisor was told to end before the child was up/),
  });
  expect(await reeve.exited).toEqual(act === "close" ? "shutdown" : { error: expect.any(Error) });
});
