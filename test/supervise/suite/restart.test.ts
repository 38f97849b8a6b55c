/** Who is restarted, how often, and who goes along: the cases of OTP's supervisor_SUITE, by their names. */
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ExitReason } from "../../../src/supervise/child.ts";
import { counts, died, hasEnded, type Kid, kid, running, settled, start, terminate, which } from "./kid.ts";

describe("supervisor_SUITE, restart types", () => {
  test.each([
    ["permanent_normal", "permanent", ["normal"], "restarted"],
    ["transient_normal", "transient", ["normal"], "kept"],
    ["temporary_normal", "temporary", ["normal"], "gone"],
    ["permanent_shutdown", "permanent", ["shutdown", { shutdown: "some_info" }], "restarted"],
    ["transient_shutdown", "transient", ["shutdown", { shutdown: "some_info" }], "kept"],
    ["temporary_shutdown", "temporary", ["shutdown", { shutdown: "some_info" }], "gone"],
    ["permanent_abnormal", "permanent", [died], "restarted"],
    ["transient_abnormal", "transient", [died], "restarted"],
    ["temporary_abnormal", "temporary", [died], "gone"],
  ] as const)("%s", async (_name, restart, reasons: readonly ExitReason[], fate) => {
    const spec = kid("child1", { restart });
    const supervisor = await start();
    await supervisor.startChild(spec);
    for (const reason of reasons) {
      const child = await terminate(supervisor, "child1", reason);
      if (fate === "restarted") {
        expect(running(supervisor, "child1").pid).toBeGreaterThan(child.pid);
        expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
      } else if (fate === "kept") {
        expect(which(supervisor)).toBe("child1-");
        expect(counts(supervisor)).toEqual([1, 0, 0, 1]);
        await supervisor.restartChild("child1");
      } else {
        expect(which(supervisor)).toBe("");
        expect(counts(supervisor)).toEqual([0, 0, 0, 0]);
        await supervisor.startChild(spec);
      }
    }
    await supervisor.close();
  });

  test("temporary_bystander", async () => {
    for (const strategy of ["one_for_all", "rest_for_one"] as const) {
      const supervisor = await start({
        strategy,
        children: [kid("child1"), kid("child2", { restart: "temporary" })],
      });
      const bystander = running(supervisor, "child2");
      await terminate(supervisor, "child1", "normal");
      expect(bystander.ended).toBe("shutdown");
      expect(which(supervisor)).toBe("child1+");
      await supervisor.close();
    }
  });
});

describe("supervisor_SUITE, intensity", () => {
  test("multiple_restarts", async () => {
    const children = [kid("child1", { shutdown: "brutal_kill" })];
    const supervisor = await start({ maxRestarts: 1, period: 50, children });
    await terminate(supervisor, "child1", died);
    for (let count = 0; count < 3; count += 1) {
      await setTimeout(60);
      await terminate(supervisor, "child1", died);
    }
    expect(which(supervisor)).toBe("child1+");
    await supervisor.stopChild("child1");
    await supervisor.deleteChild("child1");
    await supervisor.close();
  });
});

