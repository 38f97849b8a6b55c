/** Supervisors of supervisors, and supervisors that end by themselves: the cases of OTP's supervisor_SUITE, by their names. */
import { describe, expect, test } from "vitest";
import type { AutoShutdown, RestartType } from "../../../src/supervise/strategy.ts";
import { Supervisor } from "../../../src/supervise/supervisor.ts";
import {
  atOnce,
  counts,
  died,
  hasEnded,
  kid,
  killed,
  refused,
  running,
  settled,
  start,
  terminate,
  which,
} from "./kid.ts";

function nested(supervisor: Supervisor, id: string): Supervisor {
  const child = supervisor.children().find((info) => info.id === id)?.child;
  if (!(child instanceof Supervisor)) throw new Error(`${id} does not run`);
  return child;
}

describe("supervisor_SUITE, trees", () => {
  test("tree", async () => {
    const flags = { maxRestarts: 4, period: 3_600_000, backoff: atOnce };
    const top = await start({ strategy: "one_for_all", ...flags });
    await top.startChild({ id: "supchild1", start: { ...flags, children: [kid("child1"), kid("child2")] } });
    await top.startChild({ id: "supchild2", start: flags });
    await top.startChild({ id: "supchild3", restart: "transient", start: flags });
    await top.stopChild("supchild3");
    expect(counts(top)).toEqual([3, 2, 3, 0]);
    const [first, second] = [nested(top, "supchild1"), nested(top, "supchild2")];
    const workers = [running(first, "child1"), running(first, "child2")];
    expect(counts(first)).toEqual([2, 2, 0, 2]);
    expect(counts(second)).toEqual([0, 0, 0, 0]);

    const third = kid("child3", {}, ["ok", new Error("no")]);
    await second.startChild(third);
    await second.startChild(kid("child4"));
    const [three, four] = [running(second, "child3"), running(second, "child4")];
    await terminate(second, "child4", died);
    expect([running(first, "child1"), running(first, "child2")]).toEqual(workers);
    expect(running(second, "child3")).toBe(three);
    expect(running(second, "child4")).not.toBe(four);

    // Its start fails until supchild2 gives up; that is an exit for the top, and all three are started again:
    // as they were described, without what was added later, and with the one that had been stopped.
    running(second, "child3").end(died);
    expect(await second.exited).toBe("shutdown");
    await settled(top);
    expect(which(top)).toBe("supchild1+ supchild2+ supchild3+");
    expect(nested(top, "supchild1")).not.toBe(first);
    expect(which(nested(top, "supchild1"))).toBe("child1+ child2+");
    expect(workers.map(({ ended }) => ended)).toEqual(["shutdown", "shutdown"]);
    expect(which(nested(top, "supchild2"))).toBe("");
    expect(which(nested(top, "supchild3"))).toBe("");
    await top.close();
  });

  test("a supervisor that gives up ends with shutdown: a transient one is not restarted, a permanent one is", async () => {
    for (const restart of ["transient", "permanent"] as const) {
      const inner = { maxRestarts: 0, children: [kid("child")] };
      const top = await start({ children: [{ id: "inner", restart, start: inner }] });
      const before = nested(top, "inner");
      running(before, "child").end(died);
      await before.exited;
      await settled(top);
      expect(which(top)).toBe(restart === "transient" ? "inner-" : "inner+");
      await top.close();
    }
  });

  test("a nested supervisor that cannot start is a start that failed, with all its reasons", async () => {
    const inner = { children: [kid("good"), kid("bad", {}, [new Error("no licence")])] };
    const error = await start({ children: [{ id: "inner", start: inner }] }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      message: 'child "inner" could not be started: child "bad" could not be started: no licence',
      child: "inner",
      cause: { child: "bad", cause: { message: "no licence" } },
    });
  });

  test("brutal_kill of a supervisor kills its children at once", async () => {
    const children = [kid("a", { stopTime: "never" }), kid("b", { stopTime: "never", shutdown: "infinity" })];
    const top = await start({ children: [{ id: "inner", start: { children }, shutdown: "brutal_kill" }] });
    const inner = nested(top, "inner");
    await top.close();
    expect(children.map(({ kids }) => kids[0]?.ended)).toEqual([killed, killed]);
    expect(await inner.exited).toMatchObject({ error: { message: "the supervisor was killed" } });
  });
});

