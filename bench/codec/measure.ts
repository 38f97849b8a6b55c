/**
 * Measures one message in one process of one Node: all codecs take turns, round after round, so that what else the machine does
 * meets them alike. Prints one JSON object. Arguments: the message, and "alone" to leave the peers out.
 */

import { setTimeout } from "node:timers/promises";
import { MESSAGES } from "./messages.ts";
import { type Subject, subjectsFor } from "./subjects.ts";

/** Nanoseconds of processor time a call, round by round. */
export interface Series {
  readonly name: string;
  readonly size: number;
  readonly encode: number[];
  readonly decode: number[];
}

const ROUNDS = 11;
/** How long one turn takes, and how long each codec runs before anything counts, in ms. */
const TURN = 5;
const WARM_UP = 120;
/** Between two warm-ups the compiler's thread gets time to finish. */
const PAUSE = 100;

/** The processor time of this process in ns: unlike a clock it stands still while other programs have the processor. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Nanoseconds a call of `count` calls. */
function time(run: () => unknown, count: number): number {
  const start = now();
  for (let i = 0; i < count; i++) run();
  return (now() - start) / count;
}

/** How many calls fill a turn, after the warm-up. */
function warmUp(run: () => unknown): number {
  let count = 1;
  const end = now() + WARM_UP * 1e6;
  let cost = time(run, 1) || 100;
  while (now() < end) {
    cost = time(run, count) || 100;
    count = Math.max(1, Math.round(5e6 / cost));
  }
  return Math.max(1, Math.round((TURN * 1e6) / cost));
}

async function measure(subjects: readonly Subject[]): Promise<Series[]> {
  const turns = subjects.flatMap((subject) => {
    const series: Series = { name: subject.name, size: subject.size, encode: [], decode: [] };
    return (["encode", "decode"] as const).map((way) => ({ series, way, run: subject[way], count: 0 }));
  });
  for (let pass = 0; pass < 2; pass++) {
    for (const turn of turns) turn.count = warmUp(turn.run);
    await setTimeout(PAUSE);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const turn of turns) turn.series[turn.way].push(time(turn.run, turn.count));
  }
  return [...new Set(turns.map(({ series }) => series))];
}

const [name = "", alone] = process.argv.slice(2);
const message = MESSAGES.find((each) => each.name === name);
if (message === undefined) throw new Error(`there is no message "${name}"`);
const refused: string[] = [];
const series = await measure(subjectsFor(message, alone !== "alone", (reason) => refused.push(reason)));
console.log(JSON.stringify({ node: process.versions.node, message: name, series, refused }));
