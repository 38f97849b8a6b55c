/**
 * Writes everything that people look at: bench/REPORT.md, the pictures beside the results, and docs/addon-or-port.md.
 * `npm run bench:report` makes them anew from the committed results; `npm run bench` does it after a whole run.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Results } from "../results.ts";
import { factsOf } from "./facts.ts";
import { parseResults } from "./lookup.ts";
import { page } from "./page.ts";
import { picturesOf } from "./pictures/all.ts";
import { draw } from "./pictures/chart.ts";
import { MissingFacts, prose } from "./prose.ts";

const HELP = `npm run bench:report [-- <results.json>]
  Writes bench/REPORT.md, bench/results/compare-*.svg and docs/addon-or-port.md from the results of a run
  (default: bench/results/compare.json).`;

/** @param root of the repository */
export async function writeReport(results: Results, root: string): Promise<void> {
  // As they will be read from the file: the same report whether it is made after the run or later.
  const read = parseResults(JSON.stringify(results));
  for (const picture of picturesOf(read)) {
    put(root, `bench/results/compare-${picture.name}.svg`, draw(picture, root));
  }
  put(root, "bench/REPORT.md", page(read));
  writeProse(read, root);
}

/** Results of a part of the benchmark leave the page of prose as it was, and say why. */
function writeProse(results: Results, root: string): void {
  const template = readFileSync(join(root, "bench/compare/report/addon-or-port.template.md"), "utf8");
  try {
    put(root, "docs/addon-or-port.md", prose(template, factsOf(results)));
  } catch (error) {
    if (!(error instanceof MissingFacts)) throw error;
    process.stderr.write(`docs/addon-or-port.md is not written: ${error.message}\n`);
  }
}

function put(root: string, path: string, text: string): void {
  writeFileSync(join(root, path), text);
  process.stderr.write(`${path}\n`);
}

async function main(args: readonly string[], root: string): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const path = resolve(args[0] ?? join(root, "bench/results/compare.json"));
  await writeReport(parseResults(readFileSync(path, "utf8")), root);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(process.argv.slice(2), process.cwd());
}
