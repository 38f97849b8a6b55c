/** Holds the contender of a host process: starts it, looks its jobs up once, and starts it again when it is beyond help. */

import type { Contender, JobId, Running } from "../contenders/contender.ts";
import { findContender } from "../contenders/find.ts";
import { JOBS } from "../contenders/jobs.ts";
import type { Subject } from "./load.ts";
import type { Started, Verified } from "./orders.ts";

/** The call that tells that a contender is there: the empty one, or the next best that it has. */
const SIGNS_OF_LIFE: readonly JobId[] = ["empty", "sum"];

export class Holder {
  #contender: Contender | undefined;
  #running: Running | undefined;
  #subjects = new Map<JobId, Subject>();

  get running(): Running {
    if (this.#running === undefined) throw new Error("no contender has been started");
    return this.#running;
  }

  /** From nothing that was loaded of it, to its first answer. */
  async start(id: string): Promise<Started> {
    const start = performance.now();
    this.#contender = await findContender(id);
    this.#running = await this.#contender.start();
    await this.call();
    return { ms: performance.now() - start };
  }

  /** Makes one short call. */
  async call(): Promise<void> {
    const found = SIGNS_OF_LIFE.find((id) => typeof this.running.job(id) === "function");
    const { job, input } = this.subject(found ?? "empty");
    await job(input);
  }

  /** What a caller does when one call after the other fails: a new one, and away with the old. */
  async startAgain(): Promise<void> {
    const old = this.running;
    this.#subjects.clear();
    this.#running = await this.#contender?.start();
    await old.stop();
  }

  /** Makes one call, and checks its answer; times it, so that the plan knows what a call takes. */
  async verify(id: JobId): Promise<Verified> {
    const found = this.running.job(id);
    if (typeof found !== "function") return found;
    const { input, check } = JOBS[id];
    const start = performance.now();
    const answer = found(input);
    const synchronous = !(answer instanceof Promise);
    check(await answer);
    this.#subjects.set(id, { job: found, input, synchronous });
    return { micros: (performance.now() - start) * 1000 };
  }

  /** @throws when the contender does not do that job */
  subject(id: JobId): Subject {
    const known = this.#subjects.get(id);
    if (known !== undefined) return known;
    const job = this.running.job(id);
    if (typeof job !== "function") throw new Error(job.without);
    const subject = { job, input: JOBS[id].input, synchronous: false };
    this.#subjects.set(id, subject);
    return subject;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }
}
