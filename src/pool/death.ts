/**
 * What a death means for each call that the worker had: pure, from what the black box says. The states are written by
 * rust-port/portreeve/src/blackbox.rs.
 */

import { constants } from "node:os";
import type { Call } from "../calls/call.ts";
import { type Culprit, type PortError, PortExitError, ProtocolError } from "../errors.ts";
import { printable } from "../printable.ts";
import type { BoxReading } from "../process/blackbox.ts";
import { hex, symbolize } from "../process/symbolize.ts";
import { monotonic } from "../timers.ts";
import { whereStuck } from "./stuck.ts";
import type { Worker } from "./worker.ts";

/** A call that never began is sent no more often than this. */
const MOST_SENDS = 3;
/** A call that was there in so many deaths, alone or as the culprit, is not tried again. */
const MOST_DEATHS = 2;

/** Lines on stderr that follow the reason: portreeve's own, and a backtrace of Rust. */
const REPORT = /^(?:portreeve: |stack backtrace:|note: |\s)/;
/** Characters of its last line on stderr that a message takes over. */
const LAST_WORDS = 200;

/**
 * `resend`: it never began. `repeat`: it began and may run twice. `poison`: it kills whoever runs it. `unreadable`: its
 * frame is what the program ended of.
 */
export type Outcome = "resend" | "repeat" | "fail" | "exhausted" | "poison" | "unreadable";

/** How a program ends that received a frame which is none (rust-port/portreeve/src/sys/exit.rs, docs/protocol.md). */
const BAD_FRAME = 76;

/** What is known of a call at a death. */
export interface Circumstances {
  /** In this life or an earlier one. */
  readonly began: boolean;
  /** It was meant for this worker alone. */
  readonly isBound: boolean;
  readonly idempotent: boolean;
  /** How often it was sent. */
  readonly attempts: number;
  /** Deaths, this one included, in which it was the culprit or ran alone. */
  readonly deaths: number;
}

export function outcomeOf({ began, isBound, idempotent, attempts, deaths }: Circumstances): Outcome {
  if (isBound) return "fail";
  if (!began) return attempts < MOST_SENDS ? "resend" : "exhausted";
  if (!idempotent) return "fail";
  if (deaths >= MOST_DEATHS) return "poison";
  return attempts < MOST_SENDS ? "repeat" : "fail";
}

/** When a call was to blame for a death: few calls ever are, so that they need no place for it. */
const blamedAt = new WeakMap<Call, readonly number[]>();

/** A worker's end, and what it left behind. */
export class Death {
  readonly worker: Worker;
  /** The call whose thread took the signal. */
  readonly culprit: Call | undefined;
  /** The call that was stuck, and told before its worker was killed what it was doing. */
  readonly stuck: Call | undefined;
  readonly #box: BoxReading | undefined;
  readonly #calls: readonly Call[];
  /** It ended of one frame: its call has its error already, or is this one. */
  readonly #unreadable: { readonly name: string; readonly call: Call | undefined } | undefined;
  #backtrace: readonly string[] | undefined;
  #explained: Promise<void> | undefined;
  /** When, in ms of the monotonic clock. */
  readonly at = monotonic();
  /** What becomes of each call that it had. */
  readonly outcomes: ReadonlyMap<Call, Outcome>;

  constructor(worker: Worker, calls: readonly Call[], box: BoxReading | undefined) {
    this.worker = worker;
    this.#calls = calls;
    this.#box = box;
    const id = box?.crash?.id ?? 0;
    const call = id === 0 ? undefined : calls.find((call) => call.id === id);
    this.culprit = box?.crash?.isStuck === true ? undefined : call;
    this.stuck = box?.crash?.isStuck === true ? call : undefined;
    this.#unreadable = worker.reason?.exitCode === BAD_FRAME ? this.#findUnreadable() : undefined;
    this.outcomes = this.#decide();
  }

  /** The program said which it was; of one that cannot say so the only call that is unanswered, if it had not begun. */
  #findUnreadable() {
    const { unreadable: name } = this.worker;
    if (name !== undefined) return { name, call: undefined };
    const [call] = this.#calls;
    if (call === undefined || this.#calls.length > 1) return undefined;
    const hasBegun = this.#box !== undefined && this.#began(call);
    return hasBegun ? undefined : { name: call.name, call };
  }

