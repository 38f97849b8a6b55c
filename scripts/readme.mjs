#!/usr/bin/env node
/**
 * Writes the generated parts of README.md: a crash as it is printed, and the measured ratios. `--check` only compares.
 * Needs dist/ (npm run build) and, for the crash, cargo.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "portreeve/build";

const root = join(import.meta.dirname, "..");
const path = join(root, "README.md");

const CRASH = `import { open } from "portreeve";

const port = await open("./compute");
const sums = [port.call("segfault"), port.call("sum", [[1, 2]])];
await sums[0].catch(console.error);
console.log(await sums[1]); // 3: it had not begun, and went to the next worker
await port.close();
`;

/** Lines that differ from one Node or Rust to the next. */
const FOREIGN = /node:internal|core::/;

/** Runs the code as a file of its own in the checkout, against the compute program. */
async function crash() {
  const crate = join(root, "rust-port", "examples", "compute");
  const program = await build({ crate, bin: "compute", features: ["full"] });
  const folder = mkdtempSync(join(tmpdir(), "portreeve-crash-"));
  const main = join(folder, "main.mjs");
  const portreeve = JSON.stringify(join(root, "dist", "src", "index.js"));
  const code = CRASH.replace('"./compute"', `${JSON.stringify(program)}, { stderr: "ignore" }`);
  writeFileSync(main, code.replace('"portreeve"', portreeve));
  try {
    const output = execFileSync("/bin/sh", ["-c", `ulimit -c 0; "${process.execPath}" "${main}" 2>&1`], {
      encoding: "utf8",
    });
    const shown = output
      .replaceAll(main, "/app/main.js")
      .replace(/pid \d+/, "pid 4242")
      .replace(/pid: \d+/, "pid: 4242")
      .replace(/uptime: \d+/, "uptime: 12");
    const lines = shown
      .trimEnd()
      .split("\n")
      .filter((line) => !FOREIGN.test(line));
    return `\`\`\`js\n${CRASH}\`\`\`\n\n\`\`\`\n${lines.join("\n")}\n\`\`\``;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Those that the README compares; all of them are in bench/REPORT.md. */
const SHOWN = [
  "portreeve",
  "napi-sync",
  "napi-task",
  "napi-async",
  "worker-threads",
  "json-lines",
  "grpc",
  "echo",
];

/** The sum of three numbers out of bench/results/compare.json. */
function bench() {
  const file = join(root, "bench", "results", "compare.json");
  const { about, contenders, latency, throughput } = JSON.parse(readFileSync(file, "utf8"));
  const rows = SHOWN.map((id) => {
    const { title } = contenders.find((contender) => contender.id === id);
    const of = (list, where) => list.find((row) => row.contender === id && row.job === "sum" && where(row));
    const alone = of(latency, ({ pinned }) => !pinned);
    const pinned = of(latency, (row) => row.pinned);
    const many = of(throughput, ({ inFlight }) => inFlight === 256);
    const rate = Math.round(median(many.callsPerSecond) / 1000) * 1000;
    return `| ${title} | ${micros(pinned)} | ${micros(alone)} | ${rate.toLocaleString("en")} |`;
  });
  const head =
    "| | one after the other, on one core | one after the other | calls/s, 256 in flight |\n| --- | ---: | ---: | ---: |";
  const where = `${about.machine.cores} × ${about.machine.cpu}, Node ${about.node}, ${about.rustc}`;
  return `${head}\n${rows.join("\n")}\n\nMedians (of p50 where it is a time), on ${where}.`;
}

function micros({ p50 }) {
  return `${Number(median(p50).toPrecision(2))} µs`;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (middle[0] + middle[1]) / 2;
}

/** Replaces what stands between the two marks of a part. */
function put(text, part, content) {
  const marks = new RegExp(`(<!-- generated: ${part} -->\n)[^]*?<!-- end -->`);
  if (!marks.test(text)) throw new Error(`README.md has no part ${part}`);
  return text.replace(marks, (_, begin) => `${begin}${content}\n<!-- end -->`);
}

const before = readFileSync(path, "utf8");
const after = put(put(before, "crash", await crash()), "bench", bench());
if (!process.argv.includes("--check")) writeFileSync(path, after);
else if (before !== after) {
  process.stderr.write("README.md is not what `npm run readme` writes\n");
  process.exitCode = 1;
}
