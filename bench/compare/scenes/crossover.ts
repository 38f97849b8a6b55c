/**
 * The crossover: what each contender adds to a job of 1 µs to 100 ms. All hosts live at the same time and take turns, a
 * round each, so that the machine's noise falls on all of them.
 */

import type { Crossover } from "../results.ts";
import type { CrossoverPlan, RoundDone } from "./plan.ts";
import { Host } from "./process.ts";
import { begun, type LeftOut, type Stage } from "./stage.ts";

/** µs */
const JOBS = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];
const QUICK_JOBS = [1, 10, 100, 1000, 10_000, 100_000];
/** Calls of a job in one round, also when they take longer than their share of time. */
const LEAST_CALLS = 2;
/** ms for a host to start, and for one round. */
const ALLOW_MS = 30_000;

export interface CrossoverResults {
  readonly crossover: readonly Crossover[];
  readonly leftOut: readonly LeftOut[];
}

interface Turn {
  readonly contender: string;
  readonly host: Host<RoundDone>;
  readonly rounds: (readonly number[])[];
}

export async function runCrossover(stage: Stage, contenders: readonly string[]): Promise<CrossoverResults> {
  const jobs = stage.quick ? QUICK_JOBS : JOBS;
  const rounds = stage.quick ? 3 : 5;
  const eachMs = stage.quick ? 15 : 25;
  const turns: Turn[] = [];
  const leftOut: LeftOut[] = [];
  try {
    for (const [i, contender] of contenders.entries()) {
      stage.progress(`crossover: ${contender} starts`, (0.2 * i) / contenders.length);
      const plan: CrossoverPlan = { scene: "crossover", contender, jobs, eachMs, least: LEAST_CALLS };
      const host = new Host<RoundDone>(plan, { allowMs: ALLOW_MS, signal: stage.signal });
      turns.push({ contender, host, rounds: [] });
      const why = await begun(host);
      if (why !== undefined) leftOut.push({ contender, job: "spin", why });
    }
    const able = turns.filter(({ contender }) => leftOut.every((left) => left.contender !== contender));
    for (let round = 0; round < rounds; round += 1) {
      stage.progress(`crossover: round ${round + 1} of ${rounds}`, 0.2 + (0.8 * round) / rounds);
      for (const turn of able) await takeTurn(turn);
    }
    return { crossover: able.map((turn) => resultOf(turn, jobs)), leftOut };
  } finally {
    for (const { host } of turns) host.kill();
    await Promise.allSettled(turns.map(({ host }) => host.ended));
  }
}

async function takeTurn({ contender, host, rounds }: Turn): Promise<void> {
  host.allow(ALLOW_MS);
  host.go();
  const done = await host.next();
  if (done === undefined) {
    const { text, stderr } = await host.ended;
    throw new Error(`the host of ${contender} ended in the middle of the crossover: ${text}\n${stderr}`);
  }
  rounds.push(done.overheads);
}

function resultOf({ contender, rounds }: Turn, jobs: readonly number[]): Crossover {
  const points = jobs.map((jobMicros, i) => ({
    jobMicros,
    overheadMicros: rounds.flatMap((overheads) => overheads[i] ?? []),
  }));
  return { contender, points };
}
