/** The tables, whole. */
import { expect, test } from "vitest";
import type { ExitReason } from "../../src/supervise/child.ts";
import { type AutoShutdown, afterExit, endsSupervisor, groupOf } from "../../src/supervise/strategy.ts";

const normal: ExitReason[] = ["normal", "shutdown", { shutdown: "why" }];
const abnormal: ExitReason[] = [{ error: new Error("why") }, { error: undefined }];

test("what becomes of a child: by restart type and reason", () => {
  for (const reason of [...normal, ...abnormal]) {
    expect(afterExit("permanent", reason, "one_for_one")).toBe("restart");
    expect(afterExit("temporary", reason, "one_for_one")).toBe("remove");
  }
  for (const reason of normal) expect(afterExit("transient", reason, "rest_for_one")).toBe("keep");
  for (const reason of abnormal) expect(afterExit("transient", reason, "rest_for_one")).toBe("restart");
});

test("a dynamic child is never kept", () => {
  for (const reason of normal) expect(afterExit("transient", reason, "simple_one_for_one")).toBe("remove");
});

test("who shares the fate of a child: by strategy", () => {
  const children = ["a", "b", "c", "d"];
  expect(groupOf("one_for_one", children, 1)).toEqual(["b"]);
  expect(groupOf("simple_one_for_one", children, 3)).toEqual(["d"]);
  expect(groupOf("rest_for_one", children, 1)).toEqual(["b", "c", "d"]);
  expect(groupOf("rest_for_one", children, 3)).toEqual(["d"]);
  expect(groupOf("one_for_all", children, 1)).toEqual(children);
});

test.each([
  ["never", true, [], false],
  ["any_significant", false, [], false],
  ["any_significant", true, [[true, true]], true],
  ["all_significant", false, [], false],
  ["all_significant", true, [], true],
  [
    "all_significant",
    true,
    [
      [true, false],
      [false, true],
    ],
    true,
  ],
  [
    "all_significant",
    true,
    [
      [true, false],
      [true, true],
    ],
    false,
  ],
] as [AutoShutdown, boolean, [boolean, boolean][], boolean][])(
  "when the supervisor ends: %s, significant %s, others (significant, active) %j: %s",
  (mode, significant, others, ends) => {
    const left = others.map(([isSignificant, active]) => ({ significant: isSignificant, active }));
    expect(endsSupervisor(mode, significant, left)).toBe(ends);
  },
);
