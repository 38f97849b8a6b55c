/** Who outlives which accident, and what becomes of the calls beside it. */

import type { Accident, Results } from "../../results.ts";
import type { Facts } from "../facts.ts";
import { listed } from "../markdown.ts";
import { ACCIDENTS, ASYNC, PORT, SYNC } from "../names.ts";
import { digits, millis, NOTHING } from "../numbers.ts";

export function crashFacts(results: Results): Facts {
  const cells = cellsOf(results, PORT);
  const sum = (of: (cell: Accident) => number) =>
    cells.length === 0 ? NOTHING : digits(cells.reduce((total, cell) => total + of(cell), 0));
  return {
    accidentCount: cells.length === 0 ? NOTHING : String(cells.length),
    accidentList: names(cells),
    ...survival(results, "sync", SYNC),
    ...survival(results, "async", ASYNC),
    ...survival(results, "port", PORT),
    portInnocent: sum(({ inFlight }) => inFlight),
    portLost: sum(({ lost }) => lost),
    portWrong: sum(({ wrong }) => wrong),
    portHanging: sum(({ hanging }) => hanging),
    portBack: longestGap(cells),
  };
}

function cellsOf(results: Results, id: string): Accident[] {
  return results.matrix.filter(({ contender }) => contender === id);
}

function names(cells: readonly Accident[]): string {
  return cells.length === 0 ? NOTHING : listed(cells.map(({ accident }) => ACCIDENTS[accident]));
}

function survival(results: Results, name: string, id: string): Facts {
  const cells = cellsOf(results, id);
  const killers = cells.filter(({ hostAlive }) => !hostAlive);
  const text = killers.length === 0 ? "None of them killed it." : `What killed it: ${names(killers)}.`;
  return {
    [`${name}Survived`]: cells.length === 0 ? NOTHING : `${cells.length - killers.length} of ${cells.length}`,
    [`${name}Killed`]: cells.length === 0 ? NOTHING : text,
  };
}

/** Once there was no answer any more, no time can be told. */
function longestGap(cells: readonly Accident[]): string {
  const gaps = cells.map(({ backMs }) => backMs);
  if (gaps.some((gap) => gap === undefined)) return "without an end in one of them";
  return gaps.length === 0 ? NOTHING : millis(Math.max(...gaps.map((gap) => gap ?? 0)));
}
