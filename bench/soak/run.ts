/**
 * A run of chaos: calls of every kind go to a few workers while those are killed, stopped and spoiled at random, and
 * everything that comes back is judged. The seed decides on the calls and the accidents and their order; how they fall
 * together in time is the machine's affair.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, type Port } from "portreeve";
import { accident } from "./accidents.ts";
import { nextCall } from "./calls.ts";
import { type Attempt, judge, judgeMark, type Outcome } from "./judge.ts";
import { Random } from "./random.ts";

/** Calls on their way at a time. */
const WIDTH = 200;
/** Before a call something happens to a worker, with this probability. */
const ACCIDENT = 0.006;
/** A call that takes longer than this, in ms, never ends: functions take 1 s at most, and frozen workers are found before. */
const PATIENCE = 60_000;

export interface Tally {
  calls: number;
  answered: number;
  /** Errors by their code. */
  readonly errors: Map<string, number>;
  accidents: number;
  deaths: number;
  /** What must not be: none, when all promises hold. */
  readonly violations: string[];
}

interface Settled {
  readonly attempt: Attempt;
  readonly outcome: Outcome;
}

export class Run {
  readonly tally: Tally = {
    calls: 0,
    answered: 0,
    errors: new Map(),
    accidents: 0,
    deaths: 0,
    violations: [],
  };
  readonly #port: Port;
  readonly #random: Random;
  readonly #workers: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "portreeve-soak-"));
  #inFlight = 0;
  #wake: () => void = () => {};
  /** Calls of the wave before: their functions have had time to leave their marks. */
  #former: { readonly folder: string; readonly settled: readonly Settled[] } | undefined;

  private constructor(port: Port, seed: number, workers: number) {
    this.#port = port;
    this.#random = new Random(seed);
    this.#workers = workers;
    port.on("exit", () => {
      this.tally.deaths += 1;
    });
    // Nobody listens to what a spoiled program says: it is not news here.
    port.on("log", () => {});
  }

  /** @param program the compute program */
  static async start(program: string, seed: number, workers: number): Promise<Run> {
    const port = await open(program, {
      workers,
      stderr: "ignore",
      maxRestarts: 1e6,
      backoff: { initial: 0, max: 0 },
      heartbeat: { interval: 100, timeout: 600 },
      cancelGrace: 200,
      shutdown: 1000,
    });
    return new Run(port, seed, workers);
  }

  /**
   * Makes so many calls and waits for all of them.
   * @param signal ends the wave early
   * @param progress is told now and then how many calls were made
   */
  async wave(calls: number, signal?: AbortSignal, progress?: (made: number) => void): Promise<void> {
    const folder = join(this.#folder, String(this.tally.calls));
    mkdirSync(folder);
    const settled: Settled[] = [];
    for (let i = 0; i < calls && signal?.aborted !== true; i += 1) {
      if (this.#random.chance(ACCIDENT)) this.#accident();
      this.#begin(nextCall(this.#random, folder, this.tally.calls), settled);
      while (this.#inFlight >= WIDTH) await this.#anySettled();
      if (i % 100 === 0) progress?.(i);
      // Calls come in bursts: some share a turn of the event loop, and a write.
      if (this.#random.chance(0.1)) await new Promise(setImmediate);
    }
    while (this.#inFlight > 0) await this.#anySettled();
    this.#judgeFormer();
    this.#former = { folder, settled };
  }

  /** Closes the port and judges what is left. */
  async end(): Promise<Tally> {
    await this.#port.close();
    this.#judgeFormer();
    rmSync(this.#folder, { recursive: true });
    return this.tally;
  }

  #accident(): void {
    accident(this.#random, this.#port);
    this.tally.accidents += 1;
  }

  #begin(planned: Attempt, settled: Settled[]): void {
    this.tally.calls += 1;
    this.#inFlight += 1;
    const attempt = withSignal(planned);
    const number = this.tally.calls;
    const timer = setTimeout(() => {
      this.#violation(number, attempt, `not settled after ${PATIENCE} ms`);
      this.#settled();
    }, PATIENCE);
    void this.#outcome(attempt).then((outcome) => {
      clearTimeout(timer);
      this.#count(outcome);
      this.#violation(number, attempt, judge(attempt, outcome));
      if (attempt.mark !== undefined) settled.push({ attempt, outcome });
      this.#settled();
    });
  }

  async #outcome({ kind, name, args, options }: Attempt): Promise<Outcome> {
    try {
      if (kind === "cast") return { value: this.#port.cast(name, args) };
      if (kind === "broadcast") return { value: await this.#port.broadcast(name, args) };
      return { value: await this.#port.call(name, args, options) };
    } catch (error) {
      return { error };
    }
  }

  #count(outcome: Outcome): void {
    if ("value" in outcome) {
      this.tally.answered += 1;
      return;
    }
    const { errors } = this.tally;
    const { code } = outcome.error as { code?: unknown };
    const name = typeof code === "string" ? code : "aborted";
    errors.set(name, (errors.get(name) ?? 0) + 1);
  }

  #violation(number: number, { name, args }: Attempt, what: string | undefined): void {
    if (what === undefined) return;
    const shown = args.map((arg) => String(arg).slice(0, 100)).join(", ");
    this.tally.violations.push(`call ${number}, ${name}(${shown}): ${what}`);
  }

  #settled(): void {
    this.#inFlight -= 1;
    this.#wake();
  }

  #anySettled(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #judgeFormer(): void {
    if (this.#former === undefined) return;
    const { folder, settled } = this.#former;
    for (const { attempt, outcome } of settled)
      this.#violation(
        Number(attempt.mark?.split("/").at(-1)),
        attempt,
        judgeMark(attempt, outcome, this.#workers),
      );
    rmSync(folder, { recursive: true });
    this.#former = undefined;
  }
}

/** Gives a call the signal that will abort it. */
function withSignal(attempt: Attempt): Attempt {
  const { abortAfter, options } = attempt;
  if (abortAfter === undefined) return attempt;
  const controller = new AbortController();
  setTimeout(() => controller.abort(), abortAfter);
  return { ...attempt, options: { ...options, signal: controller.signal } };
}
