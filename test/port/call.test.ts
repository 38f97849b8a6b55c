import { afterAll, beforeAll, expect, test } from "vitest";
import { EtfError } from "../../codec/index.ts";
import { CallError, type Port } from "../../src/index.ts";
import { children, event, openFixture, pidOf, rejection } from "./ports.ts";

let port: Port;
let talkative: Port;
beforeAll(async () => {
  [port, talkative] = await Promise.all([openFixture(), openFixture("talkative.mjs")]);
});
afterAll(async () => {
  await Promise.all([port.close(), talkative.close()]);
  expect(children()).toEqual([]);
});

test("values go there and back", async () => {
  const values = [
    1,
    -7.5,
    2 ** 40,
    "text",
    "",
    [],
    [1, [2, ["three"]]],
    { a: 1, b: { c: [true, false, null] } },
    new Uint8Array([1, 2, 255]),
  ];
  for (const value of values) expect(await port.call("echo", [value])).toEqual(value);
  const all = await Promise.all(values.map((value) => port.call("echo", [value])));
  expect(all).toEqual(values);
});

test("large values, of which the bytes are written from where they are", async () => {
  const text = "größer ".repeat(50_000);
  const bytes = Buffer.from(text);
  const [sameText, sameBytes] = await Promise.all([
    port.call<string>("echo", [text]),
    port.call<Uint8Array>("echo", [bytes]),
  ]);
  expect(sameText === text).toBe(true);
  expect(bytes.equals(sameBytes)).toBe(true);
});

test("a thousand calls at once, each with its own answer", async () => {
  const numbers = Array.from({ length: 3000 }, (_, i) => i);
  expect(await Promise.all(numbers.map((n) => port.call<number>("echo", [n])))).toEqual(numbers);
  expect(port.stats()).toMatchObject({ unsettled: 0, queued: 0 });
});

test("as: one method a function, with options that belong to the view", async () => {
  interface Fixture {
    sum(values: number[]): Promise<number>;
    sleep(ms: number): Promise<string>;
  }
  const view = port.as<Fixture>();
  expect(await view.sum([1, 2, 3])).toBe(6);
  expect(await view.sleep(1)).toBe("slept");
  const { sum } = view;
  expect(await sum([1])).toBe(1);
  await expect(port.as<Fixture>(undefined, { timeout: 50 }).sleep(60_000)).rejects.toThrow(
    /no answer within 50 ms/,
  );
  await expect(view.with({ timeout: 60 }).sleep(60_000)).rejects.toThrow(/no answer within 60 ms/);
  const reason = new Error("went away");
  await expect(view.with({ signal: AbortSignal.abort(reason) }).sleep(60_000)).rejects.toBe(reason);
  expect(() => port.as<Fixture>({ functions: ["sum", "slepe" as "sleep"] })).toThrow(
    /slepe: .*the nearest it has: sleep/,
  );
});

test("cast: no answer, but it arrives; what cannot be sent is thrown", async () => {
  const arrived = event(talkative, "event");
  expect(talkative.cast("event", ["topic", [1, 2]])).toBeUndefined();
  expect(await arrived).toEqual(["topic", [1, 2]]);
  expect(() => port.cast("sum", [Symbol("x")])).toThrow(EtfError);
  expect(() => port.cast("smu")).toThrow(CallError);
  expect(await port.call("echo", [1])).toBe(1);
});

test("a wrong name is rejected with the nearest ones, before anything is sent", async () => {
  const error = await rejection(port.call("ehco", []));
  expect(error).toMatchObject({ code: "CALL_UNDEF", function: "ehco" });
  expect(error.message).toMatch(/the nearest it has: echo/);
  await expect(port.call(5 as unknown as string)).rejects.toThrow(/by its name, a string, and not by 5/);
  await expect(port.call("echo", "x" as unknown as [])).rejects.toThrow(/the arguments must be a list/);
});

test("arguments that ETF cannot hold are rejected with their path", async () => {
  const error = await rejection(port.call("echo", [{ claims: [1, { exp: Number.NaN }] }]));
  expect(error).toMatchObject({ name: "EtfError", code: "ETF_UNSUPPORTED", path: "[0].claims[1].exp" });
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  await expect(port.call("echo", [cyclic])).rejects.toMatchObject({ code: "ETF_CYCLE" });
  expect(port.stats().unsettled).toBe(0);
});

test("the error of a function has its message, code and name", async () => {
  const error = await rejection(port.call("fail", ["no luck"]));
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({
    name: "CallError",
    code: "CALL_ERROR",
    function: "fail",
    message: "fail: no luck",
  });
});

