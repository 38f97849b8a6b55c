/** What is measured and for how long: pure decisions. */

import type { JobId } from "./contenders/contender.ts";

/** The jobs of the tables, in their order. `spin` belongs to the crossover and the short calls. */
export const TABLE_JOBS = [
  "empty",
  "sum",
  "object",
  "rows",
  "jwt-hs256",
  "jwt-eddsa",
  "argon2",
  "sha256",
  "bytes",
  "doubles",
  "thumbnail",
] as const satisfies readonly JobId[];

export type TableJob = (typeof TABLE_JOBS)[number];

/** Calls on their way at once. */
const LEVELS = [1, 16, 256, 4096];

/**
 * How many calls of a job are on their way at most: beyond it they only wait for a processor, or hold more memory than a
 * host has (256 answers of 8 MB are 2 GB). And in a quick run.
 */
const MOST: Readonly<Record<TableJob, readonly [full: number, quick: number]>> = {
  empty: [4096, 256],
  sum: [4096, 4096],
  object: [4096, 256],
  rows: [16, 1],
  "jwt-hs256": [4096, 256],
  "jwt-eddsa": [4096, 256],
  argon2: [16, 1],
  sha256: [16, 1],
  bytes: [16, 16],
  doubles: [16, 1],
  thumbnail: [16, 1],
};

/** With host and program bound to one core: of longer jobs, the wake-ups are a small part. */
const PINNED_JOBS: readonly TableJob[] = ["empty", "sum", "object"];
const PINNED_JOBS_QUICK: readonly TableJob[] = ["sum"];

/** How long the parts of a run may take. Times are in ms. */
export interface Pace {
  readonly quick: boolean;
  readonly rounds: number;
  /** A contender is warmed up for so long under each load: V8 compiles for speed what has run some thousand times. */
  readonly warmUpMs: number;
  /** Rounds are given up when they take longer than `tablesMs`; so many are made all the same. */
  readonly least: number;
  readonly tablesMs: number;
  readonly pinnedMs: number;
  readonly pinnedRounds: number;
  /** A start is measured in so many of the rounds. */
  readonly starts: number;
  readonly shortCallsMs: number;
  /** What the scenes take: they have their own plan. */
  readonly scenesMs: number;
  /** A cell that would take longer is left out. */
  readonly longestCellMs: number;
}

export const FULL: Pace = {
  quick: false,
  rounds: 9,
  warmUpMs: 250,
  least: 3,
  tablesMs: 480_000,
  pinnedMs: 20_000,
  pinnedRounds: 9,
  starts: 5,
  shortCallsMs: 8000,
  scenesMs: 300_000,
  longestCellMs: 3000,
};

export const QUICK: Pace = {
  quick: true,
  rounds: 3,
  warmUpMs: 50,
  least: 2,
  tablesMs: 30_000,
  pinnedMs: 4000,
  pinnedRounds: 4,
  starts: 1,
  shortCallsMs: 2400,
  scenesMs: 40_000,
  longestCellMs: 500,
};

/** Of `--check`: few loads, so more rounds of them. */
export const CHECK: Pace = {
  ...QUICK,
  rounds: 7,
  warmUpMs: 250,
  tablesMs: 20_000,
  pinnedRounds: 9,
  // What a rule needs is measured, however long it takes.
  longestCellMs: 10_000,
};

/** Of what seems broken. */
export const CHECK_AGAIN: Pace = {
  ...CHECK,
  rounds: 15,
  least: 7,
  tablesMs: 40_000,
  pinnedRounds: 25,
  pinnedMs: 15_000,
  shortCallsMs: 8000,
};

/** A load that one contender is measured under, once a round. */
export interface Load {
  readonly job: TableJob;
  readonly inFlight: number;
  /** Only these contenders; all if absent. */
  readonly only?: readonly string[];
}

/** Of the jobs' loads, those that are measured on one core. */
export function pinnedLoads(jobs: readonly TableJob[], quick: boolean): Load[] {
  const pinned = quick ? PINNED_JOBS_QUICK : PINNED_JOBS;
  return pinned.filter((job) => jobs.includes(job)).map((job) => ({ job, inFlight: 1 }));
}

/** Those of the loads that a contender is put under. */
export function loadsOf(loads: readonly Load[], contender: string): Load[] {
  return loads.filter(({ only }) => only === undefined || only.includes(contender));
}

/** Each job once. */
export function jobsOf(loads: readonly Load[]): TableJob[] {
  return [...new Set(loads.map(({ job }) => job))];
}

