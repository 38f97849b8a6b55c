/** The command line of `npm run fuzz`. */
import { parseArgs } from "node:util";
import type { FuzzKind } from "./kind.ts";

/** What was asked for. */
export interface Options {
  readonly help: boolean;
  readonly kinds: readonly FuzzKind[];
  readonly seed: number;
  /** The cases of each kind: from here to there. */
  readonly from: number;
  readonly to: number;
  readonly mutants: boolean;
  /** The outcomes as JSON, one a line, and no progress. */
  readonly json: boolean;
  /** Where to write the result, with what of the code was reached. */
  readonly record: string | undefined;
}

const DEFAULT_CASES = 100_000;

/** The options of these arguments. @throws Error that says what is wrong with which */
export function readOptions(args: readonly string[], kinds: readonly FuzzKind[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h" },
      kind: { type: "string", multiple: true },
      seed: { type: "string", default: "1" },
      cases: { type: "string", default: String(DEFAULT_CASES) },
      case: { type: "string" },
      mutants: { type: "boolean" },
      json: { type: "boolean" },
      record: { type: "string" },
    },
  });
  const only = values.case === undefined ? undefined : count("--case", values.case, 0);
  return {
    help: values.help ?? false,
    kinds: values.kind === undefined ? kinds : values.kind.map((name) => named(name, kinds)),
    seed: count("--seed", values.seed, 0),
    from: only ?? 0,
    to: only === undefined ? count("--cases", values.cases, 1) : only + 1,
    mutants: values.mutants ?? false,
    json: values.json ?? false,
    record: values.record,
  };
}

function count(option: string, text: string, least: number): number {
  const value = Number(text.replaceAll("_", ""));
  if (Number.isSafeInteger(value) && value >= least && text !== "") return value;
  throw new Error(
    `${option} takes a whole number from ${least} on (1e6 is one), not ${JSON.stringify(text)}`,
  );
}

function named(name: string, kinds: readonly FuzzKind[]): FuzzKind {
  const found = kinds.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  throw new Error(`--kind ${JSON.stringify(name)}: there are ${kinds.map((kind) => kind.name).join(", ")}`);
}

/** What `--help` prints. */
export function help(kinds: readonly FuzzKind[]): string {
  const width = Math.max(...kinds.map(({ name }) => name.length));
  return `npm run fuzz -- [options]

Makes cases out of random numbers until one shows a fault, or all have been run. The same seed gives the same cases.

  --kind NAME     only this kind; may be given more than once. Default: all
  --cases N       how many of each kind (1e7 is fine). Default: ${DEFAULT_CASES}
  --seed S        default: 1
  --case N        this one case, with the cases of its block that come before it
  --mutants       puts known faults back into a copy of the sources and shows that each is found within --cases
  --record FILE   writes the result as Markdown: cases by kind, and which branches of codec/ and src/wire were reached
  --json          the outcomes as JSON, one a line; no progress
  --help

Kinds:
${kinds.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join("\n")}

Ctrl-C ends the kind that is running; what it has done counts.
Exits with 0 when nothing was found, 1 when something was, 2 when the options are wrong.
`;
}
