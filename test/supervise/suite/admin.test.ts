/** Requests to a supervisor: the cases of OTP's supervisor_SUITE, by their names. */
import { describe, expect, test } from "vitest";
import { counts, died, kid, refused, running, settled, start, terminate, which } from "./kid.ts";

describe("supervisor_SUITE, requests", () => {
  test("extra_return", async () => {
    const spec = kid("child1");
    const supervisor = await start({ children: [spec] });
    await refused(supervisor.stopChild("hej"), "not_found");
    await refused(supervisor.deleteChild("hej"), "not_found");
    await refused(supervisor.restartChild("hej"), "not_found");
    await refused(supervisor.deleteChild("child1"), "running");
    await refused(supervisor.restartChild("child1"), "running");
    await supervisor.stopChild("child1");
    // Whatever the start gave, beside what makes it a child, comes back as it is.
    const { child: again } = await supervisor.restartChild("child1");
    expect(again).toBe(spec.kids[1]);
    await supervisor.stopChild("child1");
    await supervisor.stopChild("child1");
    await supervisor.deleteChild("child1");
    await refused(supervisor.restartChild("child1"), "not_found");
    expect(counts(supervisor)).toEqual([0, 0, 0, 0]);
    const { child: anew } = await supervisor.startChild(spec);
    expect(anew).toBe(spec.kids[2]);
    await terminate(supervisor, "child1", died);
    expect(running(supervisor, "child1")).toBe(spec.kids[3]);
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.close();
  });

  test("child_adm", async () => {
    const spec = kid("child1");
    const supervisor = await start({ children: [spec] });
    await refused(supervisor.startChild(spec), "already_started");
    await refused(supervisor.stopChild("hej"), "not_found");
    await supervisor.stopChild("child1");
    expect(spec.kids[0]?.ended).toBe("shutdown");
    expect(which(supervisor)).toBe("child1-");
    expect(counts(supervisor)).toEqual([1, 0, 0, 1]);
    await supervisor.stopChild("child1");
    await refused(supervisor.startChild(spec), "already_present");
    await supervisor.restartChild("child1");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await refused(supervisor.restartChild("child1"), "running");
    await refused(supervisor.restartChild("child2"), "not_found");
    await refused(supervisor.deleteChild("child1"), "running");
    await refused(supervisor.deleteChild("hej"), "not_found");
    await supervisor.stopChild("child1");
    await supervisor.deleteChild("child1");
    await refused(supervisor.restartChild("child1"), "not_found");
    expect(which(supervisor)).toBe("");
    expect(counts(supervisor)).toEqual([0, 0, 0, 0]);
    await supervisor.startChild(spec);
    expect(which(supervisor)).toBe("child1+");
    await supervisor.close();
    const requests = [
      () => supervisor.startChild(kid("child2")),
      () => supervisor.stopChild("child1"),
      () => supervisor.restartChild("child1"),
      () => supervisor.deleteChild("child1"),
    ];
    for (const request of requests) await refused(request(), "closed");
    expect(which(supervisor)).toBe("child1-");
  });

  test("child_adm_simple", async () => {
    const spec = kid("child");
    const supervisor = await start({ strategy: "simple_one_for_one", children: [spec] });
    expect(which(supervisor)).toBe("");
    expect(counts(supervisor)).toEqual([1, 0, 0, 0]);
    await supervisor.startChild();
    expect(which(supervisor)).toBe("child:1+");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.startChild();
    expect(which(supervisor)).toBe("child:1+ child:2+");
    await refused(supervisor.stopChild("child"), "simple_one_for_one");
    expect(counts(supervisor)).toEqual([1, 2, 0, 2]);
    await supervisor.stopChild("child:1");
    expect(spec.kids[0]?.ended).toBe("shutdown");
    expect(which(supervisor)).toBe("child:2+");
    // One that was there once may be stopped again, as a dead pid may in OTP; one that never was may not.
    await supervisor.stopChild("child:1");
    await refused(supervisor.stopChild("child:3"), "not_found");
    await refused(supervisor.stopChild("child:0"), "not_found");
    await refused(supervisor.stopChild("other:1"), "not_found");
    await refused(supervisor.restartChild("child:1"), "simple_one_for_one");
    await refused(supervisor.deleteChild("child:1"), "simple_one_for_one");
    expect(counts(supervisor)).toEqual([1, 1, 0, 1]);
    await supervisor.close();
  });

  test("which_children", async () => {
    const supervisor = await start();
    expect(supervisor.children()).toEqual([]);
    await supervisor.startChild(kid("worker"));
    await supervisor.startChild(kid("supervisor", { type: "supervisor" }));
    await supervisor.startChild(kid("stopped"));
    await supervisor.stopChild("stopped");
    expect(supervisor.children()).toMatchObject([
      { id: "worker", type: "worker", status: "running", child: running(supervisor, "worker") },
      { id: "supervisor", type: "supervisor", status: "running", child: running(supervisor, "supervisor") },
      { id: "stopped", type: "worker", status: "stopped", child: undefined },
    ]);
    await supervisor.close();
  });

  test("which_children_simple_one_for_one", async () => {
    const spec = kid("child", { type: "supervisor" });
    const supervisor = await start({ strategy: "simple_one_for_one", children: [spec] });
    expect(supervisor.children()).toEqual([]);
    for (let count = 0; count < 3; count += 1) await supervisor.startChild();
    await terminate(supervisor, "child:2", died);
    expect(supervisor.children().map(({ id, type }) => [id, type])).toEqual([
      ["child:1", "supervisor"],
      ["child:2", "supervisor"],
      ["child:3", "supervisor"],
    ]);
    expect(running(supervisor, "child:2")).toBe(spec.kids[3]);
    await supervisor.close();
  });

  test.each([
    ["count_children", "worker", (count: number) => [1, count, 0, count]],
    ["count_children_supervisor", "supervisor", (count: number) => [1, count, count, 0]],
  ] as const)("%s", async (_name, type, expected) => {
    const children = [kid("child", { restart: "temporary", type })];
    const supervisor = await start({ strategy: "simple_one_for_one", children });
    const more = () => Promise.all(Array.from({ length: 1000 }, () => supervisor.startChild()));
    await more();
    expect(supervisor.children()).toHaveLength(1000);
    expect(counts(supervisor)).toEqual(expected(1000));
    await more();
    expect(counts(supervisor)).toEqual(expected(2000));
    for (const { id } of supervisor.children()) running(supervisor, id).end(died);
    await settled(supervisor);
    expect(supervisor.children()).toEqual([]);
    expect(counts(supervisor)).toEqual([1, 0, 0, 0]);
    await supervisor.close();
  });

  test("count_restarting_children", async () => {
    const spec = kid("child", { shutdown: "brutal_kill" });
    const maxRestarts = 1_000_000;
    const supervisor = await start({ strategy: "simple_one_for_one", maxRestarts, children: [spec] });
    for (let count = 1; count <= 3; count += 1) {
      await supervisor.startChild();
      expect(counts(supervisor)).toEqual([1, count, 0, count]);
    }
    for (const { id } of supervisor.children()) await terminate(supervisor, id, died);
    expect(counts(supervisor)).toEqual([1, 3, 0, 3]);

    spec.outcomes[0] = new Error("no");
    running(supervisor, "child:1").end(died);
    running(supervisor, "child:2").end(died);
    await refused(supervisor.stopChild("nobody"), "not_found");
    await refused(supervisor.stopChild("nobody"), "not_found");
    expect(which(supervisor)).toBe("child:1? child:2? child:3+");
    expect(counts(supervisor)).toEqual([1, 1, 0, 3]);

    spec.outcomes[0] = "ok";
    await settled(supervisor);
    expect(counts(supervisor)).toEqual([1, 3, 0, 3]);
    for (const [left, id] of [
      [2, "child:3"],
      [1, "child:1"],
      [0, "child:2"],
    ] as const) {
      await supervisor.stopChild(id);
      expect(counts(supervisor)).toEqual([1, left, 0, left]);
    }
    await supervisor.close();
  });

  test("do_not_save_child_specs_for_temporary_children", async () => {
    for (const strategy of ["one_for_one", "one_for_all", "rest_for_one"] as const) {
      const supervisor = await start({ strategy, maxRestarts: 10 });
      const specs = (["permanent", "transient", "temporary"] as const).map((restart) =>
        kid(restart, { restart }),
      );
      const [permanent, transient, temporary] = specs;
      if (!permanent || !transient || !temporary) return expect.unreachable();
      for (const end of ["normal", died] as const) {
        await supervisor.startChild(temporary);
        await terminate(supervisor, "temporary", end);
        expect(which(supervisor)).toBe("");
      }
      await supervisor.startChild(temporary);
      await supervisor.stopChild("temporary");
      await supervisor.startChild(temporary);
      await supervisor.stopChild("temporary");
      await supervisor.startChild(permanent);
      await terminate(supervisor, "permanent", "normal");
      await refused(supervisor.startChild(permanent), "already_started");
      await supervisor.stopChild("permanent");
      await refused(supervisor.startChild(permanent), "already_present");
      await supervisor.startChild(transient);
      await terminate(supervisor, "transient", died);
      await refused(supervisor.startChild(transient), "already_started");
      await terminate(supervisor, "transient", "normal");
      await refused(supervisor.startChild(transient), "already_present");
      await supervisor.restartChild("transient");
      await supervisor.close();
    }
  });
});
