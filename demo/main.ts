/**
 * The demo behind `npm start`: a token service under spiky traffic, in a port and, beside it, in a second Node process
 * that has the same Rust code loaded as an addon. scripts/start.mjs builds what it needs and starts it.
 */

import { once } from "node:events";
import { constants } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Judge } from "./judge.ts";
import { Neighbour } from "./neighbour.ts";
import type { Options } from "./options.ts";
import { argumentError, openPort, type PortSide, strike } from "./port-side.ts";
import { broken, errorAsPrinted, type Facts, howToGoOn, type Strike, summary } from "./report.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import { Screen } from "./screen.ts";
import { type Claims, type Keys, makeKeys, readClaims } from "./service.ts";
import { failures, type Latency, Tally } from "./tally.ts";
import { callAlone, drive } from "./traffic.ts";
import { type Moment, seconds } from "./view.ts";

/** The compiled demo lies in build/demo, the claims with its source. */
const CLAIMS = fileURLToPath(new URL("../../demo/claims.json", import.meta.url));
/** From the message that starts the in-process side to the first request of both, in ms. */
const LEAD = 100;
/** A worker that hangs is replaced well within this, in ms. */
const REPLACED_WITHIN = 10_000;

/** What is started, and has to be ended whatever happens. */
interface Sides extends PortSide {
  readonly judge: Judge;
  readonly neighbour: Neighbour;
  readonly keys: Keys;
  readonly known: readonly Claims[];
}

