/** The hand-made call (hand.ts) as a contender: it does two of the jobs. */

import { programPath } from "../programs.ts";
import type { Job, JobId, Running, Without } from "./contender.ts";
import { HandMade } from "./hand.ts";

const ONLY_TWO: Without = { without: "two functions of integers were made by hand, and no more" };

export async function startByHand(): Promise<Running> {
  const hand = new HandMade(programPath("byHand"));
  const jobs: Partial<Record<JobId, Job>> = {
    empty: () => hand.empty(),
    sum: (values) => hand.sum(values as readonly number[]),
  };
  await hand.empty();
  return {
    job: (id) => jobs[id] ?? ONLY_TWO,
    accident: () => ONLY_TWO,
    pids: () => hand.program.pids,
    stop: () => hand.program.stop(),
  };
}
