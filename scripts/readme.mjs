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

/** The ratios of bench/results/call.json, without the absolute times. */
function bench() {
  const { machine, loads } = JSON.parse(readFileSync(join(root, "bench", "results", "call.json"), "utf8"));
  const names = loads[0].series.map(({ name }) => name);
  const head = `| times the raw echo | ${loads.map(({ title }) => title).join(" | ")} |\n| --- |${" --- |".repeat(loads.length)}`;
  const rows = names.map((name, i) => `| ${name} | ${loads.map((load) => ratio(load, i)).join(" | ")} |`);
  const perCall = loads.map(
    ({ title, series }) => `${median(series[2].times).toFixed(1)} µs a call ${title}`,
  );
  return `${head}\n${rows.join("\n")}\n\nIn absolute times ${perCall.join(", ")}, on ${machine}`;
}

function ratio({ series }, i) {
  return median(series[i].times.map((time, round) => time / series[0].times[round])).toFixed(2);
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
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
