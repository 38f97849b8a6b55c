/**
 * What became of the requests of a load, step by step. A request belongs to the step in which it was *due*, so that a
 * blocked event loop cannot hide the requests that it did not even make. Times are given, in ms since the beginning.
 */

import type { Timeline } from "../results.ts";
import { quantile } from "./quantile.ts";

export type Step = Timeline["steps"][number];

interface Open {
  due: number;
  failed: number;
  readonly times: number[];
  loopMax: number;
  changed: boolean;
}

export class Recorder {
  readonly stepMs: number;
  readonly #steps: Open[];
  #lastTurn = 0;

  constructor(lengthMs: number, stepMs: number) {
    this.stepMs = stepMs;
    this.#steps = Array.from({ length: Math.ceil(lengthMs / stepMs) }, () => ({
      due: 0,
      failed: 0,
      times: [],
      loopMax: 0,
      changed: false,
    }));
  }

  due(dueAt: number): void {
    const step = this.#at(dueAt);
    step.due += 1;
    step.changed = true;
  }

  answered(dueAt: number, now: number): void {
    const step = this.#at(dueAt);
    step.times.push(now - dueAt);
    step.changed = true;
  }

  failed(dueAt: number): void {
    const step = this.#at(dueAt);
    step.failed += 1;
    step.changed = true;
  }

  /** The event loop has come round. It was expected after `pauseMs`; what it took beyond that counts in every step that it touches. */
  turn(now: number, pauseMs: number): void {
    const delay = Math.max(0, now - this.#lastTurn - pauseMs);
    const first = this.#index(this.#lastTurn);
    for (let i = first; i <= this.#index(now); i += 1) {
      const step = this.#steps[i];
      if (step === undefined || delay <= step.loopMax) continue;
      step.loopMax = delay;
      step.changed = true;
    }
    this.#lastTurn = now;
  }

  /** The steps that changed since they were asked for, by their index. */
  changes(): [index: number, step: Step][] {
    return this.#steps.flatMap((step, index): [number, Step][] => {
      if (!step.changed) return [];
      step.changed = false;
      return [[index, summary(step)]];
    });
  }

  #index(ms: number): number {
    return Math.max(0, Math.floor(ms / this.stepMs));
  }

  #at(ms: number): Open {
    const step = this.#steps[Math.min(this.#index(ms), this.#steps.length - 1)];
    if (step === undefined) throw new RangeError(`there is no step at ${ms} ms`);
    return step;
  }
}

function summary({ due, failed, times, loopMax }: Open): Step {
  const sorted = Float64Array.from(times).sort();
  return {
    due,
    answered: times.length,
    failed,
    ...(sorted.length > 0 && { p50: rounded(quantile(sorted, 0.5)), p99: rounded(quantile(sorted, 0.99)) }),
    loopMax: rounded(loopMax),
  };
}

/** To µs: more digits would only make the results larger. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
