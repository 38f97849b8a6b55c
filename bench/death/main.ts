/**
 * `npm run bench:death`: from the death of a worker to the first answer of the next one, against the start of an empty
 * Rust program. Core dumps are off. Prints a table and writes bench/results/death.json and death.md.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "portreeve/build";
import { ratios, type Series, spread } from "../call/rounds.ts";
import { type Contender, crashed, emptyProgram, killed, opening } from "./contenders.ts";

const HELP = `node build/bench/death/main.js [--quick] [--json]
  --quick   fewer rounds, and no results are written
  --json    print the measurements instead of the table`;

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
});
const rounds = values.quick ? 10 : 60;

async function contenders(): Promise<Contender[]> {
  const examples = fileURLToPath(new URL("../../../rust-port/examples", import.meta.url));
  const echo = await build({ crate: `${examples}/echo`, bin: "echo" });
  const compute = await build({ crate: `${examples}/compute`, bin: "compute", features: ["full"] });
  return [
    emptyProgram(echo),
    opening(compute),
    await killed(compute),
    await crashed(compute, "answer"),
    await crashed(compute, "error"),
  ];
}

/** They take turns; the first round warms up and is not counted. */
async function measure(all: readonly Contender[]): Promise<Series[]> {
  const times = all.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${rounds}`);
    for (const [i, contender] of all.entries()) {
      const time = await contender.run();
      if (round > 0) times[i]?.push(time);
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  return all.map(({ name }, i) => ({ name, times: times[i] ?? [] }));
}

function table(series: readonly Series[]): string {
  const [base] = series;
  if (base === undefined) return "";
  const rows = series.map((one) => {
    const [least, middle, most] = spread(one.times).map((time) => time.toFixed(1));
    const [low, ratio, high] = spread(ratios(one, base)).map((times) => times.toFixed(2));
    return `| ${one.name} | ${ratio} (${low}–${high}) | ${middle} (${least}–${most}) |`;
  });
  return ["| | times the start of an empty program | ms |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function machine(): string {
  const rustc = execFileSync("rustc", ["--version"], { encoding: "utf8" }).trim();
  const cores = execFileSync("sh", ["-c", "ulimit -c"], { encoding: "utf8" }).trim();
  return `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}, ${rustc}, core dumps limited to ${cores}; median (least–most) of ${rounds} rounds, taken in turns.`;
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const all = await contenders();
  const series = await measure(all);
  for (const contender of all) await contender.close();
  const text = `# A death, to the first answer\n\n\`npm run bench:death\` on ${machine()}\n\n${table(series)}`;
  process.stdout.write(values.json ? `${JSON.stringify(series, undefined, 2)}\n` : text);
  if (values.quick) return;
  const results = new URL("../../../bench/results/", import.meta.url);
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL("death.md", results), text);
  writeFileSync(
    new URL("death.json", results),
    `${JSON.stringify({ machine: machine(), series }, undefined, 2)}\n`,
  );
}

await main();
