/** What docs/addon-or-port.md says in numbers, and in words that depend on them: each placeholder's text, from the results. */

import type { Results } from "../results.ts";
import { callFacts } from "./facts/calls.ts";
import { crashFacts } from "./facts/crash.ts";
import { loadFacts } from "./facts/load.ts";
import { digits } from "./numbers.ts";
import { picturesOf } from "./pictures/all.ts";

export type Facts = Readonly<Record<string, string>>;

export function factsOf(results: Results): Facts {
  const { about } = results;
  const { cpu, cores } = about.machine;
  return {
    command: about.command,
    machine: `${cores} × ${cpu}, Node ${about.node}, ${about.rustc}`,
    rounds: digits(about.rounds),
    cores: digits(cores),
    ...alts(results),
    ...callFacts(results),
    ...loadFacts(results),
    ...crashFacts(results),
  };
}

function alts(results: Results): Facts {
  const all = picturesOf(results).map(({ name, alt }) => [`${name}Alt`, alt]);
  return Object.fromEntries(all);
}
