/**
 * The end of one worker: what it is killed for and when, and what is to be said of it afterwards. One that is killed for a
 * stuck call is asked first what that is doing.
 */

import { describeExit } from "../diagnose/diagnose.ts";
import type { ExitReason } from "../exit-reason.ts";
import { clearTimeout, monotonic, setTimeout } from "../timers.ts";
import type { Limits } from "../wire/hello.ts";
import type { KillReason } from "./kill-reason.ts";
import { exceeded } from "./limits.ts";
import { STUCK_GRACE } from "./stuck.ts";

/** How the process is ended. */
export interface Killing {
  /** Asks what a stuck call is doing, if there is one. @returns whether it was asked */
  ask(): boolean;
  kill(): void;
  /** It will be gone: no new calls. */
  lose(): void;
}

/** Signals that a terminal or a container sends to a whole group of processes; a program ignores them once it runs. */
const GROUP_SIGNALS: ReadonlySet<string> = new Set([
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
]);

export class WorkerEnd {
  /** How it ended, once it has. */
  reason: ExitReason | undefined;
  /** What it sent that cannot be understood. */
  fault: Error | undefined;
  readonly #killing: Killing;
  /** Why it was ended, when it did not end by itself. */
  #killReason: KillReason | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  /** When it is killed, in ms of the monotonic clock. */
  #killAt = Number.POSITIVE_INFINITY;
  /** It was asked what a call is doing, and is killed when this is over. */
  #stuckTimer: NodeJS.Timeout | undefined;

  constructor(killing: Killing) {
    this.#killing = killing;
  }

  /** It is ended already, or will be. */
  get isNear(): boolean {
    return this.reason !== undefined || this.#killReason !== undefined;
  }

  /** It ended by a signal that may have been for the whole process group, and not by us. */
  get isByGroup(): boolean {
    const signal = this.reason?.signal ?? undefined;
    return this.#killReason === undefined && signal !== undefined && GROUP_SIGNALS.has(signal);
  }

  /** Why it was killed, in words; undefined when it was not. */
  get killText(): string | undefined {
    return this.#killReason?.text;
  }

  /** Ends it in `ms`, unless it is ended sooner. */
  killIn(ms: number, reason: KillReason): void {
    const at = monotonic() + ms;
    if (at >= this.#killAt || this.reason !== undefined) return;
    this.#killAt = at;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.kill(reason), ms).unref();
  }

  /** Ends it: at once, or when it has said what its stuck call was doing. */
  kill(reason: KillReason): void {
    if (this.isNear) return;
    this.#killReason = reason;
    if (reason.isStuck === true && this.#killing.ask())
      this.#stuckTimer = setTimeout(() => this.#killing.kill(), STUCK_GRACE).unref();
    else this.#killing.kill();
    this.#killing.lose();
  }

  /** Ends it at once, also while it is asked. */
  killNow(reason: KillReason): void {
    if (this.#stuckTimer === undefined) this.kill(reason);
    else this.#killing.kill();
  }

  /** It has ended. */
  ended(reason: ExitReason): void {
    this.reason = reason;
    clearTimeout(this.#killTimer);
    clearTimeout(this.#stuckTimer);
  }

  /** Why its port decided to end it; undefined when it ended by itself, or for what it did. */
  get decision(): string | undefined {
    return this.fault === undefined && this.#isKilled ? this.#killReason?.decision : undefined;
  }

  /** It ended by a signal from here. By any other way it ended by itself, a moment before that. */
  get #isKilled(): boolean {
    const signal = this.reason?.signal;
    // SIGABRT: the question reached no handler.
    return signal === "SIGKILL" || (signal === "SIGABRT" && this.#stuckTimer !== undefined);
  }

  /** What became of it, in words. @param isPartial it ended in the middle of a frame */
  describe(limits: Limits | undefined, stderr: string, isPartial: boolean): string {
    if (this.fault !== undefined) return `broke the protocol: ${this.fault.message}`;
    const { reason } = this;
    if (this.#killReason !== undefined && (reason === undefined || this.#isKilled))
      return this.#killReason.text;
    const end =
      exceeded(limits, { signal: reason?.signal, stderr }) ??
      describeExit(reason ?? { exitCode: null, signal: null });
    return isPartial ? `${end} in the middle of a frame` : end;
  }
}
