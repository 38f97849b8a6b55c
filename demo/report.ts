/** What is printed at the end: the table, the two errors, how to go on. From facts to text, and nothing else. */

import { inspect } from "node:util";
import type { Verdict } from "./judge.ts";
import type { End } from "./neighbour.ts";
import type { Crash } from "./port-side.ts";
import { duration, table, whole } from "./table.ts";
import type { Latency, Snapshot } from "./tally.ts";
import { reasonOf } from "./traffic.ts";
import { both, failures, seconds } from "./view.ts";

/** All that is known at the end. */
export interface Facts {
  readonly workers: number;
  readonly port: Snapshot;
  readonly verdict: Verdict;
  readonly restarts: number;
  /** The calls that each took a worker with them. */
  readonly crashes: readonly Crash[];
  /** A call without other traffic, in ms. */
  readonly alone: number;
  /** Until the in-process side died: the time in which both had the same traffic. */
  readonly together: Latency | undefined;
  readonly inProcess: Snapshot | undefined;
  readonly inProcessVerdict: Verdict | undefined;
  readonly inProcessAlone: number;
  readonly end: End;
}

/** Both sides, one beside the other. */
export function summary(facts: Facts): string {
  const { port, verdict, inProcess, inProcessVerdict, end } = facts;
  return table([
    ["", `port, ${facts.workers} workers`, "in process, addon"],
    ["calls", whole(port.calls), whole(inProcess?.calls ?? 0)],
    ["tokens verified by jose", verified(verdict), verified(inProcessVerdict)],
    ["failed", failedInPort(facts), failedInProcess(facts)],
    ["one call alone", duration(facts.alone), `${duration(facts.inProcessAlone)} (asynchronous)`],
    [`p50 / p99 until ${seconds(end.at)}`, both(facts.together), both(inProcess?.latency)],
    ["p50 / p99 of all", both(port.latency), "–"],
    ["longest gap", duration(port.longestGap), `from ${seconds(end.at)} on, for good`],
    ["restarts", whole(facts.restarts), "nobody was left to restart it"],
    ["end", "closed, all workers reaped", endInProcess(end)],
  ]);
}

function verified(verdict: Verdict | undefined): string {
  const { verified, submitted, refused } = verdict ?? { verified: 0, submitted: 0, refused: {} };
  const reasons = Object.entries(refused).map(([reason, count]) => `\n${whole(count)}: ${reason}`);
  return `${whole(verified)} of ${whole(submitted)}${reasons.join("")}`;
}

function failedInPort({ port, crashes }: Facts): string {
  const struck = crashes.map(({ what, error }) => `\n${what}: ${reasonOf(error)}`);
  const others = Object.entries(port.failed).map(([reason, count]) => `\n${whole(count)} more: ${reason}`);
  const rest = others.length === 0 ? "\nall others went on" : others.join("");
  return `${whole(crashes.length + failures(port))}${struck.join("")}${rest}`;
}

function failedInProcess({ inProcess, end }: Facts): string {
  const open = inProcess?.open ?? 0;
  return `the ${whole(open)} that were open\nand every one after ${seconds(end.at)}`;
}

function endInProcess({ signal, exitCode, handlers }: End): string {
  const how = signal === undefined ? `exit ${exitCode}` : `killed by ${signal} (exit ${exitCode})`;
  const ran = handlers.length === 0 ? "no handler ran" : `handlers that ran: ${handlers.join(", ")}`;
  return `${how}\n${ran}`;
}

/** An error as `console.error(error)` prints it, under a heading. */
export function errorAsPrinted(heading: string, error: unknown, colors: boolean): string {
  return `${heading}\n\n${inspect(error, { colors }).replace(/^/gm, "  ")}\n`;
}

/** What was promised and did not hold; empty when all is well. */
export function broken({ port, verdict, crashes, end }: Facts): string[] {
  const wrong: string[] = [];
  if (verdict.verified < verdict.submitted) {
    wrong.push(`${whole(verdict.submitted - verdict.verified)} tokens were not verified`);
  }
  if (failures(port) > 0) wrong.push(`${whole(failures(port))} calls failed that had no part in an accident`);
  if (crashes.length < ACCIDENTS) wrong.push(`only ${crashes.length} of ${ACCIDENTS} accidents happened`);
  if (end.signal !== "SIGSEGV") wrong.push(`the in-process side ended otherwise: ${endInProcess(end)}`);
  return wrong;
}

const ACCIDENTS = 3;

export const HOW_TO_GO_ON = `Go on in your own project:

  npx portreeve new my-port                         a crate with a function, ready to build
  npx portreeve functions <program>                 what a port program can do
  npx portreeve call <program> <function> [args]    one call from the command line
`;
