/** `npm run soak`: chaos for as long as it is wanted, wave after wave, on one port that has to live through all of it. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "portreeve/build";
import { type Remains, remains } from "./remains.ts";
import { Run, type Tally } from "./run.ts";

const HELP = `npm run soak -- [--minutes N] [--seed S] [--workers N] [--calls N]
  Calls functions of every kind over a few workers that are killed, stopped and spoiled at random, and judges
  all that comes back. Ends with 0 when every promise held, with 1 and the seed when one did not. Ctrl-C ends it
  early, when the calls on their way have come back.

  --minutes N   how long; default 10
  --seed S      a whole number: the same calls and accidents in the same order; default: another one each time
  --workers N   default 4
  --calls N     of a wave; default 10000. After each, memory, descriptors and processes are counted`;

/** From the second wave on, live memory may not grow by more than this, in bytes. */
const GROWTH = 16 << 20;
const MIB = 1 << 20;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly workers: number;
  readonly calls: number;
}

function options(): Options | undefined {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "10" },
      seed: { type: "string", default: String(Date.now() % 1e9) },
      workers: { type: "string", default: "4" },
      calls: { type: "string", default: "10000" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    minutes: number("minutes", values.minutes, 0.01),
    seed: number("seed", values.seed, 0),
    workers: number("workers", values.workers, 1),
    calls: number("calls", values.calls, 1),
  };
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  const isWhole = name === "minutes" || Number.isInteger(value);
  if (text.trim() !== "" && value >= least && Number.isFinite(value) && isWhole) return value;
  throw new RangeError(`--${name} must be a number from ${least} up, and is ${text}`);
}

async function soak({ minutes, seed, workers, calls }: Options, signal: AbortSignal): Promise<string[]> {
  const crate = fileURLToPath(new URL("../../../rust-port/examples/compute", import.meta.url));
  const program = await build({ crate, bin: "compute", features: ["full"] });
  const before = await remains();
  const start = performance.now();
  const end = start + minutes * 60_000;
  say(`seed ${seed}: ${workers} workers on ${availableParallelism()} cores, ${minutes} minutes`);
  const run = await Run.start(program, seed, workers);
  let first: Remains | undefined;
  let last: Remains | undefined;
  while (performance.now() < end && !signal.aborted && run.tally.violations.length === 0) {
    await run.wave(calls, signal, (done) => live(run.tally, done, start, end));
    last = await remains();
    first ??= last;
    say(line(run.tally, last, start, end));
  }
  const tally = await run.end();
  return [...tally.violations, ...leftovers(before, await remains()), ...growth(first, last)];
}

function leftovers(before: Remains, after: Remains): string[] {
  return (["children", "descriptors"] as const)
    .filter((what) => after[what] !== before[what])
    .map((what) => `${what}: ${before[what]} before, ${after[what]} after`);
}

function growth(first: Remains | undefined, last: Remains | undefined): string[] {
  if (first === undefined || last === undefined) return [];
  const bytes = last.heap + last.buffers - first.heap - first.buffers;
  return bytes > GROWTH ? [`live memory grew by ${mib(bytes)}`] : [];
}

function line(
  tally: Tally,
  { heap, buffers, rss, descriptors, children }: Remains,
  start: number,
  end: number,
): string {
  const seconds = (performance.now() - start) / 1000;
  const errors = [...tally.errors].map(([code, count]) => `${code} ${count}`).join(", ");
  return [
    `${clock(seconds)} of ${clock((end - start) / 1000)}`,
    `${tally.calls} calls, ${Math.round(tally.calls / seconds)}/s, ${tally.answered} answered`,
    `${tally.deaths} deaths, ${tally.accidents} accidents`,
    `heap ${mib(heap)}, buffers ${mib(buffers)}, rss ${mib(rss)}, ${descriptors} descriptors, ${children} children`,
    errors,
  ].join(" · ");
}

/** Between the lines of the waves, where somebody is looking. */
function live(tally: Tally, done: number, start: number, end: number): void {
  if (!process.stderr.isTTY) return;
  const seconds = (performance.now() - start) / 1000;
  const text = `${clock(seconds)} of ${clock((end - start) / 1000)} · ${done} calls of this wave · ${tally.deaths} deaths`;
  process.stderr.write(`\r\u001b[K${text}`);
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  process.stdout.write(`${text}\n`);
}

/** A wrong option, or the wish for help, ends it here. */
function chosen(): Options | undefined {
  try {
    const all = options();
    if (all === undefined) process.stdout.write(`${HELP}\n`);
    return all;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}\n`);
    process.exitCode = 64;
    return undefined;
  }
}

async function main(): Promise<void> {
  const all = chosen();
  if (all === undefined) return;
  const controller = new AbortController();
  // The wave comes to its end, and everything is judged as ever; whoever cannot wait asks twice.
  process.once("SIGINT", () => controller.abort());
  const violations = await soak(all, controller.signal);
  for (const violation of violations) say(`VIOLATION ${violation}`);
  say(violations.length === 0 ? "every promise held" : `replay: npm run soak -- --seed ${all.seed}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

await main();
