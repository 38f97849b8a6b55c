/**
 * `npm run bench`: portreeve beside what one would use instead of it. scripts/bench.mjs builds and installs what this
 * needs; options.ts has the command line, run.ts the parts of a run.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { about } from "./about.ts";
import { check, checkJson, checkText } from "./check.ts";
import { CONTENDERS } from "./contenders/all.ts";
import type { Host } from "./host/host.ts";
import { Ledger } from "./measure/ledger.ts";
import { PORTREEVE } from "./measure/lives.ts";
import { HELP, isWhole, type Options, parseOptions, UsageError } from "./options.ts";
import { TABLE_JOBS } from "./plan.ts";
import { buildPrograms } from "./programs.ts";
import { Progress } from "./progress.ts";
import type { Results } from "./results.ts";
import { measure } from "./run.ts";
import { expectedParts, type Selection, selected } from "./selection.ts";
import { summary } from "./summary.ts";

/** Where npm runs the command: the repository's root. */
const root = process.cwd();
/** Of a full run of everything, and of all others. */
const KEPT = "bench/results/compare.json";
const PASSING = "build/bench-compare.json";
const ids = CONTENDERS.map(({ id }) => id);
const hosts = new Set<Host>();
const stop = new AbortController();

/** One run with its own ledger and its own line of progress. */
async function runOf(selection: Selection, options: Options): Promise<Results> {
  const command = [
    "npm run bench",
    ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : []),
  ].join(" ");
  const parts = new Progress(expectedParts(selection), process.stderr);
  const setting = {
    root,
    selection,
    parts,
    hosts,
    entrants: CONTENDERS.filter(({ id }) => selection.contenders.includes(id)),
    ledger: new Ledger(),
    signal: stop.signal,
    pace: selection.pace,
    progress: (text: string, done: number) => parts.at(text, done),
    about: (rounds: number) => about(root, command, options.quick, rounds),
    keep: (results: Results) => write(join(root, PASSING), results),
  };
  try {
    return await measure(setting);
  } finally {
    parts.end();
  }
}

async function compare(options: Options): Promise<void> {
  await buildPrograms(stop.signal);
  const results = await runOf(selected(options, ids, PORTREEVE), options);
  const whole = isWhole(options);
  const path = options.out === undefined ? join(root, whole ? KEPT : PASSING) : resolve(options.out);
  const text = write(path, results);
  process.stdout.write(options.json ? text : `${summary(results)}\n`);
  process.stderr.write(`The results are in ${relative(root, path)}\n`);
  if (!whole || options.out !== undefined) return;
  // It brings a plotting library, which nothing else needs.
  const { writeReport } = await import("./report/main.ts");
  await writeReport(results, root);
}

function write(path: string, results: Results): string {
  const text = `${JSON.stringify(results, undefined, 1)}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return text;
}

async function checkRules(options: Options): Promise<void> {
  await buildPrograms(stop.signal);
  const checked = await check(ids, (selection) => runOf(selection, options));
  const json = () => JSON.stringify(checkJson(checked), undefined, 1);
  process.stdout.write(`${options.json ? json() : checkText(checked)}\n`);
  if (!checked.passed) process.exitCode = 1;
}

function list(): string {
  const contenders = CONTENDERS.map(({ id, title, place }) => `  ${id.padEnd(18)}${title} (${place})`);
  return `Contenders:\n${contenders.join("\n")}\n\nJobs:\n  ${TABLE_JOBS.join(", ")}`;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), ids);
  if (options.help) process.stdout.write(`${HELP}\n`);
  else if (options.list) process.stdout.write(`${list()}\n`);
  else if (options.check) await checkRules(options);
  else await compare(options);
}

/** Ctrl-C, or the end of the terminal: no process is left behind. */
function abort(signal: NodeJS.Signals): void {
  if (stop.signal.aborted) process.exit(130);
  process.stderr.write(`\n${signal}: ending all hosts\n`);
  stop.abort(new Error("interrupted"));
  for (const host of hosts) host.kill();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, abort);

try {
  await main();
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run bench -- --help shows the options\n`);
    process.exitCode = 2;
  } else throw error;
} finally {
  for (const host of hosts) host.kill();
}
