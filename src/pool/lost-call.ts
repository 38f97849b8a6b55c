/** The error of a call that was lost with its worker: what became of that, and what the call has to do with it. */

import type { Call } from "../calls/call.ts";
import { type PortError, PortExitError, ProtocolError } from "../errors.ts";
import { printable } from "../printable.ts";
import type { Death } from "./death.ts";
import { exitInfoOf } from "./ending.ts";
import type { Outcome } from "./outcome.ts";

/** Lines on stderr that follow the reason: portreeve's own, and a backtrace of Rust. */
const REPORT = /^(?:portreeve: |stack backtrace:|note: |\s)/;
/** Characters of its last line on stderr that a message takes over. */
const LAST_WORDS = 200;

/** @returns PortExitError; ProtocolError when the worker broke the protocol, or could not read the call's frame */
export function lostCall(death: Death, call: Call): PortError {
  const { ending, culprit, report } = death;
  const outcome = death.outcomes.get(call) ?? "fail";
  const { name, hasBegun: began, attempts } = call;
  const who = `(worker ${ending.worker}, pid ${ending.pid})`;
  const message = `${name}: ${becameOf(death, call, outcome)}${death.whereStuck} ${who}`;
  if (ending.fault !== undefined || outcome === "unreadable")
    return new ProtocolError(message, { function: name, cause: ending.fault, began });
  const fault = call === culprit || outcome === "poison" ? "function" : "service";
  return new PortExitError(message, {
    ...exitInfoOf(ending),
    function: name,
    fault,
    began,
    attempts,
    culprit: report,
  });
}

function becameOf(death: Death, call: Call, outcome: Outcome): string {
  const { text, decision } = death.ending;
  if (outcome === "poison")
    return `its worker ${text} for the ${ordinal(call.deaths)} time with this call: it is not tried again`;
  if (outcome === "exhausted")
    return `its worker ${text} before the call began, ${call.attempts} times in a row; it is safe to repeat`;
  if (outcome === "unreadable")
    return `its worker ${text}, as for a frame that it cannot read, and had no other call: it is not sent again`;
  const when = call.hasBegun ? "before it answered" : "before the call began; it is safe to repeat";
  if (decision !== undefined) return `its worker was ended ${when}: ${decision}`;
  return whoseDeath(death, call, when);
}

function whoseDeath(death: Death, call: Call, when: string): string {
  const { ending, unreadable, culprit } = death;
  const { text } = ending;
  if (unreadable !== undefined)
    return `its worker ${text} because it could not read the frame of a call of ${unreadable.name}, ${when}`;
  if (call === culprit) return `it crashed its worker, which ${text}${place(death)}${lastWords(death)}`;
  if (culprit !== undefined) return `its worker ${text} because ${culprit.name} crashed, ${when}`;
  return `its worker ${text} ${when}`;
}

function place({ report }: Death): string {
  const { address, isStackOverflow = false } = report ?? {};
  const at = address === undefined ? "" : ` at address ${address}`;
  return isStackOverflow ? `${at}: the stack overflowed` : at;
}

/** What calls abort(3) says why before: an allocation that failed, a heap that is broken, a panic in a panic. */
function lastWords({ words, ending }: Death): string {
  if (words !== "") return `: ${printable(words)}`;
  const last = ending.stderr.split("\n").findLast((line) => line !== "" && !REPORT.test(line));
  return ending.signal !== "SIGABRT" || last === undefined ? "" : `: ${printable(last.slice(0, LAST_WORDS))}`;
}

function ordinal(count: number): string {
  const ending = count % 100 > 10 && count % 100 < 14 ? undefined : ["st", "nd", "rd"][(count % 10) - 1];
  return `${count}${ending ?? "th"}`;
}
