/** What users expect of a supervisor beyond OTP's suite: events, ends, hosts. */
import { once } from "node:events";
import { setImmediate, setTimeout } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { ChildSpec } from "../../src/supervise/spec.ts";
import { supervise } from "../../src/supervise/supervise.ts";
import { Supervisor } from "../../src/supervise/supervisor.ts";
import { fixture } from "../fixtures/fixture.ts";
import { built, runHost } from "../process/host.ts";
import { gone } from "../process/recorder.ts";
import {
  atOnce,
  died,
  type Kid,
  kid,
  killed,
  running,
  settled,
  start,
  terminate,
  which,
} from "./suite/kid.ts";

describe("events", () => {
  test("tell what happened, in order", async () => {
    const told: unknown[] = [];
    const broken = new Error("no");
    const children = [kid("a"), kid("b", {}, ["ok", broken, "ok"])];
    const supervisor = await start({ strategy: "rest_for_one", children });
    for (const event of ["exit", "restart", "startError", "gaveUp"] as const) {
      supervisor.on(event, (about: object) => told.push([event, about]));
    }
    await terminate(supervisor, "a", died);
    expect(told.splice(0)).toEqual([
      ["exit", { id: "a", reason: died }],
      ["restart", { id: "a" }],
      ["startError", { id: "b", error: broken }],
      ["restart", { id: "b" }],
    ]);
    await terminate(supervisor, "b", "normal");
    expect(told).toEqual([
      ["exit", { id: "b", reason: "normal" }],
      [
        "gaveUp",
        {
          id: "b",
          history: [
            { at: expect.any(Number), reason: 'child "a" failed: died' },
            { at: expect.any(Number), reason: 'child "b" failed: no when it was restarted' },
            { at: expect.any(Number), reason: 'child "b" ended normally' },
          ],
        },
      ],
    ]);
  });

  test("a listener that throws harms nothing but itself", async () => {
    const script = `
      import { supervise } from ${JSON.stringify(built("src/supervise/supervise.js"))};
      const ends = [];
      const start = () => ({ exited: new Promise((end) => ends.push(end)), stop: () => ends.at(-1)(), kill() {} });
      const supervisor = await supervise({ children: [{ id: "a", start }] });
      process.once("uncaughtException", (error) => console.log("uncaught", error.message));
      supervisor.once("exit", () => { throw new Error("in a listener"); });
      ends[0]();
      await new Promise((done) => supervisor.once("restart", done));
      console.log(supervisor.counts().active, ends.length);
      await supervisor.close();
    `;
    expect(await runHost(script)).toEqual({ end: 0, stderr: "", stdout: "uncaught in a listener\n1 2\n" });
  });

  test("giving up warns when nobody listens", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    try {
      const quiet = await supervise({ maxRestarts: 0, children: [kid("a")] });
      running(quiet, "a").end(died);
      await quiet.exited;
      expect(warn.mock.calls).toEqual([
        [
          'the supervisor has ended: child "a" was restarted too often (last: child "a" failed: died)',
          { type: "PortreeveWarning", code: "SUPERVISOR_GAVE_UP" },
        ],
      ]);
      const heard = await supervise({ maxRestarts: 0, children: [kid("a")] });
      const gaveUp = once(heard, "gaveUp");
      running(heard, "a").end(died);
      await gaveUp;
      expect(warn).toHaveBeenCalledOnce();
    } finally {
      warn.mockRestore();
    }
  });
});

