/** A worker that makes this process hold too much: its output is not read until it has read, and it has a time for that. */

import type { Settings } from "../options/settings.ts";
import { clearTimeout, setTimeout } from "../timers.ts";
import type { Held } from "../wire/channel.ts";
import { type KillReason, misbehaved } from "./kill-reason.ts";

/** How long a program without a heartbeat may make its host hold too much, in ms. */
const HELD_GRACE = 15_000;

export class HeldWatch {
  /** Its output is not read. */
  isHeld = false;
  /** How often that began or ended. */
  changes = 0;
  readonly #settings: Settings;
  readonly #held: () => Held;
  readonly #kill: (reason: KillReason) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param held what it makes this process hold @param kill it has read nothing for too long */
  constructor(settings: Settings, held: () => Held, kill: (reason: KillReason) => void) {
    this.#settings = settings;
    this.#held = held;
    this.#kill = kill;
  }

  /** Its output is read again, or no longer. */
  change(isRead: boolean): void {
    this.isHeld = !isRead;
    this.changes += 1;
    this.stop();
    if (!isRead) this.#watch();
  }

  /** It has read something: it gets its time anew. */
  drained(): void {
    if (this.isHeld) this.#watch();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #watch(): void {
    this.stop();
    const grace = this.#settings.heartbeat?.timeout ?? HELD_GRACE;
    this.#timer = setTimeout(() => this.#kill(misbehaved(this.#describe(grace))), grace).unref();
  }

  #describe(ms: number): string {
    const { owed, unanswered, calls, unread } = this.#held();
    const { maxHeldBytes } = this.#settings;
    const parts = [
      `${owed} bytes that it asked for and did not read`,
      `${unanswered} of ${calls} calls that no handler has answered`,
      `${unread} of unfinished messages`,
    ];
    return `made its host hold more than ${maxHeldBytes} bytes (maxHeldBytes) and read nothing for ${ms} ms: ${parts.join(", ")}`;
  }
}
