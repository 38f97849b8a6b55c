/** docs/addon-or-port.md: the template with each placeholder replaced. A number that is not there is an error. */

import type { Facts } from "./facts.ts";
import { NOTHING } from "./numbers.ts";

const PLACEHOLDER = /\{\{(\w+)\}\}/g;
const ORIGIN =
  "<!-- Made by `npm run bench:report` from bench/compare/report/addon-or-port.template.md and bench/results/compare.json. -->";

/** The results have no number for something that the page says: a partial run, or a contender that was left out. */
export class MissingFacts extends Error {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super(`the results have nothing for ${names.join(", ")}: the page needs a whole run`);
    this.name = "MissingFacts";
    this.names = names;
  }
}

export function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ""))];
}

/** @throws MissingFacts */
export function prose(template: string, facts: Facts): string {
  const missing = placeholders(template).filter((name) => (facts[name] ?? NOTHING) === NOTHING);
  if (missing.length > 0) throw new MissingFacts(missing);
  return `${ORIGIN}\n\n${template.replaceAll(PLACEHOLDER, (_whole, name: string) => facts[name] ?? "")}`;
}
