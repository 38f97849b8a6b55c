/** The scenes: the crossover, the spike, the crash and the crash matrix, as tables beside their pictures. */

import { median } from "../../measure/statistics.ts";
import type { Results, Timeline } from "../../results.ts";
import { type Crossing, crossing, shares } from "../crossing.ts";
import { entryOf, titleOf } from "../lookup.ts";
import { table } from "../markdown.ts";
import { digits, duration, millis, NOTHING, percent } from "../numbers.ts";
import { summary } from "../timeline.ts";
import { contenderTable } from "./columns.ts";

const LIMITS = [0.1, 0.01];

export function crossover(results: Results): string[] {
  if (results.crossover.length === 0) return [];
  const line = (id: string) => {
    const found = entryOf(results.crossover, id);
    return found === undefined ? undefined : shares(found);
  };
  const overhead = (id: string) =>
    median(
      (entryOf(results.crossover, id)?.points ?? []).map(({ overheadMicros }) => median(overheadMicros)),
    );
  const columns = LIMITS.map((limit) => ({
    head: `under ${percent(limit)} from`,
    cell: (id: string) => {
      const points = line(id);
      return points === undefined ? NOTHING : crossingText(crossing(points, limit), points.at(-1)?.jobMicros);
    },
  }));
  const added = { head: "what a call adds", cell: (id: string) => duration(overhead(id)) };
  return [
    "## The crossover",
    "How long a job has to be until the call is a small part of it, one after the other. What a call adds is the median over all lengths.",
    contenderTable(results, [...columns, added], overhead),
  ];
}

export function crossingText(found: Crossing | undefined, longest: number | undefined): string {
  if (found === undefined) return `over ${duration(longest ?? Number.NaN)}`;
  return found.within ? duration(found.micros) : `under ${duration(found.micros)}`;
}

export function spike(results: Results): string[] {
  if (results.spike.length === 0) return [];
  const rows = results.spike.map((timeline) => {
    const { calmP99, worstP99, calmLoop, worstLoop } = summary(timeline);
    const title = titleOf(results, timeline.contender);
    return [title, millis(calmP99), millis(worstP99), millis(calmLoop), millis(worstLoop), what(timeline)];
  });
  const steady = results.spike[0]?.steadyPerSecond ?? Number.NaN;
  return [
    "## The spike",
    `JWTs are signed by EdDSA at ${digits(steady)} requests a second, with bursts of ten times as many. A request is timed from when it was due, whether or not the host was able to make it. Calm is before the first burst.`,
    table(["", "calm: p99", "worst: p99", "calm: loop", "worst: loop", "requests"], rows),
  ];
}

export function crash(results: Results): string[] {
  if (results.crash.length === 0) return [];
  const rows = results.crash.map((timeline) => [
    titleOf(results, timeline.contender),
    String(timeline.accidents.length),
    timeline.hostDied === undefined ? "lives" : `**dead**: ${timeline.hostDied}`,
    ...counts(timeline),
  ]);
  return [
    "## The crash",
    "The same load, and a segmentation fault at a third of it; where there is a host left, another in the second burst. Unanswered are those included that were due when the host was dead.",
    table(["", "segfaults", "the host", "answered", "failed", "unanswered"], rows),
  ];
}

function counts(timeline: Timeline): string[] {
  const { answered, failed, unanswered } = summary(timeline);
  return [answered, failed, unanswered].map(digits);
}

function what(timeline: Timeline): string {
  const [answered, failed, unanswered] = counts(timeline);
  return `${answered} answered, ${failed} failed, ${unanswered} unanswered`;
}
