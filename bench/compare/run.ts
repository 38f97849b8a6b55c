/** One run: its parts in their order, from the first host to the results. */

import type { SceneResults } from "./context.ts";
import type { Resident } from "./host/orders.ts";
import { measureFootprint, measureShortCalls } from "./measure/alone.ts";
import { measureDeaths, measureStarts } from "./measure/lives.ts";
import { type Entrant, Party, type Run } from "./measure/party.ts";
import { measureRounds } from "./measure/rounds.ts";
import { jobsOf, loadsOf, together } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Footprint, Memory, Results, ShortCalls } from "./results.ts";
import { runScenes } from "./scenes/main.ts";
import type { Part, Selection } from "./selection.ts";

export interface Setting extends Run {
  /** The repository's root, absolute. */
  readonly root: string;
  readonly selection: Selection;
  readonly entrants: readonly Entrant[];
  readonly parts: Progress;
  readonly about: (rounds: number) => Results["about"];
  /** Gets what there is before the scenes begin: they crash hosts, and minutes of measuring should not be lost with them. */
  readonly keep: (results: Results) => void;
}

/** Measures everything that was selected. Rejects with the signal's reason when it is aborted. */
export async function measure(setting: Setting): Promise<Results> {
  const { ledger, entrants } = setting;
  const tables = await measureTables(setting);
  const shortCalls = await part(setting, "shortCalls", () =>
    measureShortCalls(setting, setting.pace.shortCallsMs),
  );
  const footprint = await part(setting, "footprint", () => measureFootprint(setting));
  const withoutScenes: Results = {
    about: setting.about(tables.rounds),
    contenders: entrants.map(({ id, title, place }) => ({ id, title, place })),
    leftOut: ledger.leftOut,
    latency: ledger.latency,
    throughput: ledger.throughput,
    memory: tables.memory,
    start: ledger.times("start"),
    death: ledger.times("SIGKILL"),
    segfaultDeath: ledger.times("segfault"),
    emptyProgram: ledger.times("emptyProgram").flatMap(({ ms }) => ms),
    crossover: [],
    spike: [],
    crash: [],
    matrix: [],
    shortCalls: shortCalls ?? NO_SHORT_CALLS,
    footprint: footprint ?? NO_FOOTPRINT,
  };
  setting.keep(withoutScenes);
  const scenes = await part(setting, "scenes", () => showScenes(setting, tables.started));
  if (scenes === undefined) return withoutScenes;
  return { ...withoutScenes, ...scenes, leftOut: [...ledger.leftOut, ...scenes.leftOut] };
}

interface Tables {
  readonly rounds: number;
  readonly memory: readonly Memory[];
  /** Ids. */
  readonly started: ReadonlySet<string>;
}

async function measureTables(setting: Setting): Promise<Tables> {
  const party = new Party(setting);
  const idle = await open(setting, party);
  try {
    const started = new Set(party.members.map(({ id }) => id));
    await measurePinned(setting, [...started]);
    const rounds = await measureUnpinned(setting, party);
    return { rounds, memory: await memories(setting, party, idle), started };
  } finally {
    await party.stop();
  }
}

/** Starts every contender in its host, one after the other. @returns what each holds before it is put under a load */
async function open(setting: Setting, party: Party): Promise<Map<string, Resident>> {
  const { ledger, selection, parts } = setting;
  const idle = new Map<string, Resident>();
  parts.begin("opening");
  for (const [i, id] of selection.contenders.entries()) {
    setting.progress(id, i / selection.contenders.length);
    const admitted = await party.admit(id, (why) => ledger.leaveOut(id, why));
    if (admitted === undefined) continue;
    if (selection.parts.has("starts")) ledger.addTime("start", id, admitted.ms);
    idle.set(id, admitted.resident);
  }
  return idle;
}

