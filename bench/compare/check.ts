/** `--check`: measures what the rules need, and measures longer what seems to break one before it says so. */

import { judge, RULES, type Rule, type Verdict } from "./check/rules.ts";
import { closing, verdictTable } from "./check/table.ts";
import { CHECK, CHECK_AGAIN, type Pace } from "./plan.ts";
import type { Results } from "./results.ts";
import { neededBy, type Selection } from "./selection.ts";

export interface Checked {
  readonly verdicts: readonly Verdict[];
  readonly passed: boolean;
}

/** `measure` makes one run of what was selected. */
export async function check(
  contenders: readonly string[],
  measure: (selection: Selection) => Promise<Results>,
  rules: readonly Rule[] = RULES,
): Promise<Checked> {
  const first = await hold(rules, CHECK, contenders, measure);
  const broken = first.filter(({ passed }) => !passed).map(({ rule }) => rule);
  // The machine is not ours alone: a rule is broken when it is so in a longer measurement as well.
  const again = broken.length === 0 ? [] : await hold(broken, CHECK_AGAIN, contenders, measure);
  const verdicts = first.map((verdict) => again.find(({ rule }) => rule === verdict.rule) ?? verdict);
  return { verdicts, passed: verdicts.every(({ passed }) => passed) };
}

async function hold(
  rules: readonly Rule[],
  pace: Pace,
  contenders: readonly string[],
  measure: (selection: Selection) => Promise<Results>,
): Promise<Verdict[]> {
  const needs = rules.map((rule) => rule.needs);
  const results = await measure(neededBy(needs, contenders, pace));
  return rules.map((rule) => judge(rule, results));
}

export function checkText({ verdicts }: Checked): string {
  return `${verdictTable(verdicts)}\n\n${closing(verdicts)}`;
}

/** For `--json`. */
export function checkJson({ verdicts, passed }: Checked) {
  const rules = verdicts.map(({ rule, ...verdict }) => ({
    rule: rule.name,
    bound: rule.bound,
    limit: rule.limit,
    unit: rule.unit.trim(),
    ...verdict,
  }));
  return { passed, rules };
}
