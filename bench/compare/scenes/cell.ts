/**
 * Judges one cell of the crash matrix by what its host said, and by how the host ended.
 *
 * The innocent functions are pure, so they are marked `idempotent` where a contender knows such a mark and may repeat them.
 * How the columns are to be read: *lost* are innocent calls with an error, and, when the host is dead or frozen, without
 * an answer. *Hanging* are those that a living host had neither answer nor error for when patience ended. Being *back* is
 * the longest time without a right answer to anybody, from the accident to the end; a contender that goes on answering
 * all the while has a value of one call. A *leak* does nothing at once, so its innocents are expected to be answered: what
 * counts is how much of it the host and its processes still hold at the end.
 */

import type { AccidentId } from "../contenders/contender.ts";
import type { Accident } from "../results.ts";
import type { AccidentEvent, AccidentPlan } from "./plan.ts";
import type { HostEnd } from "./process.ts";

/** Lines of an error's text, and characters of each, that are kept. */
const LINES = 4;
const LINE_LENGTH = 300;
/** An answer that is older than this at the end was not the last of many: nobody is answered any more. */
const STALE_MS = 600;

type Call = Extract<AccidentEvent, { say: "call" }>;

/** @param leakedBytes of the whole cell, where its accident is the leak */
export function judge(
  plan: AccidentPlan,
  events: readonly AccidentEvent[],
  end: HostEnd,
  leakedBytes: number,
): Accident {
  const over = events.find((event) => event.say === "over");
  const calls = events.filter((event) => event.say === "call");
  const innocent = calls.filter(({ call }) => call < plan.innocents);
  const became = (what: Call["became"]) => innocent.filter((call) => call.became === what).length;
  const open = plan.innocents - innocent.length;
  return {
    contender: plan.contender,
    accident: plan.accident,
    hostAlive: over !== undefined,
    ...(over === undefined && { hostEnd: end.text }),
    inFlight: plan.innocents,
    lost: became("failed") + (over === undefined ? open : 0),
    wrong: became("wrong"),
    hanging: over === undefined ? 0 : open,
    ...afterwards(events, calls, over?.at),
    ...leak(plan.accident, events, leakedBytes),
    error: errorText(plan, events, end),
  };
}

/** When the accident's call came back, and for how long nobody was answered. */
function afterwards(
  events: readonly AccidentEvent[],
  calls: readonly Call[],
  over: number | undefined,
): Pick<Accident, "toldMs" | "backMs"> {
  const from = events.find((event) => event.say === "accident")?.at;
  const told = events.find((event) => event.say === "told")?.at;
  if (from === undefined) return {};
  const answers = calls.filter(({ at, became }) => at >= from && became === "right").map(({ at }) => at);
  const last = answers.at(-1);
  const isBack = over !== undefined && last !== undefined && over - last < STALE_MS;
  return {
    ...(told !== undefined && { toldMs: rounded(told - from) }),
    ...(isBack && { backMs: rounded(longestGap([from, ...answers])) }),
  };
}

function longestGap(times: readonly number[]): number {
  return times.reduce((longest, time, i) => Math.max(longest, time - (times[i - 1] ?? time)), 0);
}

function leak(
  accident: AccidentId,
  events: readonly AccidentEvent[],
  leakedBytes: number,
): Pick<Accident, "leak"> {
  const memory = events.filter((event) => event.say === "memory").map(({ bytes }) => bytes);
  const [before, after] = [memory[0], memory[1]];
  if (accident !== "leak" || before === undefined || after === undefined) return {};
  return { leak: { leakedBytes, heldBytes: after - before } };
}

function errorText(plan: AccidentPlan, events: readonly AccidentEvent[], end: HostEnd): string {
  const told = events.find((event) => event.say === "told");
  if (told !== undefined) return firstLines(told.text);
  if (events.some((event) => event.say === "over"))
    return `neither answer nor error within ${plan.limitMs} ms`;
  return lastWords(end.stderr) || "nothing";
}

/** What a process said before it ended, from the line on that names an error. */
export function lastWords(stderr: string): string {
  const from = stderr.split("\n").findIndex((line) => /error|panicked|fatal/i.test(line));
  return firstLines(from === -1 ? stderr : stderr.split("\n").slice(from).join("\n"));
}

/** The first lines that say something. */
export function firstLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "").slice(0, LINES);
  return said.map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line)).join("\n");
}

/** To µs: more digits would only make the results larger. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
