/** What is printed at the end: the table, the two errors, how to go on. From facts to text, and nothing else. */

import { inspect } from "node:util";
import type { Verdict } from "./judge.ts";
import type { End } from "./neighbour.ts";
import type { Crash } from "./port-side.ts";
import { duration, table, whole } from "./table.ts";
import { failures, type Latency, type Totals } from "./tally.ts";
import { reasonOf } from "./traffic.ts";
import { both, seconds } from "./view.ts";

/** An accident, and how many calls of the traffic had failed before it. */
export interface Strike extends Crash {
  readonly failedBefore: number;
}

/** All that is known at the end. */
export interface Facts {
  readonly workers: number;
  readonly port: Totals;
  readonly verdict: Verdict;
  readonly restarts: number;
  /** Workers that hung and were replaced. */
  readonly retired: number;
  readonly strikes: readonly Strike[];
  /** A call without other traffic, in ms. */
  readonly alone: number;
  /** Until the in-process side died: the time in which both had the same traffic. */
  readonly together: Latency | undefined;
  readonly inProcess: Totals | undefined;
  readonly inProcessVerdict: Verdict | undefined;
  readonly inProcessAlone: number;
  readonly end: End;
}

/** Both sides, one beside the other. */
export function summary(facts: Facts): string {
  const { port, verdict, inProcess, inProcessVerdict, end } = facts;
  const until = seconds(end.at);
  return table([
    ["", `port, ${facts.workers} workers`, "in process, addon"],
    ["calls", whole(port.calls), `${whole(inProcess?.calls ?? 0)} until ${until}`],
    ["tokens verified by jose", verified(verdict), verified(inProcessVerdict)],
    ...facts.strikes.map((_, index) => accident(facts, index)),
    ["other failures", others(facts), `${whole(inProcess?.open ?? 0)} open calls, all calls after ${until}`],
    ["restarts", `${facts.restarts}, and ${facts.retired} replaced`, "nobody was left to restart it"],
    ["longest gap", duration(port.longestGap), `from ${until} on, for good`],
    [`p50 / p99 until ${until}`, both(facts.together), both(inProcess?.latency)],
    ["p50 / p99 of the whole run", both(port.latency), "–"],
    ["a call alone, sign", duration(facts.alone), `${duration(facts.inProcessAlone)}, asynchronous`],
  ]);
}

function verified(verdict: Verdict | undefined): string {
  const { verified, submitted, refused } = verdict ?? { verified: 0, submitted: 0, refused: {} };
  const reasons = Object.entries(refused).map(([reason, count]) => `\n${whole(count)}: ${reason}`);
  return `${whole(verified)} of ${whole(submitted)}${reasons.join("")}`;
}

/** What it cost: the call itself, and what failed of the traffic until the next accident. */
function accident({ strikes, port, end }: Facts, index: number): string[] {
  const strike = strikes[index];
  if (strike === undefined) return [];
  const { what, at, error, failedBefore } = strike;
  const failed = 1 + (strikes[index + 1]?.failedBefore ?? failures(port)) - failedBefore;
  return [
    `${what} at ${seconds(at)}`,
    `${whole(failed)} ${failed === 1 ? "call" : "calls"} failed, the others went on\n(${reasonOf(error)})`,
    what === "segfault" ? endInProcess(end) : "–",
  ];
}

function endInProcess({ signal, exitCode, handlers }: End): string {
  const how = signal === undefined ? `exit ${exitCode}` : `killed by ${signal} (exit ${exitCode})`;
  const ran = handlers.length === 0 ? "no handler ran" : `handlers that ran: ${handlers.join(", ")}`;
  return `${how}\n${ran}`;
}

function others({ port }: Facts): string {
  const reasons = Object.entries(port.failed).map(([reason, count]) => `${whole(count)}: ${reason}`);
  return reasons.length === 0 ? "none" : reasons.join("\n");
}

/** An error as `console.error(error)` prints it, under a heading. */
export function errorAsPrinted(heading: string, error: unknown, colors: boolean): string {
  return `${heading}\n\n${inspect(error, { colors }).replace(/^/gm, "  ")}`;
}

/** What was promised and did not hold; empty when all is well. */
export function broken({ port, verdict, strikes, retired, end }: Facts): string[] {
  const wrong: string[] = [];
  if (verdict.verified < verdict.submitted) {
    wrong.push(`${whole(verdict.submitted - verdict.verified)} tokens were not verified`);
  }
  if (failures(port) > 0) wrong.push(`${whole(failures(port))} calls failed that had no part in an accident`);
  if (strikes.length < ACCIDENTS) wrong.push(`only ${strikes.length} of ${ACCIDENTS} accidents happened`);
  if (retired === 0) wrong.push("the worker that hung was not replaced");
  if (end.signal !== "SIGSEGV")
    wrong.push(`the in-process side ended otherwise: ${endInProcess(end).replace("\n", ", ")}`);
  return wrong;
}

const ACCIDENTS = 3;

/** Three commands to go on with. @param program the port program of this demo, as one would type it */
export function howToGoOn(program: string): string {
  const commands = [
    ["  npx portreeve new my-port", "your own: a crate with a few functions, and a host that calls them"],
    [`  npx portreeve functions ${program}`, "what a port program can do"],
    [`  npx portreeve call ${program} sum '[1, 2, 3]'`, "one call, from the command line"],
  ];
  return `Go on in your own project:\n\n${table(commands)}`;
}
