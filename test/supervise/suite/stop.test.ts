/** How supervisors and children stop: the cases of OTP's supervisor_SUITE, by their names. */
import { once } from "node:events";
import { setImmediate, setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ExitReason } from "../../../src/supervise/child.ts";
import type { Supervisor } from "../../../src/supervise/supervisor.ts";
import { died, type Kid, kid, killed, running, start, terminate } from "./kid.ts";

vi.mock("../../../src/timers.ts", () => import("../../late-timers.ts"));

const reasons: ExitReason[] = ["normal", "shutdown", { shutdown: "test" }, { error: "other" }];
const restarts = ["temporary", "transient", "permanent"] as const;

function kidsOf(supervisor: Supervisor): Kid[] {
  return supervisor.children().map(({ id }) => running(supervisor, id));
}

afterEach(() => {
  vi.useRealTimers();
});

describe("supervisor_SUITE, stop", () => {
  test("sup_stop_infinity", async () => {
    const slow = { shutdown: "infinity", stopTime: 30 } as const;
    const children = [kid("child1", { ...slow, type: "supervisor" }), kid("child2", slow)];
    const supervisor = await start({ children });
    const kids = kidsOf(supervisor);
    await supervisor.close();
    expect(kids.map(({ ended }) => ended)).toEqual(["shutdown", "shutdown"]);
  });

  test("sup_stop_timeout", async () => {
    const children = [kid("child1", { shutdown: 1000 }), kid("child2", { shutdown: 20, stopTime: "never" })];
    const supervisor = await start({ children });
    const kids = kidsOf(supervisor);
    const told = once(supervisor, "shutdownError");
    await supervisor.close();
    expect(kids.map(({ ended }) => ended)).toEqual(["shutdown", killed]);
    expect(await told).toMatchObject([{ id: "child2", problem: "did not end within 20 ms and was killed" }]);
  });

  test("sup_stop_timeout_dynamic", async () => {
    const children = [kid("child", { restart: "temporary", shutdown: 20, stopTime: "never" })];
    const supervisor = await start({ strategy: "simple_one_for_one", children });
    for (let count = 0; count < 2; count += 1) await supervisor.startChild();
    const kids = kidsOf(supervisor);
    await supervisor.close();
    expect(await supervisor.exited).toBe("shutdown");
    expect(kids.map(({ ended }) => ended)).toEqual([killed, killed]);
  });

  test("sup_stop_brutal_kill", async () => {
    const children = [kid("child1", { shutdown: 1000 }), kid("child2", { shutdown: "brutal_kill" })];
    const supervisor = await start({ children });
    const kids = kidsOf(supervisor);
    supervisor.on("shutdownError", () => expect.unreachable());
    await supervisor.close();
    expect(kids.map(({ ended }) => ended)).toEqual(["shutdown", killed]);
  });

  test("sup_stop_brutal_kill_dynamic", async () => {
    const children = [kid("child", { restart: "temporary", shutdown: "brutal_kill" })];
    const supervisor = await start({ strategy: "simple_one_for_one", children });
    for (let count = 0; count < 10; count += 1) await supervisor.startChild();
    const kids = kidsOf(supervisor);
    await supervisor.close();
    expect(kids.map(({ ended }) => ended)).toEqual(Array(10).fill(killed));
  });

  test("sup_stop_race", async () => {
    const first = kid("a", { restart: "temporary", shutdown: 1000 });
    const last = kid("z", { restart: "temporary", shutdown: 2000, stopTime: 30 });
    const middle = restarts.flatMap((restart) =>
      reasons.map((_, index) => kid(`${restart}${index}`, { restart, shutdown: 1000, stopTime: "never" })),
    );
    const supervisor = await start({ children: [first, ...middle, last] });
    const kids = kidsOf(supervisor);
    const closed = supervisor.close();
    await setTimeout(10);
    // The last one is being stopped now; these end by themselves before their turn.
    for (const [index, { kids }] of middle.entries()) kids[0]?.end(reasons[index % 4] ?? "normal");
    await closed;
    expect(await supervisor.exited).toBe("shutdown");
    expect(kids.map(({ ended }) => ended)).toEqual([
      "shutdown",
      ...reasons,
      ...reasons,
      ...reasons,
      "shutdown",
    ]);
    expect(middle.map((spec) => spec.kids.length)).toEqual(Array(12).fill(1));
  });

  test.each(restarts)("sup_stop_non_shutdown_exit_dynamic: %s", async (restart) => {
    const ends = [...reasons];
    const model = {
      ...kid("child", { restart }),
      start: (signal: AbortSignal) => kid("", { stopReason: ends.shift() ?? "normal" }).start(signal),
    };
    const supervisor = await start({ strategy: "simple_one_for_one", children: [model] });
    for (const _ of reasons) await supervisor.startChild();
    const kids = kidsOf(supervisor);
    await supervisor.close();
    expect(await supervisor.exited).toBe("shutdown");
    expect(kids.map(({ ended }) => ended)).toEqual(reasons);
  });

  test("child_unlink", async () => {
    // The nearest there is here to a child that unlinks itself: its end is never told, whatever is done to it.
    const mute = { exited: new Promise(() => {}), stop: () => undefined, kill: () => undefined };
    const supervisor = await start({
      children: [{ id: "naughty", start: () => mute, shutdown: 10 }, kid("good")],
    });
    const told = once(supervisor, "shutdownError");
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const stopped = supervisor.stopChild("naughty");
    await vi.advanceTimersByTimeAsync(10 + 5000);
    vi.useRealTimers();
    await stopped;
    expect(await told).toMatchObject([{ id: "naughty", problem: "is not gone 5000 ms after its kill" }]);
    await terminate(supervisor, "good", died);
    expect(running(supervisor, "good").ended).toBeUndefined();
    await supervisor.close();
  });

  test("order_of_children", async () => {
    const log: string[] = [];
    const ids = ["ch7", "ch3", "ch10", "ch2", "ch5"];
    const supervisor = await start({ strategy: "rest_for_one", children: ids.map((id) => kid(id, { log })) });
    expect(log.splice(0)).toEqual(["+ch7", "+ch3", "+ch10", "+ch2", "+ch5"]);
    await terminate(supervisor, "ch10", died);
    expect(log.splice(0)).toEqual(["-ch10", "-ch5", "-ch2", "+ch10", "+ch2", "+ch5"]);
    await supervisor.close();
    expect(log).toEqual(["-ch5", "-ch2", "-ch10", "-ch3", "-ch7"]);
  });

  test("each is gone before the next one is asked; dynamic ones go together", async () => {
    const slow = { stopTime: 20 };
    const children = ["a", "b", "c"].map((id) => kid(id, slow));
    const one = await start({ children });
    const kids = kidsOf(one);
    const closed = one.close();
    await kids[2]?.exited;
    expect(kids.map(({ ended }) => ended)).toEqual([undefined, undefined, "shutdown"]);
    await closed;

    const many = await start({ strategy: "simple_one_for_one", children: [kid("child", slow)] });
    for (let count = 0; count < 3; count += 1) await many.startChild();
    const asked: number[] = [];
    for (const child of kidsOf(many)) child.stop = () => void asked.push(child.pid);
    const done = many.close();
    await setImmediate();
    expect(asked).toHaveLength(3);
    for (const child of kidsOf(many)) child.end("shutdown");
    await done;
  });
});
