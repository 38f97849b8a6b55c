import { expect, test } from "vitest";
import { Recorder } from "../../bench/compare/scenes/recorder.ts";

function steps(recorder: Recorder) {
  return Object.fromEntries(recorder.changes());
}

test("an answer counts in the step in which its request was due, with the time since then", () => {
  const recorder = new Recorder(300, 100);
  recorder.due(50);
  recorder.due(60);
  recorder.due(150);
  recorder.answered(50, 250);
  recorder.failed(60);
  expect(steps(recorder)).toEqual({
    0: { due: 2, answered: 1, failed: 1, p50: 200, p99: 200, loopMax: 0 },
    1: { due: 1, answered: 0, failed: 0, loopMax: 0 },
  });
});

test("only what changed is told again, and whole", () => {
  const recorder = new Recorder(300, 100);
  recorder.due(10);
  recorder.due(110);
  recorder.changes();
  recorder.answered(110, 111.5);
  expect(recorder.changes()).toEqual([
    [1, { due: 1, answered: 1, failed: 0, p50: 1.5, p99: 1.5, loopMax: 0 }],
  ]);
  expect(recorder.changes()).toEqual([]);
});

test("a blocked event loop counts in every step that it touched", () => {
  const recorder = new Recorder(500, 100);
  recorder.turn(10, 1);
  recorder.turn(90, 1);
  recorder.turn(310, 1);
  recorder.turn(311, 1);
  const loopMax = recorder.changes().map(([index, step]) => [index, step.loopMax]);
  expect(loopMax).toEqual([
    [0, 219],
    [1, 219],
    [2, 219],
    [3, 219],
  ]);
});

test("quantiles are times that were measured", () => {
  const recorder = new Recorder(100, 100);
  for (let n = 1; n <= 100; n += 1) {
    recorder.due(0);
    recorder.answered(0, n);
  }
  expect(recorder.changes()[0]?.[1]).toMatchObject({ answered: 100, p50: 50, p99: 99 });
});

test("what is due at the very end belongs to the last step", () => {
  const recorder = new Recorder(250, 100);
  recorder.due(250);
  expect(recorder.changes().map(([index]) => index)).toEqual([2]);
});
