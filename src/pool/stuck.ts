/** Calls that are stuck: before its worker is killed a program is asked what such a call is doing. Pure. */

import type { Call } from "../calls/call.ts";
import type { Retirement } from "./kill-reason.ts";

/** How long a program may take to say it, in ms. It is killed then all the same. */
export const STUCK_GRACE = 500;

/**
 * Whether a program can be asked: by a signal that reaches itself and no command around it, where one of its threads can
 * be chosen for it.
 */
export function canBeAsked(wrap: readonly string[] | undefined): boolean {
  return process.platform === "linux" && (wrap === undefined || wrap.length === 0);
}

/**
 * Which call is asked for: the one that ignored its cancel, else the one that has been running for the longest.
 * @param running those that a thread runs
 * @param retirement why the worker goes, if it does: the call that ignored its cancel
 * @returns its Id; undefined when none runs
 */
export function stuckId(
  running: readonly (Call | undefined)[],
  retirement: Retirement | undefined,
): number | undefined {
  const calls = running.filter((call) => call !== undefined);
  const ignored = retirement?.kind === "ignored" ? retirement.id : undefined;
  if (ignored !== undefined && calls.some(({ id }) => id === ignored)) return ignored;
  return calls.toSorted((a, b) => a.order - b.order)[0]?.id;
}

/** Functions of Rust's own libraries, and what has no name. */
const NOT_THEIRS = /^(?:<?(?:std|core|alloc)::|0x)/;

/**
 * In which function it was, and from which of the program's own.
 * @param backtrace innermost first, `name (file:line)` or an address
 * @returns undefined when none has a name
 */
export function whereStuck(backtrace: readonly string[]): string | undefined {
  const theirs = backtrace.findIndex((line) => !NOT_THEIRS.test(line));
  const called = backtrace.slice(0, Math.max(theirs, 0)).findLast((line) => !line.startsWith("0x"));
  if (theirs === -1) return backtrace.find((line) => !line.startsWith("0x"));
  return called === undefined ? backtrace[theirs] : `${called}, from ${backtrace[theirs]}`;
}
