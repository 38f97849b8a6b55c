/**
 * `npm run bench:call`: one call after the other, pinned to one core and not, and 256 on their way, against the raw echo
 * of the same frames and a call that is made by hand. Prints a table and writes bench/results/call.json and call.md.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "portreeve/build";
import type { Contender } from "./contender.ts";
import { byHand, rawEcho } from "./echo.ts";
import { portCall } from "./port.ts";
import { interleave, ratios, type Series, spread } from "./rounds.ts";

const HELP = `node build/bench/call/main.js [--quick] [--json]
  --quick   fewer calls and rounds
  --json    print the measurements instead of the table`;

const WIDTH = 256;

interface Load {
  readonly title: string;
  readonly series: readonly Series[];
}

const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
    pinned: { type: "string" },
  },
});
const scale = values.quick ? 0.2 : 1;
const rounds = values.quick ? 5 : 15;

async function contenders(): Promise<Contender[]> {
  const [echo, hand, compute] = await programs();
  return [
    rawEcho(echo),
    byHand(hand),
    await portCall(compute, "port.call", 0),
    await portCall(compute, "port.call with a timeout", 10_000),
  ];
}

async function programs(): Promise<readonly [string, string, string]> {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const echo = await build({ crate: `${root}/rust-port/examples/echo`, bin: "echo" });
  const hand = await build({ crate: `${root}/bench/native/by_hand`, bin: "by_hand" });
  return [echo, hand, await build({ crate: `${root}/rust-port/examples/compute`, bin: "compute" })];
}

async function measure(
  title: string,
  count: number,
  run: (contender: Contender) => Promise<void>,
): Promise<Load> {
  const all = await contenders();
  try {
    process.stderr.write(`${title} …\n`);
    return { title, series: await interleave(all, rounds, count, run) };
  } finally {
    for (const contender of all) await contender.close();
  }
}

function oneAfterTheOther(title: string): Promise<Load> {
  const count = 4000 * scale;
  return measure(title, count, (contender) => contender.oneAfterTheOther(count));
}

function inFlight(): Promise<Load> {
  const count = 200_000 * scale;
  return measure(`${WIDTH} in flight`, count, (contender) => contender.inFlight(count, WIDTH));
}

/** The same program again, bound to one core: there a wake-up costs little, and the same each time. */
function pinned(): Load | undefined {
  const self = fileURLToPath(import.meta.url);
  const args = ["-c", "0", process.execPath, self, "--pinned", "yes", ...(values.quick ? ["--quick"] : [])];
  const { status, stdout } = spawnSync("taskset", args, {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status === 0) return JSON.parse(stdout) as Load;
  process.stderr.write("pinned to one core: left out, taskset (util-linux) did not run\n");
  return undefined;
}

function table({ title, series }: Load): string {
  const [base] = series;
  if (base === undefined) return "";
  const rows = series.map((one) => {
    const [least, middle, most] = spread(one.times);
    const [low, ratio, high] = spread(ratios(one, base));
    return `| ${one.name} | ${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}) | ${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)}) | ${Math.round(1e6 / middle).toLocaleString("en")} |`;
  });
  return [
    `## ${title}`,
    "",
    "| | times the raw echo | µs a call | calls/s |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function machine(): string {
  const [cpu] = cpus();
  const rustc = execFileSync("rustc", ["--version"], { encoding: "utf8" }).trim();
  return `${cpus().length} × ${cpu?.model ?? "unknown"}, Node ${process.versions.node}, ${rustc}; median (least–most) of ${rounds} rounds, taken in turns.`;
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  if (values.pinned) {
    process.stdout.write(JSON.stringify(await oneAfterTheOther("one after the other, pinned to one core")));
    return;
  }
  const loads = [pinned(), await oneAfterTheOther("one after the other"), await inFlight()].filter(
    (load) => load !== undefined,
  );
  const text = `# sum of [1, 2, 3]\n\n\`npm run bench:call\` on ${machine()}\n\n${loads.map(table).join("\n")}`;
  process.stdout.write(values.json ? `${JSON.stringify(loads, undefined, 2)}\n` : text);
  if (values.quick) return;
  const results = new URL("../../../bench/results/", import.meta.url);
  mkdirSync(results, { recursive: true });
  writeFileSync(
    new URL("call.json", results),
    `${JSON.stringify({ machine: machine(), loads }, undefined, 2)}\n`,
  );
  writeFileSync(new URL("call.md", results), text);
}

await main();
