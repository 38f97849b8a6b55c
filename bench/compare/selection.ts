/** What a run consists of: which parts, contenders and loads. Pure. */

import type { Needs } from "./check/rules.ts";
import type { Options } from "./options.ts";
import {
  FULL,
  type Load,
  loads,
  loadsOf,
  type Pace,
  pinnedLoads,
  QUICK,
  TABLE_JOBS,
  type TableJob,
} from "./plan.ts";
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
  const needed = (part: "tables" | "pinned") => {
    const found = needs.flatMap((need) => (need.part === part && "job" in need ? [need] : []));
    const keys = new Set(found.map(({ job, inFlight }) => `${job} ${inFlight}`));
    return [...keys].flatMap((key) =>
      together(found.filter((need) => `${need.job} ${need.inFlight}` === key)),
    );
  };
  return {
    parts: new Set(needs.map(({ part }) => part)),
    contenders: all.filter((id) => needs.some(({ contenders }) => contenders.includes(id))),
    loads: needed("tables"),
    pinnedLoads: needed("pinned"),
    pace,
  };
}

/** ms a contender: to start its host, to try its jobs, and from one death or start to the next. */
const OPENING_MS = 300;
const TRYING_MS = 1500;
const LIFE_MS = 150;
const FOOTPRINT_MS = 7000;

/** What the progress is told to expect. */
export function expectedParts({ parts, contenders, loads, pinnedLoads, pace }: Selection): Progressed[] {
  const each = (ms: number) => contenders.length * ms;
  const pinned = contenders.filter((id) => loadsOf(pinnedLoads, id).length > 0).length;
  const warm = (all: readonly Load[]) =>
    contenders.reduce((ms, id) => ms + loadsOf(all, id).length * pace.warmUpMs, 0);
  const every: readonly (readonly [string, readonly Part[], number])[] = [
    ["opening", PARTS, each(OPENING_MS)],
    ["one core", ["pinned"], pinned * OPENING_MS + warm(pinnedLoads) + pace.pinnedMs],
    ["tables", ["tables"], each(TRYING_MS) + warm(loads) + pace.tablesMs],
    ["starts and deaths", ["starts", "deaths"], each(LIFE_MS) * (pace.rounds + pace.starts)],
    ["short calls", ["shortCalls"], 2 * pace.shortCallsMs],
    ["memory", ["footprint"], FOOTPRINT_MS],
    ["scenes", ["scenes"], pace.scenesMs],
  ];
  return every.filter(([, of]) => of.some((part) => parts.has(part))).map(([name, , ms]) => ({ name, ms }));
}
