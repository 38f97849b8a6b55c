/**
 * The spike and the crash: JWT signing under a load with tenfold bursts (load.ts), one contender after the other, since
 * each is to have the machine for itself. The rate is taken from what a signature costs on this machine, and is the same
 * for all. In the crash a segmentation fault is injected at a third, and where there is still a host, at two thirds.
 */

import type { Timeline } from "../results.ts";
import { ACCIDENTS, Load, steadyRate } from "./load.ts";
import type { CostFound, LoadEvent, LoadPlan } from "./plan.ts";
import { Host } from "./process.ts";
import type { Step } from "./recorder.ts";
import { begun, type LeftOut, type Stage } from "./stage.ts";

/** Some tens of µs of pure computing. */
const JOB = "jwt-eddsa";
const STEP_MS = 100;
const LENGTH_MS = 8000;
const QUICK_LENGTH_MS = 2000;
/** How long answers are waited for after the last request. */
const PATIENCE_MS = 5000;
/** How long the cost of a signature is measured. */
const COST_MS = 1000;
const START_MS = 20_000;

export interface TimelineResults {
  readonly timelines: readonly Timeline[];
  readonly leftOut: readonly LeftOut[];
}

/** What the steady rate is made from, in requests a second: the cost of a signature by the first contender that has one. */
export async function calibrate(stage: Stage, contenders: readonly string[]): Promise<number | undefined> {
  for (const contender of contenders) {
    const plan = { scene: "cost", contender, job: JOB, ms: COST_MS } as const;
    const host = new Host<CostFound>(plan, { allowMs: START_MS, signal: stage.signal });
    const why = await begun(host);
    const cost = why === undefined ? await host.next() : undefined;
    host.kill();
    await host.ended;
    if (cost !== undefined) return steadyRate(cost.micros);
  }
  return undefined;
}

export async function runTimelines(
  stage: Stage,
  scene: "spike" | "crash",
  contenders: readonly string[],
  perSecond: number,
): Promise<TimelineResults> {
  const timelines: Timeline[] = [];
  const leftOut: LeftOut[] = [];
  for (const [i, contender] of contenders.entries()) {
    stage.progress(`${scene}: ${contender}`, i / contenders.length);
    const lengthMs = stage.quick ? QUICK_LENGTH_MS : LENGTH_MS;
    const segfaults = scene === "crash" ? ACCIDENTS.map((share) => share * lengthMs) : [];
    const found = await runOne(stage, {
      scene: "load",
      contender,
      job: JOB,
      lengthMs,
      perSecond,
      stepMs: STEP_MS,
      segfaults,
      patienceMs: PATIENCE_MS,
    });
    if (typeof found !== "string") timelines.push(found);
    else leftOut.push({ contender, job: scene === "crash" ? "segfault" : JOB, why: found });
  }
  return { timelines, leftOut };
}

/** @returns why there is none, where that is so */
async function runOne(stage: Stage, plan: LoadPlan): Promise<Timeline | string> {
  const host = new Host<LoadEvent>(plan, { allowMs: START_MS, signal: stage.signal });
  const why = await begun(host);
  if (why !== undefined) {
    host.kill();
    await host.ended;
    return why;
  }
  host.allow(2 * plan.lengthMs + plan.patienceMs);
  const begin = performance.now();
  const events: LoadEvent[] = [];
  for (let event = await host.next(); event !== undefined; event = await host.next()) events.push(event);
  const lived = performance.now() - begin;
  const { text } = await host.ended;
  return timelineOf(plan, events, lived, text);
}

/**
 * From what the host said. Where it died, its steps end with the one that it died in.
 * @param livedMs from its beginning to its end
 * @param end how it ended
 */
export function timelineOf(
  plan: LoadPlan,
  events: readonly LoadEvent[],
  livedMs: number,
  end: string,
): Timeline {
  const steps: Step[] = [];
  for (const event of events) {
    if (event.say === "steps") for (const [index, step] of event.steps) steps[index] = step;
  }
  const settled = events.find((event) => event.say === "settled");
  const ended = settled === undefined ? Math.min(livedMs, plan.lengthMs) : plan.lengthMs;
  const accidents = plan.segfaults.filter((at) => at <= ended).map((at) => Math.floor(at / plan.stepMs));
  const done = steps.reduce((sum, { answered, failed }) => sum + answered + failed, 0);
  return {
    contender: plan.contender,
    stepMs: plan.stepMs,
    steps: Array.from(steps, (step) => step ?? { due: 0, answered: 0, failed: 0, loopMax: 0 }),
    steadyPerSecond: plan.perSecond,
    accidents,
    unanswered: new Load(plan.lengthMs, plan.perSecond).due(plan.lengthMs) - done,
    ...(settled === undefined && { hostDied: end }),
  };
}
