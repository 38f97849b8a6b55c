/** Planned changes of workers: each goes only when its successor is ready, so that no call is lost. */

import { PortClosedError } from "../errors.ts";
import type { Settings } from "../options/settings.ts";
import { reasonOf } from "../reason.ts";
import type { WorkerKeeper } from "./keeper.ts";
import type { PoolObserver } from "./observer.ts";
import type { Worker } from "./worker.ts";

/** The pool, as far as it is needed here. */
interface Renewed {
  /** Of workers that are started from now on. */
  settings: Settings;
  readonly keepers: readonly WorkerKeeper[];
  retire(worker: Worker, why: string, drain?: number): void;
}

export class Renewals {
  readonly #pool: Renewed;
  readonly #observer: PoolObserver;
  /** One at a time, in the order in which they were asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(pool: Renewed, observer: PoolObserver) {
    this.#pool = pool;
    this.#observer = observer;
  }

  /**
   * Replaces all workers, one after the other, each by one that is ready before it has to go. What was asked for before
   * is done before.
   * @param path of the program from now on; undefined for the one that holds when its turn comes
   * @param why goes on after "it", as the reason of what is retired
   * @param drain ms for what the old ones still have; undefined for the port's
   * @throws SpawnError, HandshakeError: workers that were not replaced yet go on. The new path holds as soon as one worker
   *   of it is ready. PortClosedError when the port is closed
   */
  all(path: string | undefined, why: string, drain: number | undefined): Promise<void> {
    const renewed = this.#last.then(() => this.#all(path ?? this.#pool.settings.path, why, drain));
    this.#last = renewed.catch(() => {});
    return renewed;
  }

  async #all(path: string, why: string, drain: number | undefined): Promise<void> {
    const settings = { ...this.#pool.settings, path };
    for (const keeper of this.#pool.keepers) {
      const previous = await keeper.renew(() => settings);
      this.#pool.settings = settings;
      if (previous !== undefined) this.#pool.retire(previous, why, drain);
    }
  }

  /** Replaces a worker with which nothing is wrong; when that fails it goes on. @returns whether it could */
  async one(worker: Worker, reason: string): Promise<boolean> {
    try {
      const previous = await this.#pool.keepers[worker.index]?.renew(() => this.#pool.settings, worker);
      if (previous !== undefined) this.#pool.retire(previous, reason);
      return true;
    } catch (error) {
      if (error instanceof PortClosedError) return true;
      const message = `worker ${worker.index} could not be replaced: ${reasonOf(error)}`;
      this.#observer.log({ level: "warn", target: "portreeve", message, fields: {} });
      return false;
    }
  }
}
