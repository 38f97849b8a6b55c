import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { factsOf } from "../../bench/compare/report/facts.ts";
import { parseResults } from "../../bench/compare/report/lookup.ts";
import { NAMED } from "../../bench/compare/report/names.ts";
import { page } from "../../bench/compare/report/page.ts";
import { picturesOf } from "../../bench/compare/report/pictures/all.ts";
import { prose } from "../../bench/compare/report/prose.ts";
import { bursts, summary } from "../../bench/compare/report/timeline.ts";
import type { Results } from "../../bench/compare/results.ts";
import { madeUp, timeline } from "./fixtures/report-results.ts";

const results = madeUp();

/** Results of which nothing was measured, as `--only` and `--job` may leave them behind. */
const NOTHING_MEASURED: Results = {
  ...results,
  leftOut: [],
  latency: [],
  throughput: [],
  memory: [],
  start: [],
  death: [],
  segfaultDeath: [],
  emptyProgram: [],
  crossover: [],
  spike: [],
  crash: [],
  matrix: [],
};

test("the contenders that the report names are those that there are", () => {
  // Not imported: the packages of the contenders are not there in `npm test`.
  const list = readFileSync(new URL("../../bench/compare/contenders/all.ts", import.meta.url), "utf8");
  const ids = [...list.matchAll(/^ {4}id: "([\w-]+)",$/gm)].map(([, id]) => id);
  expect(NAMED.filter((id) => !ids.includes(id))).toEqual([]);
  expect(results.contenders.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

/** The rows of the first table behind a head. */
function rowsBehind(text: string, head: string): string[] {
  const section = text.split(`\n${head}\n`)[1] ?? "";
  const lines = section.split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  const rest = lines.slice(first);
  return rest.slice(
    2,
    rest.findIndex((line) => !line.startsWith("|")),
  );
}

test("the report has every contender in its tables, the quickest first", () => {
  const rows = rowsBehind(page(results), "## One call after the other");
  expect(rows).toHaveLength(results.contenders.length);
  expect(rows[0]).toContain("JavaScript");
  expect(rows.at(-1)).toContain("execa");
  expect(rows.find((row) => row.includes("**portreeve, 1 worker**"))).toContain("| 1 |");
});

test("each row of a table has as many cells as its head", () => {
  let cells = 0;
  for (const line of page(results).split("\n")) {
    if (!line.startsWith("|")) {
      cells = 0;
      continue;
    }
    const here = line.replaceAll("\\|", "").split("|").length;
    if (cells !== 0) expect(here, line).toBe(cells);
    cells = here;
  }
});

test("what was left out is in the report with its reason", () => {
  const rows = rowsBehind(page(results), "## Left out");
  expect(rows).toContain(
    "| execa, a process a call | 8 MB of doubles | `arguments on a command line are text` |",
  );
});

test("text of others cannot break a table", () => {
  const [cell] = results.matrix;
  if (cell === undefined) throw new Error("the made-up results have no matrix");
  const text = page({ ...results, matrix: [{ ...cell, error: "one | two\n`three`\n" }] });
  expect(text).toContain("| `one \\| two 'three'` |");
});

test("a host that died is told as dead, and never as back", () => {
  const rows = rowsBehind(page(results), "## The crash matrix");
  const addon = rows.find((row) => row.includes("napi-rs, synchronous"));
  expect(addon?.match(/\*\*dead\*\*/g)).toHaveLength(6);
  expect(rows.find((row) => row.startsWith("| portreeve, 1 worker"))).not.toContain("dead");
});

test("a partial run has a report without the parts that it lacks", () => {
  const text = page(NOTHING_MEASURED);
  for (const head of ["## The crossover", "## The spike", "## The crash", "## Every job", "## Left out"]) {
    expect(text).not.toContain(`\n${head}\n`);
  }
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(picturesOf(NOTHING_MEASURED)).toEqual([]);
});

test("no number is missing in the report of a whole run", () => {
  expect(page(results)).not.toMatch(/NaN|undefined|Infinity/);
});

test("from the file or from the run, the report is the same", () => {
  const none = { calls: 0, p50: Number.NaN, p99: Number.NaN, max: Number.NaN };
  const partial = { ...results, shortCalls: { idle: none, loaded: none } };
  expect(page(parseResults(JSON.stringify(partial)))).toBe(page(partial));
});

test("every picture says in words what it shows", () => {
  const pictures = picturesOf(results);
  expect(pictures.map(({ name }) => name)).toEqual(["throughput", "latency", "crossover", "spike", "crash"]);
  const text = page(results);
  for (const { name, alt } of pictures) expect(text).toContain(`![${alt}](results/compare-${name}.svg)`);
});

test("bursts are found by what was due", () => {
  const load = timeline("one", 9000, false);
  expect(bursts(load)).toEqual([
    { from: 13, to: 22 },
    { from: 54, to: 63 },
  ]);
  expect(summary(load)).toMatchObject({ failed: 0, unanswered: 0 });
  expect(summary(load).worstP99).toBeGreaterThan(summary(load).calmP99);
});

test("a step without answers has no p99, and does not count as a quick one", () => {
  const load = timeline("one", 9000, false);
  const silent = { due: 700, answered: 0, failed: 700, loopMax: 1 };
  expect(summary({ ...load, steps: [silent] })).toMatchObject({
    answered: 0,
    failed: 700,
    worstP99: Number.NEGATIVE_INFINITY,
  });
});

const root = fileURLToPath(new URL("../..", import.meta.url));
const committed = `${root}bench/results/compare.json`;

test.runIf(existsSync(committed))("what is committed is what the committed results make", () => {
  const read = (path: string) => readFileSync(`${root}${path}`, "utf8");
  const kept = parseResults(readFileSync(committed, "utf8"));
  const again = "npm run bench:report writes it anew";
  expect(read("bench/REPORT.md") === page(kept), `bench/REPORT.md: ${again}`).toBe(true);
  const template = read("bench/compare/report/addon-or-port.template.md");
  const text = prose(template, factsOf(kept));
  expect(read("docs/addon-or-port.md") === text, `docs/addon-or-port.md: ${again}`).toBe(true);
  for (const { name } of picturesOf(kept))
    expect(existsSync(`${root}bench/results/compare-${name}.svg`)).toBe(true);
});
