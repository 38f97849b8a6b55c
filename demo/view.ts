/** What the live display shows, as text: from numbers to lines, and nothing else. */

import type { Verdict } from "./judge.ts";
import type { End } from "./neighbour.ts";
import { duration, table, whole } from "./table.ts";
import { failures, type Latency, type Snapshot } from "./tally.ts";

/** One moment of both sides. */
export interface Moment {
  /** ms since the traffic began, and how long it lasts. */
  readonly elapsed: number;
  readonly length: number;
  /** Requests a second that are wanted now. */
  readonly rate: number;
  readonly isBurst: boolean;
  readonly workers: number;
  readonly restarts: number;
  /** Calls that were made to take a worker with them, and have. */
  readonly struck: number;
  readonly port: Snapshot;
  readonly verdict: Verdict;
  /** The second Node process; `undefined` before it has told its first numbers. */
  readonly inProcess: Snapshot | undefined;
  readonly inProcessVerdict: Verdict | undefined;
  readonly end: End | undefined;
}

/** The block that a terminal shows and redraws. */
export function block(moment: Moment): string[] {
  const { elapsed, length, rate, isBurst, port, verdict, inProcess, inProcessVerdict, end } = moment;
  const dead = end === undefined ? undefined : "–";
  const rows = [
    ["", `port, ${moment.workers} workers`, "in process, addon"],
    ["answers a second", whole(port.recent.rate), dead ?? whole(inProcess?.recent.rate ?? 0)],
    ["p50 / p99", both(port.recent.latency), dead ?? both(inProcess?.recent.latency)],
    ["waiting", whole(port.open), dead ?? whole(inProcess?.open ?? 0)],
    ["verified by jose", whole(verdict.verified), whole(inProcessVerdict?.verified ?? 0)],
    ["failed", whole(failures(port) + moment.struck), end === undefined ? "0" : "all since"],
    ["restarts", whole(moment.restarts), end === undefined ? "0" : `dead: ${end.signal ?? end.exitCode}`],
  ];
  const traffic = `${whole(rate)} requests a second${isBurst ? ", a burst" : ""}`;
  return [
    `${bar(elapsed / length)} ${seconds(elapsed)} of ${seconds(length)}, ${traffic}`,
    ...table(rows).split("\n"),
  ];
}

/** The same in one line, where nothing can be redrawn. */
export function line(moment: Moment): string {
  const { elapsed, isBurst, port, inProcess, end, restarts } = moment;
  const side = (snapshot: Snapshot | undefined) =>
    `${whole(snapshot?.recent.rate ?? 0)}/s, ${both(snapshot?.recent.latency)}`;
  const other = end === undefined ? side(inProcess) : `dead since ${seconds(end.at)}`;
  const burst = isBurst ? " (burst)" : "";
  return `${seconds(elapsed)}${burst}: port ${side(port)}, ${restarts} restarts | in process ${other}`;
}

/** `0.21 ms / 4.10 ms`. */
export function both(latency: Latency | undefined): string {
  return latency === undefined ? "–" : `${duration(latency.p50)} / ${duration(latency.p99)}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

const BAR = 24;

function bar(part: number): string {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * BAR);
  return "█".repeat(full) + "░".repeat(BAR - full);
}
