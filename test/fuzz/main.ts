/** `npm run fuzz`: see options.ts for what it takes. */
import { inspect } from "node:util";
import { loadAll, startCoverage } from "./coverage.ts";
import type { FuzzKind } from "./kind.ts";
import type { Options } from "./options.ts";
import type { Outcome } from "./run.ts";

// What is loaded before is not counted.
const coverage = process.argv.some((arg) => arg.startsWith("--record")) ? startCoverage() : undefined;
const { KINDS } = await import("./kinds.ts");
const { help, readOptions } = await import("./options.ts");
const { repeatCommand, Run } = await import("./run.ts");

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, KINDS);
  if (options.help) {
    process.stdout.write(help(KINDS));
    return 0;
  }
  if (options.mutants) return (await import("./mutants.ts")).checkMutants(options);
  if (coverage !== undefined) await loadAll();
  const outcomes: Outcome[] = [];
  for (const kind of options.kinds) outcomes.push(await runKind(kind, options));
  if (options.record !== undefined)
    await (await import("./record.ts")).record(options.record, args, outcomes, coverage?.take() ?? []);
  return outcomes.some(({ finding }) => finding !== undefined) ? 1 : 0;
}

async function runKind(kind: FuzzKind, options: Options): Promise<Outcome> {
  // Stacks of errors that are expected cost more than the cases; the single case that repeats a finding has them.
  Error.stackTraceLimit = options.to - options.from > 1 ? 0 : 20;
  const run = new Run(kind, options, options.json ? () => {} : progress(kind.name, options));
  const uncaught = new Promise<Outcome>((resolve) => {
    process.once("uncaughtException", (error) => resolve(run.ended(error)));
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => run.stop());
  const outcome = await Promise.race([run.outcome(), uncaught]);
  for (const event of ["uncaughtException", "SIGINT", "SIGTERM"]) process.removeAllListeners(event);
  tell(outcome, options);
  return outcome;
}

/** Shows how far it is: on a terminal in place, else a line now and then. */
function progress(name: string, { from, to }: Options): (cases: number, ms: number) => void {
  const { isTTY } = process.stderr;
  let next = isTTY ? 0 : 10_000;
  return (cases, ms) => {
    if (ms < next) return;
    next = ms + (isTTY ? 500 : 10_000);
    const rate = Math.round(cases / (ms / 1000));
    const text = `${name}: ${cases} of ${to - from} cases, ${rate} a second`;
    process.stderr.write(isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
}

function tell(outcome: Outcome, { json }: Options): void {
  const { kind, seed, cases, ms, finding } = outcome;
  if (json) {
    const error = finding === undefined ? undefined : inspect(finding.error);
    process.stdout.write(`${JSON.stringify({ kind, seed, cases, ms: Math.round(ms), error })}\n`);
    return;
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const head = `${kind}: ${cases} case${cases === 1 ? "" : "s"} with seed ${seed} in ${(ms / 1000).toFixed(1)} s`;
  if (finding === undefined) process.stdout.write(`${head}, nothing found\n`);
  else
    process.stdout.write(
      `${head}\nFOUND in case ${finding.case}: ${inspect(finding.error)}\nAgain: ${repeatCommand(finding)}\n`,
    );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : inspect(error)}\n`);
  process.exitCode = 2;
}
