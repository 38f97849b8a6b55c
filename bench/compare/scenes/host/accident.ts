/**
 * One accident among innocent calls: half of them are made before it and half after, all in one turn of the event loop.
 * Then probes go on, one after the other, and show for how long nobody is answered. Nothing is judged here: what came is
 * told as it comes, and ../cell.ts judges it.
 */

import { inspect } from "node:util";
import type { Job, Running } from "../../contenders/contender.ts";
import { resident } from "../../host/processor.ts";
import type { AccidentEvent, AccidentPlan, Begun } from "../plan.ts";
import { accidentOf, jobOf, pause, promised, started } from "./calls.ts";
import { say } from "./say.ts";

/** Every second innocent is a sum, done at once; the others compute for so many µs, so that some run when it happens. */
const SPIN_MICROS = 1000;
/** ms between an answer and the next probe. */
const PROBE_PAUSE = 2;
/** A probe that has no answer after so many ms hangs; the next one is made all the same. */
const PROBE_PATIENCE = 250;

interface Functions {
  readonly sum: Job;
  readonly spin: Job;
  readonly accident: Job;
}

export async function haveAccident(plan: AccidentPlan): Promise<void> {
  const running = await started(plan.contender);
  const functions = functionsOf(running, plan);
  if (functions === undefined) return process.disconnect();
  await functions.sum([1, 2, 3]);
  await functions.spin(SPIN_MICROS);
  say<Begun>({ say: "ready" });
  sayMemory(running);
  await new Scene(plan, functions).play();
  sayMemory(running);
  say<AccidentEvent>({ say: "over", at: performance.now() });
  process.disconnect();
}

function functionsOf(running: Running, plan: AccidentPlan): Functions | undefined {
  const accident = accidentOf(running, plan.accident);
  const sum = accident && jobOf(running, "sum");
  const spin = sum && jobOf(running, "spin");
  return accident && sum && spin && { accident, sum, spin };
}

function sayMemory(running: Running): void {
  const { host, other } = resident(running.pids());
  say<AccidentEvent>({ say: "memory", bytes: host + other });
}

class Scene {
  readonly #plan: AccidentPlan;
  readonly #functions: Functions;
  #made = 0;
  #settledInnocents = 0;
  #toldAt: number | undefined;

  constructor(plan: AccidentPlan, functions: Functions) {
    this.#plan = plan;
    this.#functions = functions;
  }

  async play(): Promise<void> {
    const { innocents, limitMs } = this.#plan;
    for (let n = 0; n < innocents / 2; n += 1) this.#innocent();
    const at = performance.now();
    say<AccidentEvent>({ say: "accident", at });
    void this.#accidents();
    for (let n = innocents / 2; n < innocents; n += 1) this.#innocent();
    while (performance.now() < at + limitMs && !this.#isSeen()) await this.#probe();
  }

  /** The accident's call came back long enough ago, and so did all innocents. */
  #isSeen(): boolean {
    if (this.#toldAt === undefined || this.#settledInnocents < this.#plan.innocents) return false;
    return performance.now() > this.#toldAt + this.#plan.afterMs;
  }

  async #accidents(): Promise<void> {
    let text = "";
    for (let n = 0; n < this.#plan.times; n += 1) {
      text = await promised(this.#functions.accident, undefined).then(
        (answer) => `answered ${JSON.stringify(answer) ?? "nothing"}`,
        textOf,
      );
    }
    this.#toldAt = performance.now();
    say<AccidentEvent>({ say: "told", at: this.#toldAt, text });
  }

  #innocent(): void {
    void this.#call(this.#made).then(() => {
      this.#settledInnocents += 1;
    });
  }

  async #probe(): Promise<void> {
    const n = this.#made + (this.#made % 2);
    this.#made = n;
    await Promise.race([this.#call(n), pause(PROBE_PATIENCE)]);
    await pause(PROBE_PAUSE);
  }

  /** What became of it is told; at once where it is answered at once, for there may be no next turn. */
  #call(n: number): Promise<void> {
    this.#made = n + 1;
    const isSum = n % 2 === 0;
    const isRight = (value: unknown) =>
      isSum ? Number(value) === n + 5 : Number(value) >= SPIN_MICROS * 1000;
    const answered = (value: unknown) => tell(n, isRight(value) ? "right" : "wrong");
    try {
      const given = isSum ? this.#functions.sum([n, 2, 3]) : this.#functions.spin(SPIN_MICROS);
      if (given instanceof Promise) return given.then(answered, () => tell(n, "failed"));
      answered(given);
    } catch {
      tell(n, "failed");
    }
    return Promise.resolve();
  }
}

/** An error may be an object of no class, as it came over a channel. */
function textOf(error: unknown): string {
  if (error instanceof Error) return String(error);
  const { name, message } = Object(error) as Partial<Error>;
  return message === undefined ? inspect(error) : `${name ?? "Error"}: ${message}`;
}

function tell(call: number, became: "right" | "wrong" | "failed"): void {
  say<AccidentEvent>({ say: "call", call, at: performance.now(), became });
}
