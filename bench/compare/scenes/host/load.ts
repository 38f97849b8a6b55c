/**
 * The load, made in the event loop of the process that answers it, as in a server: while a signature blocks the loop, no
 * request is taken up. A turn takes up what is due, but no more than libuv takes from its sockets at a time, then lets
 * everything else run. The others wait, and their time counts from when they were due (no coordinated omission).
 */

import type { Job } from "../../contenders/contender.ts";
import { JOBS } from "../../contenders/jobs.ts";
import { Load } from "../load.ts";
import type { Begun, LoadEvent, LoadPlan } from "../plan.ts";
import { Recorder } from "../recorder.ts";
import { accidentOf, jobOf, pause, promised, started } from "./calls.ts";
import { say } from "./say.ts";

/** ms between two looks whether requests are due: a timer of Node has no finer one. */
const PAUSE = 1;
/** Events of one epoll_wait of libuv. */
const MOST_A_TURN = 1024;
/** Rounds of calls before the load, and calls of each, so that nothing is compiled or started in it. */
const WARM_ROUNDS = 50;
const WARM_CALLS = 100;

export async function makeLoad(plan: LoadPlan): Promise<void> {
  const running = await started(plan.contender);
  const job = jobOf(running, plan.job);
  const segfault = plan.segfaults.length > 0 ? accidentOf(running, "segfault") : undefined;
  if (job === undefined || (plan.segfaults.length > 0 && segfault === undefined)) return process.disconnect();
  const input = JOBS[plan.job].input;
  const expected = await job(input);
  for (let round = 0; round < WARM_ROUNDS; round += 1) {
    await Promise.all(Array.from({ length: WARM_CALLS }, () => promised(job, input)));
  }
  say<Begun>({ say: "ready" });
  const service = new Service(plan, (settle) => answerOf(job, input, expected, settle));
  await service.run(() => segfault && promised(segfault, undefined).catch(() => {}));
  process.disconnect();
}

type Settle = (isRight: boolean) => void;

/** A signature by EdDSA or HMAC is the same each time, so that every answer can be compared. */
function answerOf(job: Job, input: unknown, expected: unknown, settle: Settle): void {
  try {
    const given = job(input);
    if (!(given instanceof Promise)) settle(given === expected);
    else
      given.then(
        (answer) => settle(answer === expected),
        () => settle(false),
      );
  } catch {
    settle(false);
  }
}

class Service {
  readonly #plan: LoadPlan;
  readonly #load: Load;
  readonly #recorder: Recorder;
  readonly #request: (settle: Settle) => void;
  readonly #begin = performance.now();
  #made = 0;
  #settled = 0;

  constructor(plan: LoadPlan, request: (settle: Settle) => void) {
    this.#plan = plan;
    this.#load = new Load(plan.lengthMs, plan.perSecond);
    this.#recorder = new Recorder(plan.lengthMs, plan.stepMs);
    this.#request = request;
  }

  async run(segfault: () => unknown): Promise<void> {
    const accidents = [...this.#plan.segfaults];
    const { lengthMs, stepMs } = this.#plan;
    let told = 0;
    let isBehind = false;
    for (let now = 0; this.#made < this.#load.due(lengthMs) || this.#isWaiting(now); now = this.#now()) {
      this.#recorder.turn(now, isBehind ? 0 : PAUSE);
      isBehind = this.#takeUp(this.#load.due(now));
      const isAccident = (accidents[0] ?? Number.POSITIVE_INFINITY) <= now;
      if (isAccident || now - told >= stepMs) {
        this.#tell();
        told = now;
      }
      if (isAccident) {
        accidents.shift();
        segfault();
      }
      await (isBehind ? new Promise(setImmediate) : pause(PAUSE));
    }
    this.#tell();
    say<LoadEvent>({ say: "settled", unanswered: this.#made - this.#settled });
  }

  /** @returns whether there are more */
  #takeUp(due: number): boolean {
    const until = Math.min(due, this.#made + MOST_A_TURN);
    while (this.#made < until) this.#make();
    return this.#made < due;
  }

  #isWaiting(now: number): boolean {
    return this.#settled < this.#made && now < this.#plan.lengthMs + this.#plan.patienceMs;
  }

  #make(): void {
    this.#made += 1;
    const dueAt = this.#load.dueAt(this.#made);
    this.#recorder.due(dueAt);
    this.#request((isRight) => {
      this.#settled += 1;
      if (isRight) this.#recorder.answered(dueAt, this.#now());
      else this.#recorder.failed(dueAt);
    });
  }

  #tell(): void {
    say<LoadEvent>({ say: "steps", steps: this.#recorder.changes() });
  }

  #now(): number {
    return performance.now() - this.#begin;
  }
}
