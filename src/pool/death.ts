/**
 * A worker's end, and what it means for each call that it had, from what the black box says. The states are written by
 * rust-port/portreeve/src/blackbox.rs; the errors are lost-call.ts.
 */

import { constants } from "node:os";
import type { Call } from "../calls/call.ts";
import type { Culprit } from "../errors.ts";
import type { BoxReading } from "../process/blackbox.ts";
import { hex, symbolize } from "../process/symbolize.ts";
import { monotonic } from "../timers.ts";
import type { Ending } from "./ending.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { whereStuck } from "./stuck.ts";

/** How a program ends that received a frame which is none (rust-port/portreeve/src/sys/exit.rs, docs/protocol.md). */
const BAD_FRAME = 76;

/** When a call was to blame for a death: few calls ever are, so that they need no place for it. */
const blamedAt = new WeakMap<Call, readonly number[]>();

export class Death {
  readonly ending: Ending;
  /** The call whose thread took the signal. */
  readonly culprit: Call | undefined;
  /** The call that was stuck, and told before its worker was killed what it was doing. */
  readonly stuck: Call | undefined;
  /** It ended of one frame: its call has its error already, or is this one. */
  readonly unreadable: { readonly name: string; readonly call: Call | undefined } | undefined;
  /** When, in ms of the monotonic clock. */
  readonly at = monotonic();
  /** What becomes of each call that it had. */
  readonly outcomes: ReadonlyMap<Call, Outcome>;
  readonly #box: BoxReading | undefined;
  readonly #calls: readonly Call[];
  #backtrace: readonly string[] | undefined;
  #explained: Promise<void> | undefined;

  constructor(ending: Ending, calls: readonly Call[], box: BoxReading | undefined) {
    this.ending = ending;
    this.#calls = calls;
    this.#box = box;
    const id = box?.crash?.id ?? 0;
    const call = id === 0 ? undefined : calls.find((call) => call.id === id);
    this.culprit = box?.crash?.isStuck === true ? undefined : call;
    this.stuck = box?.crash?.isStuck === true ? call : undefined;
    this.unreadable = ending.exitCode === BAD_FRAME ? this.#findUnreadable() : undefined;
    this.outcomes = this.#decide();
  }

  /** The program said which it was; of one that cannot say so the only call that is unanswered, if it had not begun. */
  #findUnreadable() {
    const { unreadable: name } = this.ending;
    if (name !== undefined) return { name, call: undefined };
    const [call] = this.#calls;
    if (call === undefined || this.#calls.length > 1) return undefined;
    const hasBegun = this.#box !== undefined && this.#began(call);
    return hasBegun ? undefined : { name: call.name, call };
  }

  /** One call is to blame, and has its error: the death counts against nobody else, and no limit of restarts. */
  get isOfOneFrame(): boolean {
    return this.unreadable !== undefined;
  }

  /** Whether the function of this call began in this life; without a box every call counts as begun. */
  #began(call: Call): boolean {
    return this.#box?.stateOf(call.id) !== "never";
  }

  /** Decides on every call, and counts the deaths that it was to blame for. */
  #decide(): ReadonlyMap<Call, Outcome> {
    const begun = this.#calls.filter((call) => this.#began(call));
    for (const call of begun) call.hasBegun = true;
    this.#blame(begun);
    return new Map(this.#calls.map((call) => [call, this.#outcome(call)] as const));
  }

  /** For an end that was the port's decision no call is to blame. */
  #blame(begun: readonly Call[]): void {
    const blamed = this.culprit ?? (begun.length === 1 ? begun[0] : undefined);
    if (blamed === undefined || this.isOfOneFrame || this.ending.decision !== undefined) return;
    blamed.deaths += 1;
    blamedAt.set(blamed, [...(blamedAt.get(blamed) ?? []), this.at]);
  }

  #outcome(call: Call): Outcome {
    if (call === this.unreadable?.call) return "unreadable";
    if (this.isOfOneFrame) call.attempts -= 1;
    const { attempts, deaths, hasBegun: began } = call;
    const { isBound, idempotent } = call.traits;
    return outcomeOf({ began, isBound, idempotent, attempts, deaths });
  }

  /** The calls of it that are not tried again, for this was not the first worker that died of them. */
  get poison(): readonly Call[] {
    return this.#calls.filter((call) => this.outcomes.get(call) === "poison");
  }

  /** When its poisonous calls were to blame for a death. */
  suspicions(): readonly number[] {
    return this.poison.flatMap((call) => blamedAt.get(call) ?? []);
  }

  /** Looks up the names of the functions in which it crashed or was stuck, where it is known who did. Never rejects. */
  explain(): Promise<void> {
    this.#explained ??= this.#explain();
    return this.#explained;
  }

  async #explain(): Promise<void> {
    const crash = this.#box?.crash;
    const call = this.culprit ?? this.stuck;
    if (crash === undefined || call === undefined) return;
    const trace = { pc: crash.pc, returns: crash.backtrace };
    try {
      this.#backtrace = await symbolize(this.ending.program, call.name, trace);
    } catch {
      // The addresses stay as they are: whatever goes wrong with their names, the call waits for its error.
    }
  }

  /** `; it was in …`, with the name of the call that was stuck; empty when none was. */
  get whereStuck(): string {
    const where = this.stuck === undefined ? undefined : whereStuck(this.report?.backtrace ?? []);
    return where === undefined ? "" : `; \`${this.stuck?.name}\` was in ${where}`;
  }

  /** What the program said of an abort before it; empty for none. */
  get words(): string {
    return this.#box?.crash?.words ?? "";
  }

  /** Who brought it down, and where that was. */
  get report(): Culprit | undefined {
    const crash = this.#box?.crash;
    const call = this.culprit ?? this.stuck;
    if (crash === undefined || call === undefined) return undefined;
    return {
      function: call.name,
      signal: crash.isStuck ? undefined : signalName(crash.signal),
      // A signal that somebody sent (si_code of sigaction(2) is not positive) has a sender there, and no address.
      address: crash.code > 0 ? hex(crash.address) : undefined,
      ...(crash.isStackOverflow ? { isStackOverflow: true } : {}),
      ...(crash.isStuck ? { isStuck: true } : {}),
      backtrace: this.#backtrace ?? [crash.pc, ...crash.backtrace].map(hex),
    };
  }
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}