describe("supervisor_SUITE, auto_shutdown", () => {
  const modes: AutoShutdown[] = ["never", "any_significant", "all_significant"];

  test.each(modes)("nonsignificant_temporary: %s", async (autoShutdown) => {
    const supervisor = await start({ autoShutdown });
    const spec = kid("child1", { restart: "temporary" });
    await supervisor.startChild(spec);
    await supervisor.stopChild("child1");
    for (const reason of [killed, died, "normal"] as const) {
      await supervisor.startChild(spec);
      await terminate(supervisor, "child1", reason);
      expect(await hasEnded(supervisor)).toBe(false);
    }
    await supervisor.close();
  });

  test.each(modes)("nonsignificant_transient: %s", async (autoShutdown) => {
    const supervisor = await start({ autoShutdown, maxRestarts: 5 });
    await supervisor.startChild(kid("child1", { restart: "transient" }));
    await supervisor.stopChild("child1");
    expect(await hasEnded(supervisor)).toBe(false);
    await supervisor.restartChild("child1");
    for (const reason of [killed, died, "normal"] as const) {
      await terminate(supervisor, "child1", reason);
      expect(await hasEnded(supervisor)).toBe(false);
    }
    await supervisor.close();
  });

  /** Two significant children and one that is not. */
  const family = (autoShutdown: AutoShutdown, restart: RestartType) =>
    start({
      autoShutdown,
      maxRestarts: 5,
      children: [
        kid("child1", { restart, significant: true }),
        kid("child2", { restart, significant: true }),
        kid("child3", { restart }),
      ],
    });

  test("significant_temporary", async () => {
    for (const reason of [killed, died, "normal"] as const) {
      const supervisor = await family("any_significant", "temporary");
      const others = [running(supervisor, "child2"), running(supervisor, "child3")];
      await supervisor.stopChild("child1");
      expect(await hasEnded(supervisor)).toBe(false);
      await supervisor.startChild(kid("child1", { restart: "temporary", significant: true }));
      running(supervisor, "child1").end(reason);
      expect(await supervisor.exited).toBe("shutdown");
      expect(others.map(({ ended }) => ended)).toEqual(["shutdown", "shutdown"]);
    }
    const all = await family("all_significant", "temporary");
    await terminate(all, "child1", "normal");
    expect(await hasEnded(all)).toBe(false);
    running(all, "child2").end("normal");
    expect(await all.exited).toBe("shutdown");
  });

  test("significant_transient", async () => {
    const supervisor = await family("any_significant", "transient");
    await supervisor.stopChild("child1");
    expect(await hasEnded(supervisor)).toBe(false);
    await supervisor.restartChild("child1");
    for (const reason of [killed, died]) {
      await terminate(supervisor, "child1", reason);
      expect(await hasEnded(supervisor)).toBe(false);
    }
    running(supervisor, "child1").end("normal");
    expect(await supervisor.exited).toBe("shutdown");

    const all = await family("all_significant", "transient");
    await terminate(all, "child1", "normal");
    expect(await hasEnded(all)).toBe(false);
    running(all, "child2").end("normal");
    expect(await all.exited).toBe("shutdown");
  });

  test("significant_simple", async () => {
    const children = () => [kid("child", { restart: "temporary", significant: true })];
    const strategy = "simple_one_for_one";
    const any = await start({ strategy, autoShutdown: "any_significant", children: children() });
    const all = await start({ strategy, autoShutdown: "all_significant", children: children() });
    for (const supervisor of [any, all]) {
      await supervisor.startChild();
      await supervisor.startChild();
    }
    const second = running(any, "child:2");
    running(any, "child:1").end("normal");
    expect(await any.exited).toBe("shutdown");
    expect(second.ended).toBe("shutdown");
    await terminate(all, "child:1", "normal");
    expect(await hasEnded(all)).toBe(false);
    running(all, "child:2").end("normal");
    expect(await all.exited).toBe("shutdown");
  });

  test("significant_bystander", async () => {
    for (const strategy of ["one_for_one", "one_for_all", "rest_for_one"] as const) {
      for (const autoShutdown of ["any_significant", "all_significant"] as const) {
        const significant = { restart: "transient", significant: true } as const;
        const children = [
          kid("child1", significant),
          kid("child2", { restart: "transient" }),
          kid("child3", significant),
        ];
        const supervisor = await start({ strategy, autoShutdown, children });
        await terminate(supervisor, "child2", killed);
        expect(await hasEnded(supervisor)).toBe(false);
        expect(which(supervisor)).toBe("child1+ child2+ child3+");
        await supervisor.close();
      }
    }
  });

  test("significant_escalation", async () => {
    for (const significant of [true, false]) {
      const autoShutdown = "any_significant";
      const inner = {
        autoShutdown,
        children: [kid("child1", { restart: "transient", significant: true })],
      } as const;
      const top = await start({
        autoShutdown,
        children: [{ id: "sup1", restart: "transient", significant, start: inner }],
      });
      const child = nested(top, "sup1");
      running(child, "child1").end("normal");
      expect(await child.exited).toBe("shutdown");
      expect(await hasEnded(top)).toBe(significant);
      await top.close();
    }
  });

  test("significant without autoShutdown is refused by startChild too", async () => {
    const supervisor = await start();
    const spec = kid("child", { restart: "transient", significant: true });
    await expect(supervisor.startChild(spec)).rejects.toThrow(/^the child spec\.significant has no meaning/);
    await refused(supervisor.stopChild("child"), "not_found");
    await supervisor.close();
  });
});
