/** What a run consists of: which parts, contenders and loads. Pure. */

import type { Needs } from "./check/rules.ts";
import type { Options } from "./options.ts";
import { FULL, type Load, loads, type Pace, pinnedLoads, QUICK, TABLE_JOBS, type TableJob } from "./plan.ts";
import type { Part as Progressed } from "./progress.ts";

export const PARTS = ["pinned", "tables", "starts", "deaths", "shortCalls", "footprint", "scenes"] as const;
export type Part = (typeof PARTS)[number];

export interface Selection {
  readonly parts: ReadonlySet<Part>;
  /** Ids, in the order of the results. */
  readonly contenders: readonly string[];
  readonly loads: readonly Load[];
  readonly pinnedLoads: readonly Load[];
  readonly pace: Pace;
}

/** Parts of one contender alone. */
const ALONE: readonly Part[] = ["shortCalls", "footprint"];

/** What the command line asks for. */
export function selected(options: Options, all: readonly string[], alone: string): Selection {
  const pace = options.quick ? QUICK : FULL;
  const contenders = options.only.length === 0 ? all : options.only;
  const some = options.jobs.length > 0;
  const jobs = some ? options.jobs : TABLE_JOBS;
  const parts = PARTS.filter((part) => {
    if (some) return part === "tables" || part === "pinned";
    return contenders.includes(alone) || !ALONE.includes(part);
  });
  return {
    parts: new Set(parts),
    contenders,
    loads: loads(jobs, options.quick),
    pinnedLoads: pinnedLoads(jobs, options.quick),
    // Rounds that were asked for are made.
    pace:
      options.rounds === undefined
        ? pace
        : { ...pace, rounds: options.rounds, pinnedRounds: options.rounds, least: options.rounds },
  };
}

type LoadNeeds = Extract<Needs, { readonly job: TableJob }>;

/** One load for all whom it is needed of. */
function together(same: readonly LoadNeeds[]): Load[] {
  const [first] = same;
  if (first === undefined) return [];
  const only = [...new Set(same.flatMap(({ contenders }) => contenders))];
  return [{ job: first.job, inFlight: first.inFlight, only }];
}

/** Just what some rules need. */
export function neededBy(needs: readonly Needs[], all: readonly string[], pace: Pace): Selection {
  const loadsOf = (part: "tables" | "pinned") => {
    const found = needs.flatMap((need) => (need.part === part && "job" in need ? [need] : []));
    const keys = new Set(found.map(({ job, inFlight }) => `${job} ${inFlight}`));
    return [...keys].flatMap((key) =>
      together(found.filter((need) => `${need.job} ${need.inFlight}` === key)),
    );
  };
  return {
    parts: new Set(needs.map(({ part }) => part)),
    contenders: all.filter((id) => needs.some(({ contenders }) => contenders.includes(id))),
    loads: loadsOf("tables"),
    pinnedLoads: loadsOf("pinned"),
    pace,
  };
}

/** ms that starting all hosts and trying all jobs takes, for each contender. */
const OPENING_MS = 700;
const PINNED_OPENING_MS = 300;
const FOOTPRINT_MS = 7000;

/** What the progress is told to expect. */
export function expectedParts({ parts, contenders, pace }: Selection): Progressed[] {
  const every: readonly (readonly [string, Part | undefined, number])[] = [
    ["opening", undefined, contenders.length * (OPENING_MS + pace.warmUpMs)],
    ["one core", "pinned", contenders.length * (PINNED_OPENING_MS + pace.warmUpMs) + pace.pinnedMs],
    ["tables", "tables", pace.tablesMs],
    ["short calls", "shortCalls", 2 * pace.shortCallsMs],
    ["memory", "footprint", FOOTPRINT_MS],
    ["scenes", "scenes", pace.scenesMs],
  ];
  return every
    .filter(([, part]) => part === undefined || parts.has(part) || (part === "tables" && parts.has("deaths")))
    .map(([name, , ms]) => ({ name, ms }));
}
