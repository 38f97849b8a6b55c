/** How supervisors and children start: the cases of OTP's supervisor_SUITE, by their names. */
import { describe, expect, test } from "vitest";
import { SupervisorError } from "../../../src/supervise/error.ts";
import type { SuperviseOptions } from "../../../src/supervise/spec.ts";
import { supervise } from "../../../src/supervise/supervise.ts";
import { Supervisor } from "../../../src/supervise/supervisor.ts";
import { counts, kid, refused, running, start, which } from "./kid.ts";

describe("supervisor_SUITE, start", () => {
  test("sup_start_normal", async () => {
    const supervisor = await start();
    expect(supervisor).toBeInstanceOf(Supervisor);
    await supervisor.close();
    expect(await supervisor.exited).toBe("shutdown");
  });

  test("sup_start_ignore_init", async () => {
    const supervisor = await start({
      children: [{ id: "ignored", type: "supervisor", start: () => "ignore" }],
    });
    expect(which(supervisor)).toBe("ignored-");
    expect(counts(supervisor)).toEqual([1, 0, 1, 0]);
    await supervisor.close();
  });

  test("sup_start_ignore_child", async () => {
    const supervisor = await start();
    const ignored = await supervisor.startChild(kid("child1", {}, ["ignore"]));
    expect(ignored).toMatchObject({ id: "child1", status: "stopped", child: undefined });
    await supervisor.startChild(kid("child2"));
    expect(which(supervisor)).toBe("child1- child2+");
    expect(counts(supervisor)).toEqual([2, 1, 0, 2]);
    await supervisor.close();
  });

  test("sup_start_ignore_temporary_child", async () => {
    const children = [
      kid("child1", { restart: "temporary" }, ["ignore"]),
      kid("child2", { restart: "temporary" }),
    ];
    const supervisor = await start({ children });
    expect(which(supervisor)).toBe("child2+");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.close();
  });

  test("sup_start_ignore_temporary_child_start_child", async () => {
    const supervisor = await start();
    await supervisor.startChild(kid("child1", { restart: "temporary" }, ["ignore"]));
    await supervisor.startChild(kid("child2", { restart: "temporary" }));
    expect(which(supervisor)).toBe("child2+");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.close();
  });

  test.each([
    ["sup_start_ignore_temporary_child_start_child_simple", "temporary"],
    ["sup_start_ignore_permanent_child_start_child_simple", "permanent"],
  ] as const)("%s", async (_name, restart) => {
    const children = [kid("child", { restart }, ["ignore", "ok"])];
    const supervisor = await start({ strategy: "simple_one_for_one", children });
    expect(await supervisor.startChild()).toMatchObject({ status: "stopped", child: undefined });
    await supervisor.startChild();
    expect(which(supervisor)).toBe("child:2+");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.close();
    expect(await supervisor.exited).toBe("shutdown");
  });

  test("sup_start_error_return", async () => {
    await expect(supervise("invalid" as unknown as SuperviseOptions)).rejects.toThrow(
      'the options of supervise() must be an object, not "invalid"',
    );
  });

  test("sup_start_fail", async () => {
    const failing = {
      get children(): never {
        throw new Error("no children today");
      },
    };
    await expect(supervise(failing)).rejects.toThrow("no children today");
  });

  test("the first child that fails stops those before it, in reverse order, and ends the start", async () => {
    const log: string[] = [];
    const bad = kid("bad", { log }, [new Error("no licence")]);
    const failure = supervise({
      children: [kid("a", { log }), kid("b", { log }), bad, kid("after", { log })],
    });
    const error = await failure.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SupervisorError);
    expect(error).toMatchObject({
      code: "SUPERVISOR_START",
      child: "bad",
      message: 'child "bad" could not be started: no licence',
      cause: expect.objectContaining({ message: "no licence" }),
    });
    expect(log).toEqual(["+a", "+b", "-b", "-a"]);
  });

  test("sup_start_child_returns_error", async () => {
    const supervisor = await start();
    await refused(supervisor.startChild(kid("child", {}, [new Error("no")])), "start");
    expect(which(supervisor)).toBe("");
    await supervisor.startChild(kid("child"));
    expect(which(supervisor)).toBe("child+");
    await supervisor.close();
  });

  test("sup_start_restart_child_returns_error", async () => {
    const child = kid("child", {}, ["ok", new Error("no"), "ok"]);
    const supervisor = await start({ children: [child] });
    await supervisor.stopChild("child");
    await refused(supervisor.restartChild("child"), "start");
    expect(which(supervisor)).toBe("child-");
    await supervisor.restartChild("child");
    expect(which(supervisor)).toBe("child+");
    await supervisor.close();
  });

  test("sup_start_child_returns_error_simple", async () => {
    const children = [kid("child", {}, [new Error("no"), "ok"])];
    const supervisor = await start({ strategy: "simple_one_for_one", children });
    await refused(supervisor.startChild(), "start");
    expect(which(supervisor)).toBe("");
    expect(counts(supervisor)).toEqual([1, 0, 0, 0]);
    await supervisor.close();
  });

  test("already_started_outside_supervisor", async () => {
    const outside = await start({ children: [kid("child")] });
    const supervisor = await start();
    const taken = { id: "child", start: () => Promise.reject(new Error("already_started")) };
    await refused(supervisor.startChild(taken), "start");
    expect(which(supervisor)).toBe("");
    await supervisor.close();
    expect(running(outside, "child").ended).toBeUndefined();
    await outside.close();
  });

  test.each([
    ["nothing", undefined],
    ["no child", { exited: Promise.resolve() }],
    ["no promise", { exited: true, stop() {}, kill() {} }],
  ])("a start that gives %s has failed", async (_name, value) => {
    const start = () => value as never;
    const message =
      'child "odd" could not be started: start must give a child ({ exited, stop, kill }) or "ignore"';
    await expect(supervise({ children: [{ id: "odd", start }] })).rejects.toThrow(message);
  });
});
