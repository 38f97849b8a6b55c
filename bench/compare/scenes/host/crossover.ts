/** What a call takes beyond its job: `spin` computes for so many µs and answers with the ns that it really took. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "../../contenders/contender.ts";
import { JOBS } from "../../contenders/jobs.ts";
import type { Begun, CostFound, CostPlan, CrossoverPlan, RoundDone } from "../plan.ts";
import { median } from "../quantile.ts";
import { jobOf, started } from "./calls.ts";
import { say } from "./say.ts";

/** Up to this length, jobs are done once before they are measured. */
const WARM_MICROS = 1000;

/** ms of short calls before a round: the host was stopped while others had their turns. */
const WARM_MS = 10;
/** ms before them, in which that has its effect which came due meanwhile. */
const REST_MS = 5;

/** A call's time and its answer. */
interface Timed {
  readonly micros: number;
  readonly answer: unknown;
}

/** A round each time that the run says so, for other contenders have their turn in between. */
export async function measureCrossover(plan: CrossoverPlan): Promise<void> {
  const spin = jobOf(await started(plan.contender), "spin");
  if (spin === undefined) return process.disconnect();
  await overheads(spin, { ...plan, jobs: plan.jobs.filter((micros) => micros <= WARM_MICROS) });
  process.on("message", async () => {
    await sleep(REST_MS);
    await timed(spin, 1, WARM_MS, 1);
    say<RoundDone>({ say: "round", overheads: await overheads(spin, plan) });
  });
  say<Begun>({ say: "ready" });
}

async function overheads(spin: Job, plan: CrossoverPlan): Promise<number[]> {
  const medians: number[] = [];
  for (const jobMicros of plan.jobs) {
    const all = (await timed(spin, jobMicros, plan.eachMs, plan.least)).map(beyondTheJob);
    medians.push(Math.round(median(all) * 1000) / 1000);
  }
  return medians;
}

function beyondTheJob({ micros, answer }: Timed): number {
  const nanos = Number(answer);
  if (!(nanos > 0)) throw new Error(`spin gave ${String(answer)} instead of the ns that it took`);
  return micros - nanos / 1000;
}

/** Calls one after the other, for so many ms and at least so many. */
async function timed(job: Job, input: unknown, ms: number, least: number): Promise<Timed[]> {
  const all: Timed[] = [];
  const begin = performance.now();
  for (let now = begin; now < begin + ms || all.length < least; ) {
    const start = performance.now();
    // An await of what is there already would be the larger part of a synchronous call.
    const given = job(input);
    const answer = given instanceof Promise ? await given : given;
    now = performance.now();
    all.push({ micros: (now - start) * 1000, answer });
  }
  return all;
}

/** What a call of a job costs on this machine, one after the other: the mean, for that is what a core can do. */
export async function measureCost(plan: CostPlan): Promise<void> {
  const job = jobOf(await started(plan.contender), plan.job);
  if (job === undefined) return process.disconnect();
  const { input } = JOBS[plan.job];
  await timed(job, input, plan.ms / 4, 1);
  const begin = performance.now();
  const { length: calls } = await timed(job, input, plan.ms, 1);
  const micros = ((performance.now() - begin) * 1000) / calls;
  say<Begun>({ say: "ready" });
  say<CostFound>({ say: "cost", micros });
  process.disconnect();
}
