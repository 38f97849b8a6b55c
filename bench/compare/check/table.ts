/** The verdicts as a table for a terminal. */

import type { Verdict } from "./rules.ts";

export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ rule, median, least, most, passed }) => [
    passed ? "ok" : "BROKEN",
    rule.name,
    Number.isNaN(median) ? "not measured" : number(median, rule.unit),
    least < most ? `${number(least)}–${number(most)}` : "",
    `${rule.bound} ${number(rule.limit, rule.unit)}`,
  ]);
  return columns([["", "", "median", "least–most", "bound"], ...rows], 2);
}

/** The last line of a check. */
export function closing(verdicts: readonly Verdict[]): string {
  const broken = verdicts.filter(({ passed }) => !passed);
  if (broken.length === 0) return `All ${verdicts.length} rules hold.`;
  return `${broken.length} of ${verdicts.length} rules are broken:\n${broken.map(({ rule }) => `  ${rule.name}`).join("\n")}`;
}

function number(value: number, unit = ""): string {
  return `${value.toFixed(Math.abs(value) >= 100 ? 0 : 2)}${unit}`;
}

/** Text in columns, the first so many of them to the left, the numbers behind them to the right. */
export function columns(rows: readonly (readonly string[])[], texts: number): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  const pad = (cell: string, i: number) =>
    i < texts ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}