  /** One call is to blame, and has its error: the death counts against nobody else, and no limit of restarts. */
  get isOfOneFrame(): boolean {
    return this.#unreadable !== undefined;
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
    if (blamed === undefined || this.isOfOneFrame || this.worker.decision !== undefined) return;
    blamed.deaths += 1;
    blamedAt.set(blamed, [...(blamedAt.get(blamed) ?? []), this.at]);
  }

  #outcome(call: Call): Outcome {
    if (call === this.#unreadable?.call) return "unreadable";
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
      this.#backtrace = await symbolize(this.worker.program, call.name, trace);
    } catch {
      // The addresses stay as they are: whatever goes wrong with their names, the call waits for its error.
    }
  }

  /** The error of a call that was lost with the worker. */
  error(call: Call): PortError {
    const { worker } = this;
    const outcome = this.outcomes.get(call) ?? "fail";
    const message = `${call.name}: ${this.#describe(call, outcome)}`;
    if (worker.fault !== undefined || outcome === "unreadable")
      return new ProtocolError(message, {
        function: call.name,
        cause: worker.fault,
        began: call.hasBegun,
      });
    return new PortExitError(message, {
      ...worker.endFacts(),
      function: call.name,
      fault: call === this.culprit || outcome === "poison" ? "function" : "service",
      began: call.hasBegun,
      attempts: call.attempts,
      culprit: this.report,
    });
  }

  #describe(call: Call, outcome: Outcome): string {
    const { worker } = this;
    return `${this.#becameOf(call, outcome)}${this.whereStuck} (worker ${worker.index}, pid ${worker.pid})`;
  }

  /** `; it was in …`, with the name of the call that was stuck; empty when none was. */
  get whereStuck(): string {
    const where = this.stuck === undefined ? undefined : whereStuck(this.report?.backtrace ?? []);
    return where === undefined ? "" : `; \`${this.stuck?.name}\` was in ${where}`;
  }

  #becameOf(call: Call, outcome: Outcome): string {
    const { worker } = this;
    const end = worker.describeEnd();
    if (outcome === "poison")
      return `its worker ${end} for the ${ordinal(call.deaths)} time with this call: it is not tried again`;
    if (outcome === "exhausted")
      return `its worker ${end} before the call began, ${call.attempts} times in a row; it is safe to repeat`;
    if (outcome === "unreadable")
      return `its worker ${end}, as for a frame that it cannot read, and had no other call: it is not sent again`;
    const when = call.hasBegun ? "before it answered" : "before the call began; it is safe to repeat";
    if (worker.decision !== undefined) return `its worker was ended ${when}: ${worker.decision}`;
    if (this.#unreadable !== undefined)
      return `its worker ${end} because it could not read the frame of a call of ${this.#unreadable.name}, ${when}`;
    if (call === this.culprit)
      return `it crashed its worker, which ${end}${this.#place()}${this.#lastWords()}`;
    if (this.culprit !== undefined) return `its worker ${end} because ${this.culprit.name} crashed, ${when}`;
    return `its worker ${end} ${when}`;
  }

  #place(): string {
    const { address, isStackOverflow = false } = this.report ?? {};
    const place = address === undefined ? "" : ` at address ${address}`;
    return isStackOverflow ? `${place}: the stack overflowed` : place;
  }

  /** What calls abort(3) says why before: an allocation that failed, a heap that is broken, a panic in a panic. */
  #lastWords(): string {
    const { words = "" } = this.#box?.crash ?? {};
    if (words !== "") return `: ${printable(words)}`;
    const { signal, stderr = "" } = this.worker.endFacts();
    const last = stderr.split("\n").findLast((line) => line !== "" && !REPORT.test(line));
    return signal !== "SIGABRT" || last === undefined ? "" : `: ${printable(last.slice(0, LAST_WORDS))}`;
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

function ordinal(count: number): string {
  const ending = count % 100 > 10 && count % 100 < 14 ? undefined : ["st", "nd", "rd"][(count % 10) - 1];
  return `${count}${ending ?? "th"}`;
}
