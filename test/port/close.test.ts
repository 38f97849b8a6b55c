import { afterEach, expect, test } from "vitest";
import { PortClosedError } from "../../src/index.ts";
import { children, event, openFixture, pidOf, rejection, until } from "./ports.ts";

afterEach(() => {
  expect(children(), "close() resolves when all is reaped").toEqual([]);
});

test("an idle port: the program ends by itself, with exit code 0", async () => {
  const port = await openFixture();
  const exited = event(port, "exit");
  await port.close();
  expect(children()).toEqual([]);
  expect(await exited).toEqual([expect.objectContaining({ exitCode: 0, signal: null, unanswered: 0 })]);
});

test("twice, and at the same time: one end; calls and casts after it are refused", async () => {
  const port = await openFixture();
  const [first, second] = [port.close(), port.close()];
  expect(first).toBe(second);
  expect(await rejection(port.call("echo", [1]))).toBeInstanceOf(PortClosedError);
  await first;
  await port.close();
  const error = await rejection(port.call("echo", [1]));
  expect(error).toMatchObject({ code: "PORT_CLOSED", function: "echo", message: "echo: the port is closed" });
  expect(() => port.cast("echo", [1])).toThrow(PortClosedError);
});

test("busy: accepted calls finish, those that wait in the queue included", async () => {
  const port = await openFixture("well-behaved.mjs", { maxInFlight: 2, shutdown: 20_000 });
  const calls = [100, 50, 20, 1].map((ms) => port.call("sleep", [ms]));
  await port.close();
  expect(await Promise.all(calls)).toEqual(["slept", "slept", "slept", "slept"]);
});

test("busy for longer than shutdown: it is killed, and what is left says that the port was closed", async () => {
  const port = await openFixture("talkative.mjs", { maxInFlight: 2, shutdown: 150 });
  const calls = [1, 2, 3].map(() => rejection(port.call("deaf", [60_000])));
  await port.close();
  expect(children()).toEqual([]);
  for (const error of await Promise.all(calls)) {
    expect(error).toBeInstanceOf(PortClosedError);
    expect(error).toMatchObject({ code: "PORT_CLOSED", function: "deaf" });
    expect(error.message).toMatch(/^deaf: the port (was|is) closed/);
  }
});

test("shutdown 0 kills at once; a stopped program too", async () => {
  const port = await openFixture("well-behaved.mjs", { shutdown: 0 });
  const call = rejection(port.call("sleep", [60_000]));
  process.kill(pidOf(port), "SIGSTOP");
  await port.close();
  expect(await call).toBeInstanceOf(PortClosedError);
});

test("a program that ignores stop is killed after shutdown", async () => {
  const port = await openFixture("ignores-stop.mjs", { shutdown: 150 });
  const exited = event(port, "exit");
  await port.close();
  expect(await exited).toEqual([expect.objectContaining({ signal: "SIGKILL" })]);
});

test("while a dead worker is being started again, and while it waits for that", async () => {
  const starting = await openFixture("slow-start.mjs", { args: ["400"], shutdown: 100 });
  process.kill(pidOf(starting), "SIGKILL");
  await until(() => starting.stats().workers[0]?.state === "starting");
  const call = rejection(starting.call("echo", [1]));
  await starting.close();
  expect(await call).toBeInstanceOf(PortClosedError);

  const waiting = await openFixture("well-behaved.mjs", { backoff: { initial: 60_000 }, shutdown: 100 });
  await rejection(waiting.call("exit", [1]));
  await waiting.call("echo", [1]);
  await rejection(waiting.call("exit", [1]));
  const queued = rejection(waiting.call("echo", [1]));
  await waiting.close();
  expect(await queued).toBeInstanceOf(PortClosedError);
});

test("after it gave up", async () => {
  const port = await openFixture("well-behaved.mjs", { maxRestarts: 0 });
  const gaveUp = event(port, "gaveUp");
  await rejection(port.call("exit", [1]));
  await gaveUp;
  await port.close();
  expect(await rejection(port.call("echo", [1]))).toBeInstanceOf(PortClosedError);
});

test("from a listener of its own events, from the answer of a call, from a handler", async () => {
  const port = await openFixture("well-behaved.mjs", { shutdown: 200 });
  const closed = new Promise<void>((resolve) => port.on("exit", () => resolve(port.close())));
  await rejection(port.call("exit", [1]));
  await closed;

  const other = await openFixture("talkative.mjs", {
    shutdown: 5000,
    handlers: { close: () => void other.close() },
  });
  expect(await other.call("ask", ["close", []])).toEqual(["reply", undefined]);
  await other.close();
});

test("await using closes it at the end of the block", async () => {
  let pid = 0;
  {
    await using port = await openFixture();
    pid = pidOf(port);
    expect(await port.call("echo", [1])).toBe(1);
  }
  expect(children()).not.toContain(pid);
});

test("many calls at the moment of the close: each settles once", async () => {
  const port = await openFixture("well-behaved.mjs", { workers: 2, shutdown: 10_000 });
  const calls = Array.from({ length: 500 }, (_, i) => port.call("echo", [i]));
  const closed = port.close();
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  await closed;
});

test("a death during the close: its call fails, those that wait still get a worker", async () => {
  const port = await openFixture("well-behaved.mjs", { maxInFlight: 1, shutdown: 20_000 });
  const call = rejection(port.call("sleep", [60_000]));
  const waiting = port.call("echo", ["accepted"]);
  const closed = port.close();
  process.kill(pidOf(port), "SIGKILL");
  expect(await call).toMatchObject({ code: "PORT_CLOSED", function: "sleep" });
  expect(await waiting).toBe("accepted");
  await closed;
});

test("the error of a call whose worker died while the port closes tells of the death", async () => {
  const port = await openFixture("well-behaved.mjs", { shutdown: 20_000 });
  const crashed = rejection(port.call("kill", ["SIGSEGV"]));
  const beside = rejection(port.call("sleep", [60_000]));
  await Promise.all([port.close(), crashed]);
  for (const [name, error] of [
    ["kill", await crashed],
    ["sleep", await beside],
  ] as const) {
    expect(error).toMatchObject({
      code: "PORT_CLOSED",
      function: name,
      cause: { code: "PORT_EXIT", signal: "SIGSEGV", began: true },
    });
    expect(error.message).toMatch(
      new RegExp(
        `^${name}: the port was closed; its worker was killed by SIGSEGV before it answered \\(worker 0, pid \\d+\\)$`,
      ),
    );
  }
});
