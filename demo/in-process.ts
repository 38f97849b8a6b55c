/**
 * The second Node process: the same traffic on the same Rust code, but loaded into the process, as addons are. It takes
 * the same segfault. neighbour.ts starts it and hears from it over Node's own channel.
 */

import { writeSync } from "node:fs";
import { type Addon, loadAddon, serviceOf } from "./addon.ts";
import { Judge, type Verdict } from "./judge.ts";
import { makeSchedule } from "./schedule.ts";
import { type Keys, readClaims } from "./service.ts";
import { type Snapshot, Tally } from "./tally.ts";
import { callAlone, drive } from "./traffic.ts";

/** What the process is told, in this order. */
export type ToInProcess =
  | { readonly addon: string; readonly claims: string; readonly keys: Keys }
  /** Begin: the time is that of `Date.now()`, so that both processes share one clock. */
  | { readonly begin: number; readonly seconds: number; readonly rate: number };

/** What it says. */
export type FromInProcess =
  /** Loaded, and how long a call takes alone, in ms. */
  { readonly alone: number } | { readonly snapshot: Snapshot; readonly verdict: Verdict };

/** How often it tells its numbers, in ms. */
const INTERVAL = 200;
const stopped = new AbortController();

/** Whatever a process can do about its own end writes a line, so that it can be said that none of it ran. */
function watchEveryWayOut(): void {
  const mark = (name: string) => writeSync(2, `handler: ${name}\n`);
  process.on("exit", () => mark("exit"));
  process.on("uncaughtExceptionMonitor", () => mark("uncaughtException"));
  process.on("SIGTERM", () => mark("SIGTERM"));
  // Ctrl-C is for the demo as a whole, which ends this process by closing the channel.
  process.on("SIGINT", () => mark("SIGINT"));
  process.on("disconnect", () => process.exit());
}

function say(message: FromInProcess, sent: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, sent);
}

function hear<M extends ToInProcess>(): Promise<M> {
  return new Promise((resolve) => {
    process.once("message", (message) => resolve(message as M));
  });
}

async function main(): Promise<void> {
  watchEveryWayOut();
  const { addon: path, claims, keys } = await hear<Extract<ToInProcess, { addon: string }>>();
  const addon = loadAddon(path);
  const service = serviceOf(addon, keys);
  const known = await readClaims(claims);
  const judge = new Judge(keys.public);
  const begun = hear<Extract<ToInProcess, { begin: number }>>();
  say({ alone: await callAlone(service, known) });

  const { begin, seconds, rate } = await begun;
  const schedule = makeSchedule(seconds, rate);
  const tally = new Tally(() => performance.now());
  const tell = (sent?: () => void) => say({ snapshot: tally.snapshot(), verdict: judge.verdict }, sent);
  const timer = setInterval(() => tell(), INTERVAL);
  const crash = schedule.accidents.find(({ what }) => what === "segfault");
  const elapsed = () => Date.now() - begin;
  // Its numbers of this moment are told first, for there is no moment after it.
  setTimeout(() => tell(() => crashByAddon(addon)), (crash?.at ?? 0) - elapsed());
  await drive({ service, schedule, known, tally, judge, elapsed, signal: stopped.signal });
  clearInterval(timer);
  process.disconnect();
}

/** What a worker of the port is made to do at the same moment. */
function crashByAddon(addon: Addon): void {
  try {
    addon.segfault();
  } catch {
    writeSync(2, "handler: catch\n");
  }
}

await main();
