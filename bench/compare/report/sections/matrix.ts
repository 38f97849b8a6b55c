/** The crash matrix: who survives at a glance, and each accident in full when it is opened. */

import type { AccidentId } from "../../contenders/contender.ts";
import type { Accident, Results } from "../../results.ts";
import { titleOf } from "../lookup.ts";
import { code, folded, table } from "../markdown.ts";
import { ACCIDENTS } from "../names.ts";
import { bytes, millis, NOTHING } from "../numbers.ts";

export function matrix(results: Results): string[] {
  if (results.matrix.length === 0) return [];
  const accidents = (Object.keys(ACCIDENTS) as AccidentId[]).filter((id) =>
    results.matrix.some(({ accident }) => accident === id),
  );
  const rows = contendersOf(results).map((id) => [
    titleOf(results, id),
    ...accidents.map((accident) => glance(cellOf(results, id, accident))),
  ]);
  return [
    "## The crash matrix",
    "Every accident was made to happen to every contender, with innocent calls beside it. A host that is **dead** takes all of them with it; in a host that lives, so many of the innocent calls were lost (an error), wrong or hanging (neither answer nor error), and nobody was answered for so long. How much a leak still holds is in its own table.",
    table(["", ...accidents.map((id) => ACCIDENTS[id])], rows),
    ...accidents.map((accident) => folded(headline(results, accident), [details(results, accident)])),
  ];
}

function contendersOf(results: Results): string[] {
  const inMatrix = new Set(results.matrix.map(({ contender }) => contender));
  return results.contenders.map(({ id }) => id).filter((id) => inMatrix.has(id));
}

function cellOf(results: Results, id: string, accident: AccidentId): Accident | undefined {
  return results.matrix.find((cell) => cell.contender === id && cell.accident === accident);
}

function glance(cell: Accident | undefined): string {
  if (cell === undefined) return NOTHING;
  if (!cell.hostAlive) return "**dead**";
  const { lost, wrong, hanging } = cell;
  const bad = [
    [lost, "lost"],
    [wrong, "wrong"],
    [hanging, "hanging"],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return [bad.length === 0 ? "none lost" : bad.join(", "), back(cell)].join("; ");
}

function back({ backMs }: Accident): string {
  return backMs === undefined ? "never back" : millis(backMs);
}

function headline(results: Results, accident: AccidentId): string {
  const cells = results.matrix.filter((cell) => cell.accident === accident);
  const alive = cells.filter(({ hostAlive }) => hostAlive).length;
  const text = ACCIDENTS[accident];
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}: the host of ${alive} of ${cells.length} lives`;
}

function details(results: Results, accident: AccidentId): string {
  const leak = accident === "leak";
  const rows = contendersOf(results).flatMap((id) => {
    const cell = cellOf(results, id, accident);
    return cell === undefined ? [] : [[titleOf(results, id), ...row(cell, leak)]];
  });
  const head = [
    "",
    "the host",
    "lost",
    "wrong",
    "hanging",
    "back after",
    "told after",
    ...(leak ? ["still held"] : []),
    "what the caller was told",
  ];
  return table(head, rows);
}

function row(cell: Accident, leak: boolean): string[] {
  const held =
    cell.leak === undefined ? NOTHING : `${bytes(cell.leak.heldBytes)} of ${bytes(cell.leak.leakedBytes)}`;
  return [
    cell.hostAlive ? "lives" : `**dead**: ${cell.hostEnd ?? "it ended"}`,
    `${cell.lost} of ${cell.inFlight}`,
    String(cell.wrong),
    String(cell.hanging),
    cell.hostAlive ? back(cell) : NOTHING,
    cell.toldMs === undefined ? "never" : millis(cell.toldMs),
    ...(leak ? [held] : []),
    code(cell.error),
  ];
}
