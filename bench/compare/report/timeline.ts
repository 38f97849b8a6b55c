/** What a load over time came to: calm and bursts apart, answers, and how long there were none. Pure. */

import { median } from "../measure/statistics.ts";
import type { Timeline } from "../results.ts";

type Step = Timeline["steps"][number];

/** A burst is tenfold: what is due in a step tells it from the calm by far. */
const BURST = 3;

export function isBurst(timeline: Timeline, { due }: Step): boolean {
  return due > (BURST * timeline.steadyPerSecond * timeline.stepMs) / 1000;
}

/** Bursts as stretches of steps: the first one, and the one after the last. */
export function bursts(timeline: Timeline): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const [i, step] of timeline.steps.entries()) {
    if (!isBurst(timeline, step)) continue;
    const last = found.at(-1);
    if (last?.to === i) last.to = i + 1;
    else found.push({ from: i, to: i + 1 });
  }
  return found;
}

/** Times are in ms. */
export interface Summary {
  /** Half of the steps before the first burst are better. */
  readonly calmP99: number;
  readonly worstP99: number;
  readonly calmLoop: number;
  readonly worstLoop: number;
  readonly due: number;
  readonly answered: number;
  readonly failed: number;
  readonly unanswered: number;
}

export function summary(timeline: Timeline): Summary {
  const { steps, unanswered } = timeline;
  const calm = steps.slice(0, bursts(timeline)[0]?.from ?? steps.length);
  const p99 = (some: readonly Step[]) => some.flatMap(({ p99 }) => p99 ?? []);
  const loop = (some: readonly Step[]) => some.map(({ loopMax }) => loopMax);
  const sum = (of: (step: Step) => number) => steps.reduce((total, step) => total + of(step), 0);
  return {
    calmP99: median(p99(calm)),
    worstP99: Math.max(Number.NEGATIVE_INFINITY, ...p99(steps)),
    calmLoop: median(loop(calm)),
    worstLoop: Math.max(Number.NEGATIVE_INFINITY, ...loop(steps)),
    due: sum(({ due }) => due),
    answered: sum(({ answered }) => answered),
    failed: sum(({ failed }) => failed),
    unanswered,
  };
}
