/** What was measured, where, and with what; and what was not. */

import type { Results } from "../../results.ts";
import { titleOf } from "../lookup.ts";
import { code, table } from "../markdown.ts";
import { ACCIDENTS, JOBS } from "../names.ts";
import { digits } from "../numbers.ts";

const STOPPED = " While one is measured, the processes of all others are stopped.";

export function about(results: Results): string[] {
  const { about } = results;
  const { machine } = about;
  return [
    "# portreeve beside what one would use instead",
    `Made by \`${about.command}\` on ${about.date.slice(0, 10)} at commit \`${about.commit.slice(0, 12)}${dirty(about.commit)}\`: ${machine.cores} × ${machine.cpu}, ${digits(machine.memoryBytes / 1e9)} GB, ${machine.kernel}, Node ${about.node}, ${about.rustc}. ${about.quick ? "This was a quick run. " : ""}What it all means is in [addon or port?](../docs/addon-or-port.md).`,
    `All contenders run the same Rust functions, on the same inputs, job by job, and in turns within each of at least ${about.rounds} rounds.${about.othersStopped ? STOPPED : ""} A value is the median of the rounds, and in brackets the least and the most. A ratio is taken within each round, and then the median: so what slows down the whole machine does not count. "times" always means: times ${titleOf(results, "portreeve")}.`,
  ];
}

function dirty(commit: string): string {
  return commit.endsWith("-dirty") ? "-dirty" : "";
}

export function versions(results: Results): string[] {
  const { packages } = results.about;
  const rows = Object.entries(packages).map(([name, version]) => [name, version]);
  return rows.length === 0 ? [] : ["## Versions", table(["package", "version"], rows)];
}

export function leftOut(results: Results): string[] {
  if (results.leftOut.length === 0) return [];
  const rows = results.leftOut.map(({ contender, job, why }) => [
    titleOf(results, contender),
    job === undefined ? "everything" : ({ ...JOBS, ...ACCIDENTS }[job] ?? job),
    code(why),
  ]);
  return ["## Left out", table(["", "what", "why"], rows)];
}