describe("the end", () => {
  test("close may be called any number of times, and await using calls it", async () => {
    let child: Kid;
    {
      await using supervisor = await start({ children: [kid("a", { stopTime: 20 })] });
      child = running(supervisor, "a");
      await Promise.all([supervisor.close(), supervisor.close(), supervisor.stop()]);
      expect(child.ended).toBe("shutdown");
    }
  });

  test("a start that is under way is aborted", async () => {
    const supervisor = await start();
    let signal: AbortSignal | undefined;
    const slow = (given: AbortSignal) => {
      signal = given;
      return new Promise<never>((_, reject) => given.addEventListener("abort", () => reject(given.reason)));
    };
    const starting = expect(supervisor.startChild({ id: "slow", start: slow })).rejects.toMatchObject({
      code: "SUPERVISOR_START",
      child: "slow",
    });
    await setImmediate();
    expect(signal?.aborted).toBe(false);
    await supervisor.close();
    await starting;
    expect(signal?.aborted).toBe(true);
  });

  test("that of a nested supervisor aborts the starts of its children", async () => {
    const supervisor = await start();
    const log: string[] = [];
    const hangs = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    const inner = { children: [kid("first", { log }), { id: "hangs", start: hangs }] };
    const starting = expect(supervisor.startChild({ id: "inner", start: inner })).rejects.toThrow("aborted");
    await setImmediate();
    await supervisor.close();
    await starting;
    expect(log).toEqual(["+first", "-first"]);
  });

  test("kill does not wait for anybody", async () => {
    const children = ["a", "b"].map((id) => kid(id, { stopTime: "never", shutdown: "infinity" }));
    const supervisor = await start({ children });
    const closing = supervisor.close();
    await setImmediate();
    await supervisor.kill();
    await closing;
    expect(children.map(({ kids }) => kids[0]?.ended)).toEqual([killed, killed]);
    expect(await supervisor.exited).toMatchObject({ error: { message: "the supervisor was killed" } });
  });

  test("it leaves the event loop to others, though a restart fails for ever", async () => {
    const child = kid("a", {}, ["ok", new Error("no")]);
    const supervisor = await start({ maxRestarts: 1_000_000, backoff: atOnce, children: [child] });
    running(supervisor, "a").end(died);
    for (let count = 0; count < 5; count += 1) await setTimeout(1);
    expect(which(supervisor)).toBe("a?");
    await supervisor.close();
  });
});

describe("a tree", () => {
  test("a function may start a supervisor as a child, too", async () => {
    const inner = () => supervise({ children: [kid("a")] });
    const supervisor = await start({ children: [{ id: "inner", type: "supervisor", start: inner }] });
    const [{ child } = {}] = supervisor.children();
    expect(child).toBeInstanceOf(Supervisor);
    expect(supervisor.children()).toMatchObject([{ type: "supervisor", shutdown: "infinity" }]);
    await supervisor.close();
  });

  test("each level has its own count: a storm below ends one level after the other", async () => {
    const leaf = kid("leaf");
    const level = (child: ChildSpec) => ({ maxRestarts: 1, backoff: atOnce, children: [child] });
    const low = { id: "low", start: level(leaf) };
    const top = await start(level({ id: "middle", start: level(low) }));
    let crashes = 0;
    while (!(await Promise.race([top.exited, settled(top).then(() => undefined)]))) {
      leaf.kids.at(-1)?.end(died);
      crashes += 1;
      await setImmediate();
    }
    // Each level survives one exit of the level below: 2 × 2 × 2 crashes end all three.
    expect(crashes).toBe(8);
  });
});

describe("a host", () => {
  const program = JSON.stringify(fixture("well-behaved.mjs"));
  const importing = `import { supervise } from ${JSON.stringify(built("src/supervise/supervise.js"))};`;

  test("ends by itself with idle ports under supervision, and they end with it", async () => {
    const host = await runHost(`${importing}
      const supervisor = await supervise({ children: [{ id: "p", start: ${program} }] });
      console.log(await supervisor.port("p").call("pid"));
    `);
    expect(host).toMatchObject({ end: 0, stderr: "" });
    await gone(Number(host.stdout));
  });

  test("ends by itself while a restart is put off", async () => {
    const host = await runHost(`${importing}
      const start = () => ({ exited: new Promise((end) => setTimeout(end, 1)), stop() {}, kill() {} });
      const supervisor = await supervise({ maxRestarts: 9, backoff: { initial: 60_000, max: 60_000 }, children: [{ id: "a", start }] });
      let exits = 0;
      supervisor.on("exit", () => { exits += 1; });
      process.on("exit", () => console.log(exits, supervisor.children()[0].status));
    `);
    expect(host).toEqual({ end: 0, stderr: "", stdout: "2 restarting\n" });
  });
});
