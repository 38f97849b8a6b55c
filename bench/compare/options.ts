/** The command line of `npm run bench`. */

import { parseArgs } from "node:util";
import { TABLE_JOBS, type TableJob } from "./plan.ts";

export const HELP = `npm run bench -- [options]

Measures portreeve beside what one would use instead of it, on the same jobs, in one run: in under 20 minutes on a
machine that does nothing else, besides some minutes of building the first time. The line of progress says how long
it still takes. Rust as WebAssembly takes part after: rustup target add wasm32-unknown-unknown

  --quick           fewer rounds and loads: under two minutes
  --only A,B        these contenders alone
  --job A,B         these jobs alone, and nothing but their tables
  --rounds N        rounds of the tables (default: 9, quick: 3); they are not given up for time
  --check           measures what the promised ratios need, quickly, and holds them against it;
                    exit code 1 if one is broken
  --json            prints the results as JSON, instead of a summary
  --out FILE        where the results go (default: bench/results/compare.json for a full run of
                    everything, which also writes the report; build/bench-compare.json otherwise)
  --list            the contenders and jobs
  --help`;

export interface Options {
  readonly quick: boolean;
  /** Empty: all. */
  readonly only: readonly string[];
  readonly jobs: readonly TableJob[];
  readonly rounds: number | undefined;
  readonly check: boolean;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

/** The command line was wrong. */
export class UsageError extends Error {}

/** @throws {UsageError} what is wrong, and what would be right */
export function parseOptions(args: readonly string[], contenders: readonly string[]): Options {
  const values = parse(args);
  const only = names("--only", values.only, contenders);
  const jobs = names("--job", values.job, TABLE_JOBS);
  if (values.check && (only.length > 0 || jobs.length > 0 || values.rounds !== undefined))
    throw new UsageError("--check chooses its own contenders, jobs and rounds");
  return {
    quick: values.quick ?? false,
    only,
    jobs,
    rounds: values.rounds === undefined ? undefined : roundsOf(values.rounds),
    check: values.check ?? false,
    json: values.json ?? false,
    out: values.out,
    list: values.list ?? false,
    help: values.help ?? false,
  };
}

/** Whether everything is measured, and well: only that replaces the results that are kept. */
export function isWhole({ quick, only, jobs, check }: Options): boolean {
  return !quick && !check && only.length === 0 && jobs.length === 0;
}

function parse(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const list = { type: "string", multiple: true } as const;
  const text = { type: "string" } as const;
  const options = {
    quick: flag,
    only: list,
    job: list,
    rounds: text,
    check: flag,
    json: flag,
    out: text,
    list: flag,
    help: flag,
  };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Names may be given as `a,b` or by repeating the option. */
function names<N extends string>(
  option: string,
  given: readonly string[] | undefined,
  known: readonly N[],
): N[] {
  const wanted = (given ?? []).flatMap((text) => text.split(",")).map((name) => name.trim());
  const unknown = wanted.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new UsageError(`${option} ${unknown}: there are ${known.join(", ")}`);
  return known.filter((name) => wanted.includes(name));
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= 1000) return rounds;
  throw new UsageError(`--rounds ${text}: a whole number from 1 to 1000`);
}
