/** What a call costs beyond time: the event loop, processors, memory, and what starting takes. */

import type { JobId } from "../../contenders/contender.ts";
import { median } from "../../measure/statistics.ts";
import type { Results } from "../../results.ts";
import { entryOf, levelsOf, throughputOf } from "../lookup.ts";
import { JOBS, PORT } from "../names.ts";
import { bytes, digits, duration, millis } from "../numbers.ts";
import { added, ratioText, spreadText } from "../rounds.ts";
import { contenderTable } from "./columns.ts";

const IN_FLIGHT = 256;
/** Long enough to be felt by an event loop that waits for it. */
const LONG: JobId = "thumbnail";

export function eventLoop(results: Results): string[] {
  const level = levelsOf(results, LONG).at(-1) ?? 1;
  const short = (id: string) => throughputOf(results, id, "sum", IN_FLIGHT);
  const long = (id: string) => throughputOf(results, id, LONG, level);
  const columns = [
    { head: "sum: p99", cell: (id: string) => spreadText(short(id)?.loopP99, millis) },
    { head: "sum: longest", cell: (id: string) => spreadText(short(id)?.loopMax, millis) },
    { head: "thumbnail: p99", cell: (id: string) => spreadText(long(id)?.loopP99, millis) },
    { head: "thumbnail: longest", cell: (id: string) => spreadText(long(id)?.loopMax, millis) },
  ];
  return [
    "## The host's event loop",
    `By how much the event loop of the host is late while ${IN_FLIGHT} calls of ${JOBS.sum} are on their way, and ${level} of ${JOBS[LONG]}.`,
    contenderTable(results, columns, (id) => median(long(id)?.loopMax ?? [])),
  ];
}

export function processors(results: Results): string[] {
  const row = (id: string) => throughputOf(results, id, "sum", IN_FLIGHT);
  const both = (id: string) => {
    const found = row(id);
    return found && added(found.hostCpu, found.otherCpu);
  };
  const columns = [
    { head: "both: times", cell: (id: string) => ratioText(both(id), both(PORT)) },
    { head: "both", cell: (id: string) => spreadText(both(id), duration) },
    { head: "host", cell: (id: string) => spreadText(row(id)?.hostCpu, duration) },
    { head: "its other processes", cell: (id: string) => spreadText(row(id)?.otherCpu, duration) },
  ];
  return [
    "## Processor time a call",
    `${IN_FLIGHT} calls of ${JOBS.sum} in flight. Threads belong to the host.`,
    contenderTable(results, columns, (id) => median(both(id) ?? [])),
  ];
}

export function memory(results: Results): string[] {
  const row = (id: string) => entryOf(results.memory, id);
  const cell = (when: "idle" | "loaded", who: "host" | "other") => (id: string) =>
    bytes(row(id)?.[when][who] ?? Number.NaN);
  const columns = [
    { head: "idle: its other processes", cell: cell("idle", "other") },
    { head: "idle: host", cell: cell("idle", "host") },
    { head: "after the load: its other processes", cell: cell("loaded", "other") },
    { head: "after the load: host", cell: cell("loaded", "host") },
  ];
  const rank = (id: string) => {
    const { host, other } = row(id)?.idle ?? { host: Number.NaN, other: Number.NaN };
    return host + other;
  };
  return [
    "## Memory",
    "Resident, before the first call and after the load of all jobs; pages that processes share count in each.",
    contenderTable(results, columns, rank),
    footprint(results),
  ];
}

function footprint({ footprint }: Results): string {
  const { before, after } = footprint.millionCalls;
  const growth = `the host from ${bytes(before.host)} to ${bytes(after.host)}, the worker from ${bytes(before.worker)} to ${bytes(after.worker)}`;
  return `An idle worker of a program with one function holds ${bytes(footprint.oneFunctionWorker)}, of the program with all functions ${bytes(footprint.computeWorker)}, and an empty Rust program ${bytes(footprint.emptyProgram)}. A million calls take ${growth}.`;
}

export function lives(results: Results): string[] {
  const start = (id: string) => entryOf(results.start, id)?.ms;
  const death = (id: string) => entryOf(results.death, id)?.ms;
  const segfault = (id: string) => entryOf(results.segfaultDeath ?? [], id)?.ms;
  const columns = [
    { head: "start: times", cell: (id: string) => ratioText(start(id), start(PORT)) },
    { head: "start", cell: (id: string) => spreadText(start(id), millis) },
    { head: "SIGKILL: times", cell: (id: string) => ratioText(death(id), death(PORT)) },
    { head: "SIGKILL", cell: (id: string) => spreadText(death(id), millis) },
    { head: "segmentation fault", cell: (id: string) => spreadText(segfault(id), millis) },
  ];
  return [
    "## Start and death",
    `From nothing to the first answer, and from the death of what does the work to the next answer, core dumps off. Where the host dies too there is no next answer. An empty Rust program starts in ${spreadText(results.emptyProgram, millis)} in the same rounds.`,
    contenderTable(results, columns, (id) => median(start(id) ?? [])),
  ];
}

export function shortCalls({ shortCalls: { idle, loaded } }: Results): string[] {
  if (idle.calls === 0) return [];
  const words = ({ calls, p50, p99, max }: typeof idle) =>
    `${digits(calls)} calls, p50 ${millis(p50)}, p99 ${millis(p99)}, the longest ${millis(max)}`;
  return [
    "## Short calls beside long ones",
    `Short calls to portreeve while nothing else runs: ${words(idle)}. While calls of 300 ms keep every core busy: ${words(loaded)}.`,
  ];
}