/** What is asked of a contender that does a job, in a quick run or a full one. */
export function levels(job: TableJob, quick: boolean): number[] {
  const [full, short] = MOST[job];
  const most = quick ? short : full;
  // The steps between are dropped, save for the job that has targets.
  return LEVELS.filter(
    (level) => level <= most && (!quick || job === "sum" || level === 1 || level === most),
  );
}

export function loads(jobs: readonly TableJob[], quick: boolean): Load[] {
  return jobs.flatMap((job) => levels(job, quick).map((inFlight) => ({ job, inFlight })));
}

/**
 * Jobs that are measured together, over all rounds, before the next ones are so much as tried: V8 compiles the way of a
 * call for what has gone that way, and a limit that does one job only would have an advantage otherwise.
 */
const TOGETHER: readonly (readonly TableJob[])[] = [
  ["empty", "sum"],
  ["object"],
  ["jwt-hs256", "jwt-eddsa"],
  ["bytes"],
  ["rows", "argon2", "sha256", "doubles", "thumbnail"],
];

/** The loads by what is measured together; none of them is empty. */
export function together(loads: readonly Load[]): Load[][] {
  return TOGETHER.map((jobs) => loads.filter(({ job }) => jobs.includes(job))).filter(
    (group) => group.length > 0,
  );
}

/** Why a contender is not put under this load, if a call takes it so many µs. */
export function tooLong(load: Load, micros: number, pace: Pace): string | undefined {
  const ms = lapMs(load, micros);
  if (load.inFlight === 1 || ms <= pace.longestCellMs) return undefined;
  return `${load.inFlight} in flight: at ${Math.round(micros)} µs a call, one answer each takes ${(ms / 1000).toFixed(1)} s`;
}

/** ms until each of the calls on their way is answered. They overlap: a quarter is what most contenders need at most. */
function lapMs({ inFlight }: Load, micros: number): number {
  return (micros * Math.max(1, inFlight / 4)) / 1000;
}

/** One cell: a load on a contender that takes so many µs for a call. */
export interface Expected extends Load {
  readonly micros: number;
}

/** ms that a cell costs beyond its budget: the order, the rest after a stop, the probe's last turn. */
const AROUND_MS = 9;
const BUDGETS = [100, 80, 60, 50, 40, 30, 25, 20, 15];
/** The host was stopped before, and its caches have been somebody else's. */
const LEAST_WARM_MS = 8;

/** Warming takes a share of a cell, where a call is short enough for it to make sense. */
export function warmMs(budgetMs: number, micros: number): number {
  const share = Math.max(LEAST_WARM_MS, budgetMs / 10);
  return micros / 1000 < share ? share : 0;
}

/** µs. Of longer jobs, the call is a small part. */
const SHORT_MICROS = 1000;

/** A load before the rounds: nothing of it is kept. */
export interface WarmUp extends Pick<Load, "job" | "inFlight"> {
  readonly ms: number;
}

/**
 * The loads by which a contender is warmed up: those that it is going to be measured under, for with one call on its way
 * another code is hot than with 256, and other buffers are grown.
 * @param micros that a call of each job takes it
 */
export function warmUp(loads: readonly Load[], micros: ReadonlyMap<TableJob, number>, pace: Pace): WarmUp[] {
  const short = loads.filter((load) => {
    const each = micros.get(load.job) ?? Number.POSITIVE_INFINITY;
    return each <= SHORT_MICROS && tooLong(load, each, pace) === undefined;
  });
  return short.map(({ job, inFlight }) => ({ job, inFlight, ms: pace.warmUpMs }));
}

/** The longest budget, in ms a cell, with which all rounds fit; the shortest there is if none fits. */
export function cellBudget(cells: readonly Expected[], rounds: number, ms: number): number {
  const fits = BUDGETS.find((budget) => rounds * roundMs(cells, budget) <= ms);
  return fits ?? BUDGETS.at(-1) ?? 0;
}

/** What a round takes. */
export function roundMs(cells: readonly Expected[], budget: number): number {
  return cells.reduce((total, cell) => total + cellMs(cell, budget), 0);
}

export function cellMs(cell: Expected, budget: number): number {
  return Math.max(budget + warmMs(budget, cell.micros), lapMs(cell, cell.micros)) + AROUND_MS;
}

/** Who comes when: another one begins in each round, and every second round goes the other way. */
export function turns<T>(items: readonly T[], round: number): T[] {
  if (items.length === 0) return [];
  const from = round % items.length;
  const rotated = [...items.slice(from), ...items.slice(0, from)];
  return round % 2 === 1 ? rotated.reverse() : rotated;
}
