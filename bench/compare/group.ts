/**
 * A host and all that it started: one process group, stopped, continued and ended as one. A host that is not measured is
 * stopped, so that neither its timers, its garbage collector nor a program that spins for a while after a call takes
 * anything from the one that is.
 */

import { wakeWithoutUs } from "./waker.ts";

/** The part of `ChildProcess` that is used; it leads its group (`detached`). */
export interface Leader {
  readonly pid?: number | undefined;
}

export class Group {
  readonly #leader: Leader;
  #wasStopped = false;

  constructor(leader: Leader) {
    this.#leader = leader;
  }

  /** SIGSTOP: none of them runs, until they are continued or ended. */
  stop(): void {
    const { pid } = this.#leader;
    if (pid !== undefined && !this.#wasStopped) wakeWithoutUs(pid);
    this.#wasStopped = true;
    this.#signal("SIGSTOP");
  }

  /** Lets them go on. Their clocks went on meanwhile: what came due happens at once. */
  continue(): void {
    this.#signal("SIGCONT");
  }

  /** Ends all of them, the stopped ones as well. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#leader;
    // It could not be started.
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // ESRCH: nothing is left of the group.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
