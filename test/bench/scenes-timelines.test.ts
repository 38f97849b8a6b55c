import { expect, test } from "vitest";
import type { LoadPlan } from "../../bench/compare/scenes/plan.ts";
import type { Step } from "../../bench/compare/scenes/recorder.ts";
import { timelineOf } from "../../bench/compare/scenes/timelines.ts";

const plan: LoadPlan = {
  scene: "load",
  contender: "subject",
  job: "jwt-eddsa",
  lengthMs: 1000,
  perSecond: 100,
  stepMs: 100,
  segfaults: [333, 667],
  patienceMs: 1000,
};

function step(due: number, answered: number): Step {
  return { due, answered, failed: 0, p50: 1, p99: 1, loopMax: 2 };
}

test("a later word on a step replaces the earlier one", () => {
  const steps = Array.from({ length: 10 }, (): Step => step(37, 37));
  const timeline = timelineOf(
    plan,
    [
      { say: "steps", steps: [[0, step(20, 10)]] },
      { say: "steps", steps: [...steps.entries()] },
      { say: "settled", unanswered: 0 },
    ],
    1100,
    "exit code 0",
  );
  expect(timeline.steps).toEqual(steps);
  expect(timeline).toMatchObject({ unanswered: 0, accidents: [3, 6], steadyPerSecond: 100 });
  expect(timeline).not.toHaveProperty("hostDied");
});

test("a host that died: no second accident, and all that was due afterwards has no answer", () => {
  const steps = Array.from({ length: 4 }, (): Step => step(10, 9));
  const timeline = timelineOf(plan, [{ say: "steps", steps: [...steps.entries()] }], 340, "SIGSEGV");
  expect(timeline.steps).toHaveLength(4);
  expect(timeline).toMatchObject({ hostDied: "SIGSEGV", accidents: [3], unanswered: 370 - 36 });
});
