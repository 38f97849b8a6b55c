/** Whether a worker is alive: by what it sends, by the ticks in its black box, and by reading what it asked for. */

import type { Settings } from "../options/settings.ts";
import type { Channel } from "../wire/channel.ts";
import { Heartbeat, type HeartbeatTarget } from "./heartbeat.ts";
import { HeldWatch } from "./held.ts";
import { type KillReason, unresponsive } from "./kill-reason.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** So many bytes of an unfinished frame are a sign of life. */
const PROGRESS_BYTES = 4096;

export class SignsOfLife implements HeartbeatTarget {
  readonly held: HeldWatch;
  readonly #channel: Channel;
  readonly #process: WorkerProcess;
  readonly #kill: (reason: KillReason) => void;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #timeout: number | undefined;

  /** @param kill it gives none any more */
  constructor(
    settings: Settings,
    channel: Channel,
    process: WorkerProcess,
    kill: (reason: KillReason) => void,
  ) {
    const { heartbeat } = settings;
    this.#channel = channel;
    this.#process = process;
    this.#kill = kill;
    this.#timeout = heartbeat?.timeout;
    this.held = new HeldWatch(settings, () => channel.held, kill);
    if (heartbeat !== undefined) this.#heartbeat = new Heartbeat(heartbeat, this);
  }

  /** It is ready, and looked at from now on. */
  start(): void {
    this.#heartbeat?.start();
  }

  stop(): void {
    this.#heartbeat?.stop();
  }

  /**
   * In the middle of a frame a living program is not enough. Of its own frame the rest has to come, and more of it than
   * answers to pings, which may fall into it; and when it waits for the rest of one that this process has sent, all that
   * it gets is taken for that.
   */
  activity(): number {
    const { received, isPartial } = this.#channel.inbox;
    if (isPartial) return Math.floor(received / PROGRESS_BYTES) + this.held.changes;
    const life = received + this.held.changes;
    const { isInside, tick } = this.#process;
    return this.#channel.outbox.writer.isSent && isInside ? life : life + tick;
  }

  ping(): void {
    this.#channel.outbox.ping();
  }

  unresponsive(ms: number): void {
    // What it says is not read: it cannot give a sign.
    if (this.held.isHeld) return;
    this.#kill(unresponsive(ms, this.#timeout));
  }
}
