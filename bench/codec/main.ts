/**
 * `npm run bench:codec`: measures the codec beside others on Node 20, 22 and 24, writes bench/results/codec.json, codec.md and a
 * picture a Node, and puts the numbers into docs/codec.md.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { behaviour } from "./behaviour.ts";
import { MESSAGES } from "./messages.ts";
import { picture } from "./picture.ts";
import { page, table, targets } from "./report.ts";
import { type Results, type Run, rowsOf } from "./results.ts";

const root = process.cwd();
const packages = join(root, "bench/codec/package.json");
const results = join(root, "bench/results");
const measure = join(import.meta.dirname, "measure.js");
const NO_CODE = "--disallow-code-generation-from-strings";

const names = MESSAGES.map(({ name }) => name);
const HELP = `npm run bench:codec -- [message…] [options]

Measures the codec beside others on Node 20, 22 and 24, and writes bench/results/codec* and docs/codec.md.
The messages are ${names.join(", ")}; with some of them, only theirs are measured, and put in the place of earlier results.

  --report      writes all of it from bench/results/codec.json, and measures nothing
  --behaviour   only compares what others make of odd terms
  --help`;

/** The Nodes that `npm ci` in bench/codec brings. */
function nodes(): string[] {
  return ["node20", "node22", "node24"].map((name) =>
    join(root, "bench/codec/node_modules", name, "bin/node"),
  );
}

function install(): void {
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: join(root, "bench/codec"),
    stdio: "inherit",
  });
  if (done.status !== 0)
    throw new Error("the packages to compare with could not be installed (npm ci in bench/codec)");
}

function run(node: string, message: string, flag: string): Run {
  const args = flag === "" ? [measure, message] : [flag, measure, message, "alone"];
  const env = { ...process.env, BENCH_PACKAGES: packages };
  const done = spawnSync(node, args, {
    encoding: "utf8",
    env,
    maxBuffer: 64 * 1024 * 1024,
    timeout: 600_000,
  });
  if (done.status !== 0) throw new Error(`${node} ${args.join(" ")}: ${done.stderr || done.error?.message}`);
  return { ...(JSON.parse(done.stdout) as Run), flag };
}

function measureAll(messages: readonly string[]): Results {
  const runs: Results["runs"][number][] = [];
  const [node20 = ""] = nodes();
  const plans = [...nodes().map((node) => [node, ""] as const), [node20, NO_CODE] as const];
  for (const [node, flag] of plans) {
    for (const message of messages) {
      const measured = run(node, message, flag);
      const rows = rowsOf(measured);
      runs.push({ node: measured.node, flag, message, rows, refused: measured.refused });
      const own = rows[1];
      console.error(
        `Node ${measured.node} ${flag} ${message}: ${own?.encode.ratio} / ${own?.decode.ratio} times JSON`,
      );
    }
  }
  const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(packages, "utf8"));
  const versions = Object.entries({ ...devDependencies, ...optionalDependencies } as Record<string, string>);
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${process.platform}`,
    date: new Date().toISOString().slice(0, 10),
    packages: Object.fromEntries(versions.filter(([name]) => !/^node\d/.test(name))),
    runs,
  };
}

/** The earlier results, with these in the place of theirs. */
function merged(earlier: Results, measured: Results): Results {
  const place = (run: Results["runs"][number]) => `${run.node} ${run.flag} ${run.message}`;
  const runs = new Map(measured.runs.map((each) => [place(each), each]));
  return { ...measured, runs: earlier.runs.map((each) => runs.get(place(each)) ?? each) };
}

function compareBehaviour(): void {
  const [node20 = ""] = nodes();
  const script = join(import.meta.dirname, "behaviour.js");
  writeFileSync(join(results, "codec-behaviour.md"), `${behaviour(node20, script, packages)}\n`);
}

function report(all: Results): void {
  writeFileSync(join(results, "codec.md"), page(all));
  const measured = [...new Set(all.runs.filter((each) => each.flag === "").map((each) => each.node))];
  for (const node of measured) {
    const runs = all.runs.filter((each) => each.node === node && each.flag === "");
    writeFileSync(
      join(results, `codec-node${node.split(".")[0]}.svg`),
      picture(`Node ${node}: times as fast as JSON`, runs),
    );
  }
  fill(all, measured);
}

/** Puts the numbers and the comparison between the marks in docs/codec.md. */
function fill(all: Results, measured: readonly string[]): void {
  const tables = measured.map((node) => {
    const runs = all.runs.filter((each) => each.node === node && each.flag === "");
    return `Node ${node}:\n\n${table(runs, false)}`;
  });
  const text = [`Measured on ${all.machine}, ${all.date}.`, ...tables, targets(all)].join("\n\n");
  const path = join(root, "docs/codec.md");
  const page = between(readFileSync(path, "utf8"), "speed", text);
  writeFileSync(
    path,
    between(page, "behaviour", readFileSync(join(results, "codec-behaviour.md"), "utf8").trim()),
  );
}

function between(page: string, name: string, text: string): string {
  const marks = new RegExp(`(<!-- ${name}: begin[^>]*-->).*(<!-- ${name}: end -->)`, "s");
  if (!marks.test(page)) throw new Error(`docs/codec.md has no marks for "${name}"`);
  return page.replace(marks, (_, begin: string, end: string) => `${begin}\n${text}\n${end}`);
}

/** @throws {TypeError} what is wrong with the command line */
function parse(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const options = { report: flag, behaviour: flag, help: flag };
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`${unknown}: the messages are ${names.join(", ")}`);
  return {
    ...values,
    messages: names.filter((name) => positionals.length === 0 || positionals.includes(name)),
  };
}

/** Measures these messages, and reports on all. */
function compare(chosen: readonly string[], json: string): void {
  install();
  const measured = measureAll(chosen);
  const all =
    chosen.length === names.length ? measured : merged(JSON.parse(readFileSync(json, "utf8")), measured);
  compareBehaviour();
  writeFileSync(json, `${JSON.stringify(all, null, 1)}\n`);
  report(all);
}

function main({ help, report: again, behaviour: odd, messages }: ReturnType<typeof parse>): void {
  const json = join(results, "codec.json");
  mkdirSync(results, { recursive: true });
  if (help) process.stdout.write(`${HELP}\n`);
  else if (again) report(JSON.parse(readFileSync(json, "utf8")) as Results);
  else if (odd) compareBehaviour();
  else compare(messages, json);
}

function parsed(): ReturnType<typeof parse> | undefined {
  try {
    return parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(
      `${(error as TypeError).message}\nnpm run bench:codec -- --help shows the options\n`,
    );
    process.exitCode = 2;
    return undefined;
  }
}

const options = parsed();
if (options !== undefined) main(options);
