/** All jobs side by side: a row each, and a column for each of a few contenders. */

import type { JobId } from "../../contenders/contender.ts";
import type { Results } from "../../results.ts";
import { latencyOf, titleOf } from "../lookup.ts";
import { table } from "../markdown.ts";
import { JOBS, PORT } from "../names.ts";
import { duration } from "../numbers.ts";
import { ratioText, spreadText } from "../rounds.ts";

export function jobTable(results: Results, jobs: readonly JobId[], beside: readonly string[]): string {
  const there = beside.filter((id) => results.contenders.some((contender) => contender.id === id));
  const p50 = (id: string, job: JobId) => latencyOf(results, id, job, false)?.p50;
  return table(
    ["", titleOf(results, PORT), ...there.map((id) => `${titleOf(results, id)}: times`)],
    jobs.map((job) => [
      JOBS[job],
      spreadText(p50(PORT, job), duration),
      ...there.map((id) => ratioText(p50(id, job), p50(PORT, job))),
    ]),
  );
}
