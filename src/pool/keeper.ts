/**
 * A place among a port's workers: it always tries to have one that runs. A dead worker is restarted, at once the first
 * time and after a wait from the second time on; one that retires is replaced without a wait and works its calls off
 * beside its successor.
 */

import { PortClosedError } from "../errors.ts";
import type { SpawnTrace } from "../metrics/channels.ts";
import type { Settings } from "../options/settings.ts";
import { reasonOf } from "../reason.ts";
import { Backoff } from "../restart/backoff.ts";
import { clearTimeout, monotonic, setTimeout } from "../timers.ts";
import type { Worker } from "./worker.ts";

/** What a keeper asks and tells its port. */
export interface KeeperOwner {
  /** A worker for this index, not started yet. @param settings default: those of the port at this moment */
  createWorker(index: number, settings?: Settings): Worker;
  /**
   * Counts a restart.
   * @param at when its worker died, in ms of the monotonic clock
   * @returns false when it is one too many: it stays empty until `fill`
   */
  mayRestart(keeper: WorkerKeeper, reason: string, at: number): boolean;
  /** A restart is due in `delay` ms. */
  restarting(index: number, reason: string, delay: number): void;
  /** A worker could not start; nothing of it is left. */
  notStarted(worker: Worker): void;
  /** A new worker takes calls. */
  ready(worker: Worker): void;
}

/** How often a worker is started that signals to its process group end before it runs. */
const MOST_STARTS = 3;

export class WorkerKeeper {
  readonly index: number;
  /** The worker that calls go to, or that is being started. */
  worker: Worker | undefined;
  /** Restarts so far. */
  restarts = 0;
  readonly #settings: Settings;
  readonly #owner: KeeperOwner;
  readonly #backoff: Backoff;
  #timer: NodeJS.Timeout | undefined;
  /** The death that the next start follows. */
  #death: SpawnTrace["restart"];
  #isClosed = false;
  /** Renewals, one at a time: the last one that was asked for is the one that holds. */
  #renewals: Promise<unknown> = Promise.resolve();

  constructor(index: number, settings: Settings, owner: KeeperOwner) {
    this.index = index;
    this.#settings = settings;
    this.#owner = owner;
    this.#backoff = new Backoff(settings.backoff);
  }

  /** No worker, and none is due. */
  get isEmpty(): boolean {
    return this.worker === undefined && this.#timer === undefined;
  }

  /**
   * Starts a worker.
   * @param attempt which one of this start, from 1
   * @throws SpawnError, HandshakeError
   */
  async start(attempt = 1): Promise<void> {
    const worker = this.#owner.createWorker(this.index);
    this.worker = worker;
    const death = this.#death;
    this.#death = undefined;
    try {
      await worker.start(death);
    } catch (error) {
      this.#owner.notStarted(worker);
      // Meanwhile a renewal can have put another one here, and have ended this one.
      if (this.worker !== worker) return;
      this.worker = undefined;
      if (this.#mayStartAgain(worker, attempt)) return this.start(attempt + 1);
      throw error;
    }
    this.#owner.ready(worker);
  }

  /** Between exec(2) and its first instruction of ours a program has no say in what a signal to its group does to it. */
  #mayStartAgain(worker: Worker, attempt: number): boolean {
    return worker.wasInterrupted && attempt < MOST_STARTS && !this.#isClosed;
  }

  /** Starts a worker where there is none and none is due; its failure counts as a death. */
  fill(): void {
    if (this.#isClosed || !this.isEmpty) return;
    this.start().catch((error: unknown) => {
      if (!this.#isClosed) this.#restart(reasonOf(error), monotonic());
    });
  }

  /**
   * Starts a successor, and only when that is ready lets the present worker go.
   * @param settingsOf of the successor, asked for when it is started
   * @param only the worker that is to be replaced: nothing happens when it is not here any more. Default: whoever is here
   * @returns the worker that is to retire, if there still is one
   * @throws SpawnError, HandshakeError; the present worker goes on. PortClosedError when the port is being closed
   */
  renew(settingsOf: () => Settings, only?: Worker): Promise<Worker | undefined> {
    const renewed = this.#renewals.then(() =>
      only === undefined || this.worker === only ? this.#renew(settingsOf()) : undefined,
    );
    this.#renewals = renewed.catch(() => {});
    return renewed;
  }

  async #renew(settings: Settings, attempt = 1): Promise<Worker | undefined> {
    const next = this.#isClosed ? undefined : this.#owner.createWorker(this.index, settings);
    try {
      await next?.start();
    } catch (error) {
      if (next === undefined) throw error;
      this.#owner.notStarted(next);
      if (this.#mayStartAgain(next, attempt)) return this.#renew(settings, attempt + 1);
      if (!this.#isClosed) throw error;
    }
    if (next === undefined || this.#isClosed)
      throw new PortClosedError("the port was closed before all workers were replaced");
    const previous = this.worker;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#death = undefined;
    this.worker = next;
    this.#owner.ready(next);
    return previous;
  }

  /** Its worker retires: the successor starts at once. */
  fillAfter(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.fill();
  }

  /** Its worker died. @param reason of what @param at when, in ms of the monotonic clock */
  restartAfter(worker: Worker, reason: string, at: number): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    if (this.#isClosed) return;
    if (monotonic() - worker.readyAt >= this.#settings.period) this.#backoff.reset();
    this.#restart(reason, at);
  }

  /** Starts no more workers. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #restart(reason: string, at: number): void {
    if (!this.#owner.mayRestart(this, reason, at)) return;
    const delay = this.#backoff.next();
    this.restarts += 1;
    this.#death = { reason, delay, at: monotonic() };
    this.#owner.restarting(this.index, reason, delay);
    if (delay === 0) {
      this.fill();
      return;
    }
    // The port keeps Node alive while a call waits; a restart alone does not.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.fill();
    }, delay).unref();
  }
}
