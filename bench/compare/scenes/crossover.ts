/**
 * The crossover: what each contender adds to a job of 1 µs to 100 ms. All hosts live at the same time and take turns, a
 * round each, so that the machine's noise falls on all of them; whose turn it is not is stopped.
 */

import type { Crossover } from "../results.ts";
import { lastWords } from "./cell.ts";
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
  /** Why it has none, or no more. */
  why: string | undefined;
}

export async function runCrossover(stage: Stage, contenders: readonly string[]): Promise<CrossoverResults> {
  const jobs = stage.quick ? QUICK_JOBS : JOBS;
  const rounds = stage.quick ? 3 : 5;
  const eachMs = stage.quick ? 15 : 25;
  const turns: Turn[] = [];
  try {
    for (const [i, contender] of contenders.entries()) {
      stage.progress(`crossover: ${contender} starts`, (0.2 * i) / contenders.length);
      const plan: CrossoverPlan = { scene: "crossover", contender, jobs, eachMs, least: LEAST_CALLS };
      const host = new Host<RoundDone>(plan, { allowMs: ALLOW_MS, signal: stage.signal });
      const turn: Turn = { contender, host, rounds: [], why: undefined };
      turns.push(turn);
      turn.why = await begun(host);
      host.pause();
    }
    for (let round = 0; round < rounds; round += 1) {
      stage.progress(`crossover: round ${round + 1} of ${rounds}`, 0.2 + (0.8 * round) / rounds);
      for (const turn of turns) if (turn.why === undefined) await take(turn);
    }
    return {
      crossover: turns.filter(({ why }) => why === undefined).map((turn) => resultOf(turn, jobs)),
      leftOut: turns.flatMap(({ contender, why }) =>
        why === undefined ? [] : { contender, job: "spin", why },
      ),
    };
  } finally {
    for (const { host } of turns) host.kill();
    await Promise.allSettled(turns.map(({ host }) => host.ended));
  }
}

/** One round. A host that ends in the middle of it has no more turns. */
async function take(turn: Turn): Promise<void> {
  turn.host.go(ALLOW_MS);
  const done = await turn.host.next();
  turn.host.pause();
  if (done !== undefined) {
    turn.rounds.push(done.overheads);
    return;
  }
  const { text, stderr } = await turn.host.ended;
  turn.why = `its host ended (${text}): ${lastWords(stderr)}`;
}

function resultOf({ contender, rounds }: Turn, jobs: readonly number[]): Crossover {
  const points = jobs.map((jobMicros, i) => ({
    jobMicros,
    overheadMicros: rounds.flatMap((overheads) => overheads[i] ?? []),
  }));
  return { contender, points };
}
