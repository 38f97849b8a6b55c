/** The contender of this host, and its functions as the scenes call them. */

import type { AccidentId, Job, JobId, Running, Without } from "../../contenders/contender.ts";
import { findContender } from "../../contenders/find.ts";
import type { Begun } from "../plan.ts";
import { say } from "./say.ts";

export async function started(id: string): Promise<Running> {
  const contender = await findContender(id);
  return contender.start();
}

/** `undefined`, after saying so, where the contender has no such job: then this host has nothing to do. */
export function jobOf(running: Running, id: JobId): Job | undefined {
  return present(running.job(id));
}

export function accidentOf(running: Running, id: AccidentId): Job | undefined {
  return present(running.accident(id));
}

function present(job: Job | Without): Job | undefined {
  if (typeof job === "function") return job;
  say<Begun>({ say: "without", why: job.without });
  return undefined;
}

/** The answer, or the error as a rejection, also of a function that answers at once. */
export async function promised(job: Job, input: unknown): Promise<unknown> {
  return job(input);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
