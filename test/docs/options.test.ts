/** The tables of options in docs/guide.md have every option there is, with the default that the code has. */
import { expect, test } from "vitest";
import { OPEN } from "../../src/options/open.ts";
import type { Table } from "../../src/options/table.ts";
import { CALL } from "../../src/port/call-options.ts";
import { textOf } from "./snippets.ts";

const MiB = 1024 * 1024;
const page = textOf("docs/guide.md");

/** Option → what stands in the column of defaults. A row may have several options, and as many defaults. */
function rowsOf(name: string): Map<string, string> {
  const table = page.split(`<!-- options: ${name} -->\n`)[1]?.split("\n\n")[0] ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.flatMap((row) => {
      const [, options = "", defaults = ""] = row.split("|").map((cell) => cell.trim());
      const names = [...options.matchAll(/`(\w+)`/g)].map(([, option = ""]) => option);
      const values = names.length === 1 ? [defaults] : defaults.split(", ");
      return names.map((option, index) => [option, values[index] ?? ""] as const);
    }),
  );
}

/** A default as the page writes it; undefined where it is told in words. */
function written(table: Table, option: string): string | undefined {
  const { fallback, table: inner = {} } = table[option] ?? {};
  if (typeof fallback === "number") return fallback === 0 ? "none" : numberAsWritten(fallback);
  if (typeof fallback === "string" || typeof fallback === "boolean") return `\`${JSON.stringify(fallback)}\``;
  const parts = Object.entries(inner).filter(([, rule]) => rule.fallback !== undefined);
  const known = parts.map(([name, rule]) => `${name}: ${grouped(rule.fallback as number, "_")}`);
  return known.length === 0 ? undefined : `\`{ ${known.join(", ")} }\``;
}

function numberAsWritten(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "`Infinity`";
  return value % MiB === 0 ? `${value / MiB} MiB` : grouped(value, " ");
}

/** From five digits on, in groups of three. */
function grouped(value: number, by: string): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, by);
}

test.each([
  ["open", OPEN],
  ["call", CALL],
] as const)("the table of %s has every option", (name, table) => {
  expect([...rowsOf(name).keys()].toSorted()).toEqual(Object.keys(table).toSorted());
});

test("each default is that of the code", () => {
  const rows = [...rowsOf("open")].filter(([option]) => written(OPEN, option) !== undefined);
  expect(rows.length).toBeGreaterThan(15);
  expect(rows).toEqual(rows.map(([option]) => [option, written(OPEN, option)]));
});
