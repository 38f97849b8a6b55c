import { expect, test } from "vitest";
import { firstLines, judge, lastWords } from "../../bench/compare/scenes/cell.ts";
import type { AccidentEvent, AccidentPlan } from "../../bench/compare/scenes/plan.ts";

const plan: AccidentPlan = {
  scene: "accident",
  contender: "subject",
  accident: "segfault",
  innocents: 4,
  times: 1,
  afterMs: 300,
  limitMs: 5000,
};
const inOrder = { text: "exit code 0", stderr: "" };

function call(call: number, at: number, became: "right" | "wrong" | "failed" = "right"): AccidentEvent {
  return { say: "call", call, at, became };
}

test("a host that lived: lost, wrong and hanging are counted among the innocent calls alone", () => {
  const events: AccidentEvent[] = [
    call(0, 99),
    { say: "accident", at: 100 },
    call(1, 110, "failed"),
    { say: "told", at: 112, text: "PortExitError: killed\n  by SIGSEGV" },
    call(2, 130, "wrong"),
    call(4, 131, "failed"),
    call(6, 150),
    call(8, 155),
    { say: "over", at: 160 },
  ];
  expect(judge(plan, events, inOrder, 0)).toEqual({
    contender: "subject",
    accident: "segfault",
    hostAlive: true,
    inFlight: 4,
    lost: 1,
    wrong: 1,
    hanging: 1,
    toldMs: 12,
    backMs: 50,
    error: "PortExitError: killed\nby SIGSEGV",
  });
});

test("a dead host loses whatever had no answer, and says what is on its stderr", () => {
  const events: AccidentEvent[] = [call(0, 99), { say: "accident", at: 100 }];
  expect(judge(plan, events, { text: "SIGABRT", stderr: "\nthread panicked\n\nabort\n" }, 0)).toEqual({
    contender: "subject",
    accident: "segfault",
    hostAlive: false,
    hostEnd: "SIGABRT",
    inFlight: 4,
    lost: 3,
    wrong: 0,
    hanging: 0,
    error: "thread panicked\nabort",
  });
});

test("an exit with code 0 in the middle is no end in order", () => {
  const cell = judge(plan, [{ say: "accident", at: 100 }], inOrder, 0);
  expect(cell).toMatchObject({ hostAlive: false, hostEnd: "exit code 0", lost: 4, error: "nothing" });
});

test("who is not answered any more at the end is not back", () => {
  const events: AccidentEvent[] = [
    { say: "accident", at: 100 },
    call(0, 101),
    call(1, 102),
    call(2, 103),
    call(3, 104),
    { say: "over", at: 5100 },
  ];
  const cell = judge(plan, events, inOrder, 0);
  expect(cell).not.toHaveProperty("backMs");
  expect(cell).toMatchObject({ hostAlive: true, lost: 0, hanging: 0 });
  expect(cell.error).toBe("neither answer nor error within 5000 ms");
});

test("a leak says what is still held, and a cell that is none says nothing of memory", () => {
  const events: AccidentEvent[] = [
    { say: "memory", bytes: 100 },
    { say: "accident", at: 1 },
    { say: "told", at: 2, text: "answered nothing" },
    { say: "memory", bytes: 700 },
    { say: "over", at: 3 },
  ];
  const leak = judge({ ...plan, accident: "leak" }, events, inOrder, 640);
  expect(leak.leak).toEqual({ leakedBytes: 640, heldBytes: 600 });
  expect(judge(plan, events, inOrder, 0)).not.toHaveProperty("leak");
});

test("of an error the first lines are kept, and of a line not more than can be read", () => {
  expect(firstLines("a\n\n b \nc\nd\ne")).toBe("a\nb\nc\nd");
  expect(firstLines("x".repeat(1000))).toBe(`${"x".repeat(300)}…`);
});

test("of what a process said before it ended, the error and what follows are kept", () => {
  const stderr = "node:fs:573\n  return binding.open(\n\nError: ENOENT: no such file\n  at open\n";
  expect(lastWords(stderr)).toBe("Error: ENOENT: no such file\nat open");
  expect(lastWords("gone\n")).toBe("gone");
  expect(lastWords("")).toBe("");
});