test("the stack of every error has the caller's line in it", async () => {
  const stacks: Record<string, string> = {};
  async function callerOfThisTest(name: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      stacks[name] = (error as Error).stack ?? "";
    }
  }
  const here = (call: () => Promise<unknown>) => async () => {
    await call();
  };
  await callerOfThisTest(
    "function",
    here(() => port.call("fail", ["x"])),
  );
  await callerOfThisTest(
    "name",
    here(() => port.call("nope")),
  );
  await callerOfThisTest(
    "argument",
    here(() => port.call("echo", [Number.NaN])),
  );
  await callerOfThisTest(
    "timeout",
    here(() => port.call("sleep", [60_000], { timeout: 20 })),
  );
  await callerOfThisTest(
    "result",
    here(() => talkative.call("not_text")),
  );
  await callerOfThisTest(
    "view",
    here(() => port.as<{ fail(text: string): Promise<never> }>().fail("x")),
  );
  for (const [name, stack] of Object.entries(stacks)) {
    expect(stack, name).toMatch(/call\.test\.ts/);
    expect(stack, name).toMatch(/callerOfThisTest/);
  }
  expect(Object.keys(stacks)).toHaveLength(6);
  expect(stacks.function?.split("\n")[1], "portreeve's own frames are cut off").not.toMatch(
    /src\/(port|wire)/,
  );
});

test("progress, events and logs", async () => {
  const steps: unknown[] = [];
  expect(await talkative.call("steps", [5], { onProgress: (step) => steps.push(step) })).toBe("done");
  expect(steps).toEqual([0, 1, 2, 3, 4]);
  expect(await talkative.call("steps", [2])).toBe("done");
  const log = event(talkative, "log");
  await talkative.call("log", ["info", "hello"]);
  expect(await log).toEqual([
    { level: "info", target: "fixture::log", message: "hello", fields: expect.objectContaining({ line: 7 }) },
  ]);
});

test("an answer in parts, with events between", async () => {
  const seen: unknown[] = [];
  const listen = (_topic: string, i: unknown) => seen.push(i);
  talkative.on("event", listen);
  expect(await talkative.call("parts", [20])).toBe("y".repeat(2000));
  talkative.off("event", listen);
  expect(seen.slice(0, 19)).toEqual(Array.from({ length: 19 }, (_, i) => i));
});

test("a program that gets messages wrong costs one warning; a second answer to a call costs nothing", async () => {
  const log = event(talkative, "log");
  expect(await talkative.call("malformed")).toBe("still here");
  expect(await log).toEqual([expect.objectContaining({ level: "warn", target: "portreeve" })]);
  expect(await talkative.call("twice")).toBe("first");
  expect(await talkative.call("echo", ["still"])).toBe("still");
  expect(await rejection(talkative.call("not_text"))).toMatchObject({ code: "ETF_UTF8" });
  expect(talkative.stats().restarts).toBe(0);
});

test("a toTerm() that calls the port while it is encoded: refused, and nothing else is harmed", async () => {
  let inner: Promise<unknown> | undefined;
  const nested = {
    toTerm: () => {
      inner = port.call("echo", ["inner"]);
      inner.catch(() => {});
      return "outer";
    },
  };
  const before = port.call("echo", ["before"]);
  expect(await port.call("echo", [nested])).toBe("outer");
  expect(await before).toBe("before");
  expect(await rejection(inner ?? Promise.resolve())).toMatchObject({ code: "ETF_REENTRANT" });
  expect(port.stats().unsettled).toBe(0);
});

test("workers: the least busy first, a key always leads to the same one", async () => {
  const many = await openFixture("well-behaved.mjs", { workers: 2 });
  try {
    const sleeping = many.call("sleep", [300]);
    const other = await many.call("pid");
    await sleeping;
    expect([pidOf(many, 0), pidOf(many, 1)]).toContain(other);
    const spread = await Promise.all([many.call("pid"), many.call("pid")]);
    expect(new Set(spread).size).toBe(2);
    for (const key of ["alice", "bob", 7, "carol", "dave"]) {
      const pids = await Promise.all(Array.from({ length: 6 }, () => many.call("pid", [], { key })));
      expect(new Set(pids).size).toBe(1);
    }
  } finally {
    await many.close();
  }
});

test("what a listener throws is an uncaught exception of its own, and the port goes on", async () => {
  const uncaught: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => uncaught.push(error.message));
  const fail = (text: string) => () => {
    throw new Error(text);
  };
  talkative.once("event", fail("event"));
  talkative.once("log", fail("log"));
  await talkative.call("event", ["t", 1]);
  await talkative.call("log", ["info", "x"]);
  expect(await talkative.call("steps", [2], { onProgress: fail("progress") })).toBe("done");
  expect(await talkative.call("echo", [1])).toBe(1);
  process.removeAllListeners("uncaughtException");
  for (const listener of listeners) process.on("uncaughtException", listener);
  expect(uncaught).toEqual(["event", "log", "progress", "progress"]);
  expect(talkative.stats().restarts).toBe(0);
});

test("an error of the codec names the function, whichever way the value goes", async () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const errors = [
    await rejection(port.call("echo", [cycle])),
    await rejection(port.broadcast("echo", [cycle])),
    await new Promise<unknown>((resolve) => {
      try {
        port.cast("echo", [cycle]);
      } catch (error) {
        resolve(error);
      }
    }),
  ];
  for (const error of errors)
    expect(error).toMatchObject({
      name: "EtfError",
      code: "ETF_CYCLE",
      function: "echo",
      message: expect.stringMatching(/^echo: (?!echo)/),
      stack: expect.stringMatching(/^EtfError: echo: /),
    });
  expect(await rejection(talkative.call("not_text"))).toMatchObject({
    code: "ETF_UTF8",
    function: "not_text",
    message: expect.stringMatching(/^not_text: /),
  });
});
