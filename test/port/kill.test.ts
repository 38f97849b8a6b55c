/** `Port.kill`: all is gone at once, whatever the port was doing. */
import { afterEach, expect, test } from "vitest";
import { open, supervise } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { children, event, openFixture, pidOf, rejection, until } from "./ports.ts";

afterEach(() => {
  expect(children(), "kill() resolves when all is reaped").toEqual([]);
});

test("calls that run and calls that wait reject at once, for a shutdown of a minute, too", async () => {
  const port = await openFixture("well-behaved.mjs", { maxInFlight: 1, shutdown: 60_000 });
  const calls = [1, 2, 3].map(() => rejection(port.call("sleep", [60_000])));
  await until(() => port.stats().workers[0]?.inFlight === 1);
  const begin = performance.now();
  await port.kill();
  expect(performance.now() - begin).toBeLessThan(2000);
  const [running, ...waiting] = await Promise.all(calls);
  expect(running).toMatchObject({ code: "PORT_CLOSED", cause: { code: "PORT_EXIT", signal: "SIGKILL" } });
  expect(running?.message).toMatch(
    /^sleep: the port was closed; its worker was ended before it answered: its port was killed \(worker 0, pid \d+\)$/,
  );
  for (const error of waiting)
    expect(error).toMatchObject({ code: "PORT_CLOSED", message: "sleep: the port is closed" });
});

test("no worker is started again, and what it would have run is not run", async () => {
  const port = await openFixture("well-behaved.mjs", { maxInFlight: 1, shutdown: 60_000, maxRestarts: 100 });
  const spawned: unknown[] = [];
  port.on("restart", (restart) => spawned.push(restart));
  const calls = [1, 2].map(() => rejection(port.call("sleep", [60_000])));
  await until(() => port.stats().workers[0]?.inFlight === 1);
  await port.kill();
  await Promise.all(calls);
  expect(spawned).toEqual([]);
});

test("while it closes, while a worker starts, waits for its restart, or finishes what it had: one end", async () => {
  const closing = await openFixture("talkative.mjs", { shutdown: 60_000 });
  const deaf = rejection(closing.call("deaf", [60_000]));
  const closed = closing.close();
  await closing.kill();
  await closed;
  expect(await deaf).toMatchObject({ code: "PORT_CLOSED" });

  const starting = await openFixture("slow-start.mjs", { args: ["400"] });
  process.kill(pidOf(starting), "SIGKILL");
  await until(() => starting.stats().workers[0]?.state === "starting");
  const waiting = rejection(starting.call("echo", [1]));
  await starting.kill();
  expect(await waiting).toMatchObject({ code: "PORT_CLOSED" });

  const retiring = await openFixture("talkative.mjs", { shutdown: 60_000 });
  const long = rejection(retiring.call("deaf", [60_000]));
  await retiring.restart();
  expect(children()).toHaveLength(2);
  await retiring.kill();
  expect(await long).toMatchObject({ code: "PORT_CLOSED" });
});

test("under a supervisor: its workers are killed and not spawned again, those that retire included", async () => {
  const options = { maxInFlight: 1, stderr: "ignore", maxRestarts: 100 } as const;
  const reeve = await supervise({
    children: [{ id: "p", start: fixture("talkative.mjs"), shutdown: 60_000, options }],
  });
  const port = reeve.port("p");
  const exits: unknown[] = [];
  port.on("restart", (restart) => exits.push(restart));
  const calls = [rejection(port.call("deaf", [60_000]))];
  await until(() => port.stats().workers[0]?.inFlight === 1);
  await port.restart();
  calls.push(rejection(port.call("deaf", [60_000])), rejection(port.call("deaf", [60_000])));
  await until(() => children().length === 2);
  const begin = performance.now();
  await reeve.kill();
  expect(performance.now() - begin).toBeLessThan(3000);
  expect(children()).toEqual([]);
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: "PORT_CLOSED" });
  expect(exits).toEqual([]);
});

test("an open that is aborted while bytes of a ready program lie there rejects, and leaves nothing behind", async () => {
  for (let round = 0; round < 5; round += 1) {
    const controller = new AbortController();
    const opening = rejection(open(fixture("quick.sh"), { stderr: "ignore", signal: controller.signal }));
    await until(() => children().length === 1);
    // Hello and ready come while nobody reads; the abort comes before they are read.
    const end = performance.now() + 60;
    while (performance.now() < end);
    controller.abort();
    expect(await opening).toMatchObject({ name: "AbortError" });
    expect(children()).toEqual([]);
  }
});

test("a program that was ready in time is not late because the host's loop was blocked", async () => {
  const opening = open(fixture("quick.sh"), { stderr: "ignore", startTimeout: 400 });
  await until(() => children().length === 1);
  const end = performance.now() + 700;
  while (performance.now() < end);
  const port = await opening;
  const exited = event(port, "exit");
  await port.kill();
  await exited;
});