/** In hosts of their own, which with all that they start are bound to one core. */
async function measurePinned(setting: Setting, ids: readonly string[]): Promise<void> {
  const { selection, pace, ledger } = setting;
  const loads = selection.pinnedLoads;
  if (!selection.parts.has("pinned") || loads.length === 0) return;
  const party = new Party(setting, { pinned: true });
  setting.parts.begin("one core");
  try {
    for (const id of ids.filter((each) => loadsOf(loads, each).length > 0)) {
      const its = loadsOf(loads, id);
      const admitted = await party.admit(id, (why) => {
        for (const job of jobsOf(its)) ledger.leaveOut(id, `on one core: ${why}`, job);
      });
      if (admitted !== undefined) await party.ready(admitted.member, its);
    }
    await measureRounds(setting, party, {
      loads,
      rounds: pace.pinnedRounds,
      ms: pace.pinnedMs,
      pinned: true,
    });
  } finally {
    await party.stop();
  }
}

/** @returns how many rounds there were, of the jobs that had the fewest */
async function measureUnpinned(setting: Setting, party: Party): Promise<number> {
  const { selection, pace } = setting;
  setting.parts.begin("tables");
  const counts: number[] = [];
  let before = 0;
  for (const loads of together(selection.loads)) {
    const part = loads.length / selection.loads.length;
    const from = before;
    before += part;
    const share = (done: number) => from + part * done;
    const run = { ...setting, progress: (text: string, done: number) => setting.progress(text, share(done)) };
    for (const member of [...party.members]) await party.ready(member, loadsOf(loads, member.id));
    const plan = { loads, rounds: pace.rounds, ms: pace.tablesMs * part, pinned: false };
    counts.push(await measureRounds(run, party, plan));
  }
  await measureLives(setting, party);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** Starts and deaths, in rounds of their own. */
async function measureLives(setting: Setting, party: Party): Promise<void> {
  const { selection, pace, entrants } = setting;
  setting.parts.begin("starts and deaths");
  for (let round = 0; round < pace.rounds; round += 1) {
    setting.progress(`round ${round + 1} of ${pace.rounds}`, round / pace.rounds);
    // The first start of each contender has been measured when its host was opened.
    if (selection.parts.has("starts") && round < pace.starts - 1) await measureStarts(setting, party, round);
    if (selection.parts.has("deaths")) await measureDeaths(setting, party, entrants, round);
  }
}

async function memories(setting: Setting, party: Party, idle: Map<string, Resident>): Promise<Memory[]> {
  if (!setting.selection.parts.has("tables")) return [];
  const found: Memory[] = [];
  for (const { id, host } of party.members) {
    const before = idle.get(id);
    if (before !== undefined)
      found.push({ contender: id, idle: before, loaded: await host.ask("resident", {}) });
  }
  return found;
}

const PART_TITLES = { shortCalls: "short calls", footprint: "memory", scenes: "scenes" } as const;

async function part<T>(
  setting: Setting,
  name: keyof typeof PART_TITLES & Part,
  act: () => Promise<T>,
): Promise<T | undefined> {
  if (!setting.selection.parts.has(name)) return undefined;
  setting.signal.throwIfAborted();
  setting.parts.begin(PART_TITLES[name]);
  return act();
}

function showScenes(setting: Setting, started: ReadonlySet<string>): Promise<SceneResults> {
  const { root, signal, progress, pace, entrants } = setting;
  const contenders = entrants.filter(({ id }) => started.has(id));
  return runScenes({ root, contenders, quick: pace.quick, progress, signal });
}

/** What was not measured is no number; JSON has `null` for it. */
const NONE = Number.NaN;
const NO_SHORT_CALLS: ShortCalls = {
  idle: { calls: 0, p50: NONE, p99: NONE, max: NONE },
  loaded: { calls: 0, p50: NONE, p99: NONE, max: NONE },
};
const NO_FOOTPRINT: Footprint = {
  oneFunctionWorker: NONE,
  computeWorker: NONE,
  emptyProgram: NONE,
  millionCalls: { before: { host: NONE, worker: NONE }, after: { host: NONE, worker: NONE } },
};
