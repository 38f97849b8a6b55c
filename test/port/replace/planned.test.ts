/** Workers that are replaced with nothing wrong lose no call, however long it takes; what bounds it says so. */
import { afterEach, expect, test } from "vitest";
import type { OpenOptions, Port } from "../../../src/index.ts";
import { children, event, openFixture, pidOf, rejection, until } from "../ports.ts";

const ports: Port[] = [];
async function opened(options: OpenOptions = {}, name = "talkative.mjs"): Promise<Port> {
  const port = await openFixture(name, { shutdown: 100, ...options });
  ports.push(port);
  return port;
}
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.kill()));
  expect(children()).toEqual([]);
});

/** A replacement of each kind, and the reason that is told. */
const replacements: [string, OpenOptions, (port: Port) => Promise<void>][] = [
  ["restart", {}, (port) => port.restart()],
  ["reload", {}, (port) => port.reload(port.program)],
  ["recycle.maxAge", { recycle: { maxAge: 150 } }, (port) => event(port, "retire").then(() => {})],
  ["recycle.maxRss", { recycle: { maxRss: 1 } }, (port) => event(port, "retire").then(() => {})],
];

test.each(replacements)("%s: a call outlives shutdown in the old worker", async (_name, options, replace) => {
  const port = await opened(options);
  const old = pidOf(port);
  const long = port.call("deaf", [1500]);
  await replace(port);
  expect(await port.call("pid")).not.toBe(old);
  expect(await long).toBe("done");
  await until(() => !children().includes(old));
});

test.each(replacements.slice(0, 3))(
  "%s: drain bounds it, and the error says so",
  async (name, options, replace) => {
    const port = await opened({ drain: 100, ...options });
    const long = rejection(port.call("deaf", [60_000]));
    await replace(port);
    const error = await long;
    expect(error).toMatchObject({ code: "PORT_EXIT", signal: "SIGKILL", began: true });
    expect(error.message).toContain("its worker was ended before it answered: retired because it ");
    expect(error.message).toContain(name);
    expect(error.message).toContain("; `drain` is 100 ms");
  },
);

test("drain of one restart comes before that of the port", async () => {
  const port = await opened({ drain: 1 });
  const long = port.call("deaf", [400]);
  await port.restart({ drain: Number.POSITIVE_INFINITY });
  expect(await long).toBe("done");
  await expect(port.restart({ drain: -1 })).rejects.toThrow(/^drain must be a number of ms/);
});

test("a program that ignores stop is ended once it has nothing left to do", async () => {
  const port = await opened({}, "ignores-stop.mjs");
  const exited = event(port, "exit");
  await port.restart();
  expect(await exited).toMatchObject([
    { reason: "had nothing left to do and did not exit; `shutdown` is 100 ms", signal: "SIGKILL" },
  ]);
});

test("a call that ignores its cancel in a worker that is being replaced is not waited for", async () => {
  const port = await opened({ cancelGrace: 50 });
  const exited = event(port, "exit");
  const deaf = rejection(port.call("deaf", [60_000], { timeout: 50 }));
  await port.restart();
  expect(await deaf).toMatchObject({ code: "CALL_TIMEOUT" });
  expect(await exited).toMatchObject([
    { reason: expect.stringMatching(/retired because `deaf` ignored its cancel/) },
  ]);
});

test("close bounds a replacement that is under way", async () => {
  const port = await opened({ shutdown: 300 });
  const long = rejection(port.call("deaf", [60_000]));
  await port.restart();
  const begin = performance.now();
  await port.close();
  expect(performance.now() - begin).toBeLessThan(3000);
  expect(await long).toMatchObject({
    code: "PORT_CLOSED",
    message: expect.stringMatching(
      /^deaf: the port was closed; its worker was ended before it answered: .*`shutdown` is 300 ms/,
    ),
  });
});

test("innocent calls of a worker that goes say whose call ignored its cancel, and for which option", async () => {
  const port = await opened({ cancelGrace: 30, shutdown: 200 });
  const innocent = rejection(port.call("noted", ["/dev/null", 60_000]));
  const forever = rejection(port.call("deaf", [60_000], { timeout: 30 }));
  expect(await forever).toMatchObject({ code: "CALL_TIMEOUT" });
  const { message } = await innocent;
  expect(message).toMatch(
    /^noted: its worker was ended before it answered: retired because `deaf` ignored its cancel; `shutdown` is 200 ms \(worker 0, pid \d+\)$/,
  );
});

test("an idempotent call that was alone in two workers which the port itself ended is no poison", async () => {
  const port = await opened({ drain: 50 });
  const call = port.call("deaf", [4000], { idempotent: true });
  for (let round = 0; round < 2; round += 1) {
    const old = pidOf(port);
    await until(() => port.stats().workers[0]?.inFlight === 1);
    await port.restart();
    await until(() => !children().includes(old));
  }
  expect(await call).toBe("done");
  expect(port.stats()).toMatchObject({ resent: 2, restarts: 0 });
});
