/** What was promised, and whether this run shows it: the rules of `npm run bench -- --check`. */

import { judge, RULES, type Verdict } from "../../check/rules.ts";
import type { Results } from "../../results.ts";
import { table } from "../markdown.ts";
import { digits, NOTHING } from "../numbers.ts";

export function targets(results: Results): string[] {
  const verdicts = RULES.map((rule) => judge(rule, results));
  const seen = verdicts.filter(({ median }) => Number.isFinite(median));
  const kept = seen.filter(({ passed }) => passed).length;
  return [
    "## What it is held against",
    `${kept} of the ${seen.length} that were measured hold in this run; \`npm run bench -- --check\` holds a fresh one against the same.`,
    table(["rule", "bound", "measured", "holds"], verdicts.map(row)),
  ];
}

function row({ rule, least, median, most, passed }: Verdict): string[] {
  const spread = least < most ? ` (${digits(least)}–${digits(most)})` : "";
  const measured = Number.isFinite(median) ? `${digits(median)}${rule.unit}${spread}` : NOTHING;
  const verdict = Number.isFinite(median) ? (passed ? "yes" : "**no**") : "not measured";
  return [rule.name, `${rule.bound} ${digits(rule.limit)}${rule.unit}`, measured, verdict];
}