describe("supervisor_SUITE, strategies", () => {
  test("one_for_one", async () => {
    const supervisor = await start({ children: [kid("child1"), kid("child2")] });
    const second = running(supervisor, "child2");
    await terminate(supervisor, "child1", died);
    expect(running(supervisor, "child2")).toBe(second);
    expect(counts(supervisor)).toEqual([2, 2, 0, 2]);
    await terminate(supervisor, "child2", died);
    await terminate(supervisor, "child1", died);
    expect(await supervisor.exited).toBe("shutdown");
  });

  test.each([
    ["one_for_one_escalation", "one_for_one", "child1"],
    ["one_for_all_escalation", "one_for_all", "child2"],
    ["rest_for_one_escalation", "rest_for_one", "child2"],
  ] as const)("%s", async (_name, strategy, broken) => {
    const specs = ["child1", "child2"].map((id) =>
      kid(id, {}, id === broken ? ["ok", new Error("no")] : ["ok"]),
    );
    const supervisor = await start({ strategy, maxRestarts: 4, children: specs });
    const failures: string[] = [];
    supervisor.on("startError", ({ id }) => failures.push(id));
    const second = running(supervisor, "child2");
    await terminate(supervisor, "child1", died);
    expect(await supervisor.exited).toBe("shutdown");
    expect(second.ended).toBe("shutdown");
    expect(failures).toEqual(Array(4).fill(broken));
  });

  test("one_for_all", async () => {
    const specs = [kid("child1"), kid("child2")];
    const supervisor = await start({ strategy: "one_for_all", children: specs });
    const [first, second] = [running(supervisor, "child1"), running(supervisor, "child2")];
    await terminate(supervisor, "child1", died);
    expect(second.ended).toBe("shutdown");
    expect(running(supervisor, "child1")).not.toBe(first);
    expect(running(supervisor, "child2")).not.toBe(second);
    expect(counts(supervisor)).toEqual([2, 2, 0, 2]);
    await terminate(supervisor, "child2", died);
    await terminate(supervisor, "child2", died);
    expect(await supervisor.exited).toBe("shutdown");
  });

  test.each([
    ["one_for_all_other_child_fails_restart", "one_for_all", ["-child1", "+child1", "+child2"]],
    ["rest_for_one_other_child_fails_restart", "rest_for_one", ["+child2"]],
  ] as const)("%s", async (_name, strategy, afterFailure) => {
    const log: string[] = [];
    const specs = [kid("child1", { log }), kid("child2", { log }, ["ok", new Error("no"), "ok"])];
    const supervisor = await start({ strategy, maxRestarts: 3, children: specs });
    supervisor.once("startError", () => log.push("failed"));
    log.length = 0;
    await terminate(supervisor, "child1", died);
    expect(log).toEqual(["-child1", "-child2", "+child1", "failed", ...afterFailure]);
    expect(which(supervisor)).toBe("child1+ child2+");
    await supervisor.close();
  });

  test("rest_for_one", async () => {
    const specs = ["child1", "child2", "child3"].map((id) => kid(id));
    const supervisor = await start({ strategy: "rest_for_one", children: specs });
    const before = specs.map(({ id }) => running(supervisor, id));
    expect(counts(supervisor)).toEqual([3, 3, 0, 3]);
    await terminate(supervisor, "child2", died);
    expect(before.map(({ ended }) => ended)).toEqual([undefined, died, "shutdown"]);
    const after = specs.map(({ id }) => running(supervisor, id));
    expect(after.map((child, index) => child === before[index])).toEqual([true, false, false]);
    await terminate(supervisor, "child3", died);
    expect(running(supervisor, "child2")).toBe(after[1]);
    await terminate(supervisor, "child2", died);
    expect(await supervisor.exited).toBe("shutdown");
  });

  test.each(["one_for_one", "one_for_all"] as const)("two that crash at once, %s", async (strategy) => {
    const children = [kid("child1"), kid("child2")];
    const supervisor = await start({ strategy, maxRestarts: 1, children });
    for (const id of ["child1", "child2"]) running(supervisor, id).end(died);
    // Under one_for_all the second one is dealt with along with the first: one restart; under one_for_one there are two.
    expect(await hasEnded(supervisor)).toBe(strategy === "one_for_one");
    await supervisor.close();
  });
});

describe("supervisor_SUITE, dynamic children", () => {
  const strategy = "simple_one_for_one";

  test("simple_one_for_one", async () => {
    const supervisor = await start({ strategy, children: [kid("child")] });
    await supervisor.startChild();
    await supervisor.startChild();
    const second = running(supervisor, "child:2");
    await terminate(supervisor, "child:1", died);
    expect(running(supervisor, "child:2")).toBe(second);
    expect(counts(supervisor)).toEqual([1, 2, 0, 2]);
    await terminate(supervisor, "child:2", died);
    await terminate(supervisor, "child:1", died);
    expect(await supervisor.exited).toBe("shutdown");
  });

  test("simple_one_for_one_shutdown", async () => {
    const times = [30, 30, 10_000];
    const model = {
      ...kid("child", { shutdown: 60 }),
      start: (signal: AbortSignal) => kid("", { stopTime: times.shift() ?? 0 }).start(signal),
    };
    const supervisor = await start({ strategy, children: [model] });
    for (let count = 0; count < 3; count += 1) await supervisor.startChild();
    const kids = supervisor.children().map(({ child }) => child as Kid);
    const begin = performance.now();
    await supervisor.close();
    const ms = performance.now() - begin;
    expect(kids.map(({ ended }) => ended)).toEqual(["shutdown", "shutdown", { error: "killed" }]);
    expect(ms).toBeGreaterThanOrEqual(59);
    // One after the other would take 120 ms at least, were it not for a busy machine: only the lower bound is sure.
  });

  test("simple_one_for_one_extra", async () => {
    const spec = kid("child");
    const supervisor = await start({ strategy, children: [spec] });
    const { child } = await supervisor.startChild(["extra", { info: 1 }]);
    expect(child).toBe(spec.kids[0]);
    expect(spec.kids[0]?.args).toEqual(["extra", { info: 1 }]);
    await supervisor.startChild();
    await terminate(supervisor, "child:1", died);
    // It is the child that was started with them, so it is restarted with them.
    expect(running(supervisor, "child:1").args).toEqual(["extra", { info: 1 }]);
    expect(counts(supervisor)).toEqual([1, 2, 0, 2]);
    await terminate(supervisor, "child:2", died);
    await terminate(supervisor, "child:1", died);
    expect(await supervisor.exited).toBe("shutdown");
  });

  test("simple_one_for_one_escalation", async () => {
    const spec = kid("child", {}, ["ok", "ok", new Error("no")]);
    const supervisor = await start({ strategy, maxRestarts: 4, children: [spec] });
    await supervisor.startChild(["error"]);
    await supervisor.startChild();
    const second = running(supervisor, "child:2");
    await terminate(supervisor, "child:1", died);
    expect(await supervisor.exited).toBe("shutdown");
    expect(second.ended).toBe("shutdown");
  });

  test("simple_one_for_one_restart_ignore", async () => {
    const supervisor = await start({ strategy, children: [kid("child", {}, ["ok", "ok", "ignore"])] });
    await supervisor.startChild();
    await supervisor.startChild();
    await terminate(supervisor, "child:1", died);
    expect(which(supervisor)).toBe("child:2+");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.close();
  });
});

