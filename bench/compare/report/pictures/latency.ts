/** Latency, one call after the other: from p50 to p99 of every contender, on one core and as the system likes. */

import { median } from "../../measure/statistics.ts";
import type { Results } from "../../results.ts";
import { latencyOf } from "../lookup.ts";
import { type Kind, kindOf } from "../names.ts";
import { duration } from "../numbers.ts";
import type { Option, Picture } from "./chart.ts";
import { type RangeRow, ranges } from "./range.ts";
import {
  COLOURS,
  everySecond,
  heading,
  kindLegend,
  logAxis,
  MUTED,
  powerAbove,
  powerBelow,
  rowAxis,
  WIDTH,
} from "./theme.ts";

const JOB = "sum";
const ROW = 22;
const TOP = 94;
const BOTTOM = 32;
const GRIDS = [
  { left: 190, width: 220 },
  { left: 475, width: 220 },
] as const;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly unpinned: Ends;
  readonly pinned?: Ends;
}

interface Ends {
  readonly p50: number;
  readonly p99: number;
}

export function latencyPicture(results: Results): Picture | undefined {
  const rows = results.contenders.flatMap(({ id, title }) => rowOf(results, id, title)).toSorted(byPlain);
  if (rows.length === 0) return undefined;
  const ends = rows.flatMap(({ unpinned, pinned }) => [unpinned, ...(pinned === undefined ? [] : [pinned])]);
  const limits = {
    min: powerBelow(Math.min(...ends.map(({ p50 }) => p50))),
    max: powerAbove(Math.max(...ends.map(({ p99 }) => p99))),
  };
  const legend = kindLegend(new Set(rows.map(({ kind }) => kind)));
  const panels = ["both processes on one core", "as the system places them"];
  return {
    name: "latency",
    alt: altText(rows),
    width: WIDTH,
    height: TOP + BOTTOM + rows.length * ROW,
    option: {
      title: [
        heading(
          "One call after the other: latency",
          `Full dot and number: p50. Open dot: p99. Medians of the rounds.\n${legend}`,
        ),
        ...panels.map((text, i) => ({
          text,
          left: GRIDS[i]?.left,
          top: TOP - 22,
          textStyle: { fontSize: 12, color: MUTED },
        })),
      ],
      grid: GRIDS.map((place) => ({ ...place, top: TOP, bottom: BOTTOM })),
      xAxis: GRIDS.map((_, i) => logAxis(everySecond(duration), { gridIndex: i, ...limits })),
      yAxis: [rowAxis(rows, { gridIndex: 0 }), rowAxis(rows, { gridIndex: 1, axisLabel: { show: false } })],
      series: series(rows),
    },
  };
}

function altText(rows: readonly Row[]): string {
  const shown = rows.filter(({ kind }, i) => kind === "port" || i === 0 || i === rows.length - 1);
  const words = shown.map(
    ({ title, unpinned: { p50, p99 } }) => `${title} ${duration(p50)} and ${duration(p99)}`,
  );
  return `Latency of one call after the other, p50 and p99 where the system places the processes: ${words.join("; ")}. The report has all of them.`;
}

function rowOf(results: Results, id: string, title: string): Row[] {
  const ends = (pinned: boolean) => {
    const found = latencyOf(results, id, JOB, pinned);
    return found && { p50: median(found.p50), p99: median(found.p99) };
  };
  const [unpinned, pinned] = [ends(false), ends(true)];
  if (unpinned === undefined) return [];
  return [{ id, title, kind: kindOf(results, id), unpinned, ...(pinned && { pinned }) }];
}

function byPlain(a: Row, b: Row): number {
  return a.unpinned.p50 - b.unpinned.p50;
}

function series(rows: readonly Row[]): Option[] {
  const line = ({ kind }: Row, ends: Ends | undefined, row: number): RangeRow[] =>
    ends === undefined
      ? []
      : [
          {
            row,
            from: ends.p50,
            to: ends.p99,
            dots: [ends.p50, ends.p99],
            colour: COLOURS[kind],
            text: duration(ends.p50),
          },
        ];
  return [
    ranges(
      rows.flatMap((row, i) => line(row, row.pinned, i)),
      0,
    ),
    ranges(
      rows.flatMap((row, i) => line(row, row.unpinned, i)),
      1,
    ),
  ];
}
