/** How long a call takes, and how many there are in a second. */

import type { JobId } from "../../contenders/contender.ts";
import { median } from "../../measure/statistics.ts";
import type { Results } from "../../results.ts";
import { latencyOf, levelsOf, throughputOf } from "../lookup.ts";
import { folded } from "../markdown.ts";
import { ASYNC, JOBS, JSON_LINES, PLAIN, PORT, SYNC, THREADS } from "../names.ts";
import { duration, factor, rate } from "../numbers.ts";
import { ratioOf, ratioText, spreadText } from "../rounds.ts";
import { type Column, contenderTable } from "./columns.ts";
import { jobTable } from "./jobs.ts";

const JOB = "sum";

export function latency(results: Results): string[] {
  const columns = [true, false].flatMap((pinned) => latencyColumns(results, JOB, pinned));
  return [
    "## One call after the other",
    `${capital(JOBS[JOB])}. When both processes are bound to one core, the wake-up of the other one costs little and the same each time; as the system places them it costs most of the call, and differs from one minute to the next. "times" is the time: less is faster.`,
    contenderTable(results, columns, (id) => median(latencyOf(results, id, JOB, false)?.p50 ?? [])),
  ];
}

function latencyColumns(results: Results, job: JobId, pinned: boolean): Column[] {
  const row = (id: string) => latencyOf(results, id, job, pinned);
  const where = pinned ? "one core: " : "";
  return [
    { head: `${where}times`, cell: (id) => ratioText(row(id)?.p50, row(PORT)?.p50) },
    { head: `${where}p50`, cell: (id) => spreadText(row(id)?.p50, duration) },
    { head: `${where}p99`, cell: (id) => spreadText(row(id)?.p99, duration) },
  ];
}

export function throughput(results: Results): string[] {
  const levels = levelsOf(results, JOB);
  const rates = (id: string, level: number) => throughputOf(results, id, JOB, level)?.callsPerSecond;
  const rank = (id: string) => -median(rates(id, 256) ?? rates(id, levels.at(-1) ?? 1) ?? []);
  const ratios = levels.map((level) => ({
    head: `${level} in flight`,
    cell: (id: string) => ratioText(rates(id, level), rates(PORT, level)),
  }));
  const absolutes = levels.map((level) => ({
    head: `${level} in flight`,
    cell: (id: string) => spreadText(rates(id, level), rate),
  }));
  return [
    "## Calls a second",
    `${capital(JOBS[JOB])}, with so many calls on their way at once. As times portreeve: more is faster.`,
    contenderTable(results, ratios, rank),
    "In calls a second:",
    contenderTable(results, absolutes, rank),
  ];
}

/** The contenders that stand for their kind in the overview of all jobs. */
const SHOWN = [SYNC, ASYNC, PLAIN, THREADS, JSON_LINES];

/** All jobs side by side, and each of them in full when it is opened. */
export function perJob(results: Results): string[] {
  const jobs = jobsOf(results);
  if (jobs.length === 0) return [];
  return [
    "## Every job",
    'One call after the other, p50, as the system places the processes. "times" is the time: less than 1 is faster than portreeve.',
    jobTable(results, jobs, SHOWN),
    ...jobs.map((job) => folded(headline(results, job), [oneJob(results, job)])),
  ];
}

function jobsOf(results: Results): JobId[] {
  const measured = new Set(results.latency.map(({ job }) => job));
  return (Object.keys(JOBS) as JobId[]).filter((job) => measured.has(job));
}

function headline(results: Results, job: JobId): string {
  const own = latencyOf(results, PORT, job, false)?.p50 ?? [];
  const others = results.contenders.flatMap(({ id, title }) => {
    const p50 = latencyOf(results, id, job, false)?.p50;
    return p50 === undefined || id === PORT ? [] : [{ title, ratio: ratioOf(p50, own).median }];
  });
  const least = others.toSorted((a, b) => a.ratio - b.ratio)[0];
  const beside = least === undefined ? "" : `; ${least.title} takes ${part(least.ratio)} that`;
  return `${capital(JOBS[job])}: portreeve ${duration(median(own))}${beside}`;
}

function part(ratio: number): string {
  return `${factor(ratio)} ${ratio < 1 ? "of" : "times"}`;
}

function oneJob(results: Results, job: JobId): string {
  const level =
    levelsOf(results, job)
      .filter((each) => each <= 256)
      .at(-1) ?? 1;
  const rates = (id: string) => throughputOf(results, id, job, level)?.callsPerSecond;
  const columns = [
    ...latencyColumns(results, job, false),
    { head: `calls/s, ${level} in flight: times`, cell: (id: string) => ratioText(rates(id), rates(PORT)) },
    { head: `calls/s, ${level} in flight`, cell: (id: string) => spreadText(rates(id), rate) },
  ];
  return contenderTable(results, columns, (id) => median(latencyOf(results, id, job, false)?.p50 ?? []));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
