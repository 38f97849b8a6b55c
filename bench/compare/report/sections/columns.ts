/** Tables that have a row for each contender: columns that say for an id what is in the cell. */

import type { Results } from "../../results.ts";
import { titleOf } from "../lookup.ts";
import { table } from "../markdown.ts";
import { PORT } from "../names.ts";
import { NOTHING } from "../numbers.ts";

export interface Column {
  readonly head: string;
  cell(id: string): string;
}

/** Rows in the order of `rank`, the least first; what has nothing in any cell has no row and no column. */
export function contenderTable(
  results: Results,
  columns: readonly Column[],
  rank: (id: string) => number,
): string {
  const shown = columns.filter(({ cell }) => results.contenders.some(({ id }) => cell(id) !== NOTHING));
  const rows = results.contenders
    .map(({ id }) => ({ id, rank: rank(id), cells: shown.map((column) => column.cell(id)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== NOTHING))
    .toSorted((a, b) => order(a.rank) - order(b.rank));
  return table(
    ["", ...shown.map(({ head }) => head)],
    rows.map(({ id, cells }) => [name(results, id), ...cells]),
  );
}

function name(results: Results, id: string): string {
  return id === PORT ? `**${titleOf(results, id)}**` : titleOf(results, id);
}

/** What was not measured comes last. */
function order(value: number): number {
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}