describe("supervisor_SUITE, a restart that fails again and again blocks nothing", () => {
  const maxRestarts = 1_000_000;
  const broken = new Error("no");

  test.each(["hanging_restart_loop", "hanging_restart_loop_rest_for_one"])("%s", async (name) => {
    const inGroup = name === "hanging_restart_loop_rest_for_one";
    const spec = kid("child2", { shutdown: "brutal_kill" });
    const children = inGroup ? [kid("child1"), spec, kid("child3")] : [spec];
    const supervisor = await start({
      strategy: inGroup ? "rest_for_one" : "one_for_one",
      maxRestarts,
      children,
    });
    const shows = (mark: string) => (inGroup ? `child1+ child2${mark} child3-` : `child2${mark}`);

    spec.outcomes[0] = broken;
    running(supervisor, "child2").end(died);
    await setTimeout(5);
    await refusedAll(supervisor, spec);
    expect(which(supervisor)).toBe(shows("?"));
    expect(counts(supervisor)).toEqual(inGroup ? [3, 1, 0, 3] : [1, 0, 0, 1]);
    await supervisor.stopChild("child2");
    expect(which(supervisor)).toBe(shows("-"));
    await settled(supervisor);
    expect(which(supervisor)).toBe(shows("-"));

    spec.outcomes[0] = "ok";
    await supervisor.restartChild("child2");
    spec.outcomes[0] = broken;
    running(supervisor, "child2").end(died);
    await setTimeout(5);
    await supervisor.close();
    expect(await supervisor.exited).toBe("shutdown");
    expect(spec.kids.map(({ ended }) => ended)).toEqual([died, died]);
  });

  test("hanging_restart_loop_simple", async () => {
    const spec = kid("child", { shutdown: "brutal_kill" });
    const supervisor = await start({ strategy: "simple_one_for_one", maxRestarts, children: [spec] });
    await supervisor.startChild();
    spec.outcomes[0] = broken;
    running(supervisor, "child:1").end(died);
    await setTimeout(5);
    expect(which(supervisor)).toBe("child:1?");
    expect(counts(supervisor)).toEqual([1, 0, 0, 1]);
    await supervisor.stopChild("child:1");
    expect(which(supervisor)).toBe("");

    spec.outcomes[0] = "ok";
    await supervisor.startChild();
    spec.outcomes[0] = broken;
    running(supervisor, "child:2").end(died);
    await setTimeout(5);
    await supervisor.close();
    expect(spec.kids.map(({ ended }) => ended)).toEqual([died, died]);
  });
});

async function refusedAll(
  supervisor: Awaited<ReturnType<typeof start>>,
  spec: ReturnType<typeof kid>,
): Promise<void> {
  const requests = [
    [supervisor.startChild(spec), "SUPERVISOR_ALREADY_PRESENT"],
    [supervisor.restartChild(spec.id), "SUPERVISOR_RESTARTING"],
    [supervisor.deleteChild(spec.id), "SUPERVISOR_RESTARTING"],
  ] as const;
  for (const [request, code] of requests) await expect(request).rejects.toMatchObject({ code });
}