class Demo {
  readonly #options: Options;
  readonly #screen = new Screen(process.stdout);
  readonly #stopping = new AbortController();
  readonly #schedule: Schedule;
  readonly #tally = new Tally(() => performance.now());
  readonly #strikes: Strike[] = [];
  readonly #endings: (() => Promise<void>)[] = [];
  #began = Number.NaN;
  #together: Latency | undefined;
  #retired = 0;
  #stoppedBy: NodeJS.Signals | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#schedule = makeSchedule(options.seconds, options.rate);
  }

  /** @returns the exit code */
  async run(): Promise<number> {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => this.#interrupt(signal));
    // Whoever reads our output may stop reading it.
    process.stdout.once("error", () => this.#interrupt("SIGPIPE")).on("error", () => {});
    try {
      const sides = await this.#start();
      const alone = await callAlone(sides.service, sides.known);
      await this.#traffic(sides);
      if (this.#stoppedBy !== undefined) return 128 + constants.signals[this.#stoppedBy];
      return await this.#finish(sides, alone);
    } finally {
      this.#screen.stop();
      await this.#close();
    }
  }

  async #start(): Promise<Sides> {
    const { program, workers, addon } = this.#options;
    const keys = makeKeys();
    const known = await readClaims(CLAIMS);
    const judge = new Judge(keys.public);
    this.#endings.push(() => judge.close());
    const side = await openPort(program, workers, keys, (line) => this.#note(line));
    side.port.on("retire", () => {
      this.#retired += 1;
    });
    this.#endings.push(() => side.port.close());
    const neighbour = await Neighbour.start(addon, CLAIMS, keys);
    this.#endings.push(() => neighbour.stop());
    return { ...side, judge, neighbour, keys, known };
  }

  async #traffic(sides: Sides): Promise<void> {
    const { neighbour, judge, service, known } = sides;
    const { seconds: length, rate } = this.#options;
    const begin = Date.now() + LEAD;
    this.#began = performance.now() + LEAD;
    neighbour.begin(begin, length, rate);
    neighbour.ended.then((end) => this.#note(`the in-process side is gone: ${end.signal ?? end.exitCode}`));
    this.#screen.follow(() => this.#look(sides));
    const elapsed = () => performance.now() - this.#began;
    const accidents = this.#accidents(sides);
    const { signal } = this.#stopping;
    await drive({ service, schedule: this.#schedule, known, tally: this.#tally, judge, elapsed, signal });
    await accidents;
  }

  /** Does to the workers what the schedule says, when it says so. */
  async #accidents({ port, neighbour }: Sides): Promise<void> {
    for (const { at, what } of this.#schedule.accidents) {
      await this.#sleepUntil(at);
      if (this.#stopping.signal.aborted) return;
      // The in-process side dies at the first accident: until then both had the same traffic.
      if (neighbour.end === undefined) this.#together ??= this.#tally.totals().latency;
      const failedBefore = failures(this.#tally.totals());
      this.#note(`a worker is called to ${what}`);
      const replaced = what === "loop_forever" ? this.#replacement(port) : undefined;
      this.#strikes.push({ what, at, error: await strike(port, what), failedBefore });
      await replaced;
    }
  }

  /** Resolves when a worker that hangs is being replaced, or when that takes too long, which the report then says. */
  #replacement(port: PortSide["port"]): Promise<unknown> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(REPLACED_WITHIN)]);
    return once(port, "retire", { signal }).catch(() => undefined);
  }

  #sleepUntil(at: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, at - (performance.now() - this.#began));
      this.#stopping.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #finish(sides: Sides, alone: number): Promise<number> {
    const { port, judge, neighbour, keys, known } = sides;
    this.#screen.stop();
    const wrongArgument = await argumentError(port, known[0] ?? {}, keys);
    await judge.done();
    await neighbour.stop();
    const restarts = port.stats().restarts;
    await this.#close();
    const facts: Facts = {
      workers: this.#options.workers,
      port: this.#tally.totals(),
      verdict: judge.verdict,
      restarts,
      retired: this.#retired,
      strikes: this.#strikes,
      alone,
      together: this.#together,
      inProcess: neighbour.snapshot,
      inProcessVerdict: neighbour.verdict,
      inProcessAlone: neighbour.alone,
      end: await neighbour.ended,
    };
    return report(facts, wrongArgument, relative(process.cwd(), this.#options.program));
  }

  #look({ port, judge, neighbour }: Sides): Moment {
    const elapsed = performance.now() - this.#began;
    return {
      elapsed: Math.max(0, elapsed),
      length: this.#schedule.length,
      rate: this.#schedule.rate(elapsed),
      isBurst: this.#schedule.isBurst(elapsed),
      workers: this.#options.workers,
      restarts: port.stats().restarts,
      struck: this.#strikes.length,
      port: this.#tally.snapshot(),
      verdict: judge.verdict,
      inProcess: neighbour.snapshot,
      inProcessVerdict: neighbour.verdict,
      end: neighbour.end,
    };
  }

  #note(text: string): void {
    if (!this.#stopping.signal.aborted) {
      this.#screen.tell(`${seconds(performance.now() - this.#began)}: ${text}`);
    }
  }

  #interrupt(signal: NodeJS.Signals): void {
    this.#stoppedBy ??= signal;
    this.#screen.stop();
    this.#screen.tell("stopping: the port and the second process are ended");
    this.#stopping.abort();
  }

  /** Ends what was started, the last first; again it does nothing. */
  async #close(): Promise<void> {
    for (const end of this.#endings.splice(0).reverse()) await end();
  }
}

/** Prints what came of it, and gives the exit code. */
function report(facts: Facts, wrongArgument: unknown, program: string): number {
  const colors = process.stdout.isTTY && process.stdout.hasColors();
  const crash = facts.strikes.find(({ what }) => what === "segfault")?.error;
  const wrong = broken(facts);
  const parts = [
    summary(facts),
    errorAsPrinted("An argument that does not fit, as your code gets it:", wrongArgument, colors),
    errorAsPrinted("A crash, as the call gets it that was running:", crash, colors),
    howToGoOn(program),
    ...wrong.map((sentence) => `NOT AS PROMISED: ${sentence}`),
  ];
  process.stdout.write(`\n${parts.join("\n\n")}\n`);
  return wrong.length === 0 ? 0 : 1;
}

/**
 * Runs the demo.
 * @returns the exit code: 0 when all that was promised held, 1 when not, as a shell has it (130) after Ctrl-C
 */
export function runDemo(options: Options): Promise<number> {
  return new Demo(options).run();
}
