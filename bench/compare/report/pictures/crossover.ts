/** The crossover: what a call adds, as a share of the job, against the length of the job. Both axes are logarithmic. */

import type { Results } from "../../results.ts";
import { crossing, type SharePoint, shares } from "../crossing.ts";
import { titleOf } from "../lookup.ts";
import { ASYNC, EXECA, GRPC, kindOf, PLAIN, PORT, SYNC, THREADS } from "../names.ts";
import { duration, percent } from "../numbers.ts";
import { apart } from "./apart.ts";
import type { Option, Picture } from "./chart.ts";
import {
  BLUE,
  COLOURS,
  FAINT,
  heading,
  INK,
  logAxis,
  MUTED,
  PAPER,
  powerAbove,
  powerBelow,
  WIDTH,
} from "./theme.ts";

/** Those that have a name and a colour; the others are drawn as thin lines behind them. */
const NAMED: readonly string[] = [PLAIN, SYNC, ASYNC, THREADS, GRPC, EXECA, PORT];
const LIMITS = [0.1, 0.01] as const;
/** A hundredth of a percent: less than that is noise. */
const FLOOR = 1e-4;
const GRID = { right: 78, top: 62, height: 360 } as const;
/** Of a character of a label, in pixels. */
const CHARACTER = 7.2;
const LABEL = 16;

interface Line {
  readonly id: string;
  readonly points: readonly SharePoint[];
}

export function crossoverPicture(results: Results): Picture | undefined {
  const lines = results.crossover.map((one) => ({ id: one.contender, points: shares(one) }));
  const jobs = lines.flatMap(({ points }) => points.map(({ jobMicros }) => jobMicros));
  const port = lines.find(({ id }) => id === PORT);
  if (port === undefined) return undefined;
  const named = NAMED.flatMap((id) => lines.find((line) => line.id === id) ?? []);
  const behind = lines.filter(({ id }) => !NAMED.includes(id));
  const text = sentence(port);
  const ceiling = powerAbove(Math.max(...lines.flatMap(({ points }) => points.map(({ share }) => share))));
  return {
    name: "crossover",
    alt: `Overhead of a call by the length of its job. ${text}.`,
    width: WIDTH,
    height: GRID.top + GRID.height + 46,
    option: {
      title: heading(
        text,
        `What a call adds to its job, as a share of the job, one after the other. ${behind.length === 0 ? "" : "Thin lines: the other contenders."}`,
      ),
      grid: {
        ...GRID,
        left: 16 + CHARACTER * Math.max(...named.map(({ id }) => titleOf(results, id).length)),
      },
      xAxis: logAxis(duration, {
        min: powerBelow(Math.min(...jobs)),
        max: powerAbove(Math.max(...jobs)),
        name: "the job itself",
        nameLocation: "middle",
        nameGap: 26,
      }),
      yAxis: logAxis(percent, { min: FLOOR, max: ceiling, position: "right" }),
      series: [
        ...behind.map(thin),
        ...named.map((line) => thick(results, line)),
        names(results, named, GRID.height / Math.log10(ceiling / FLOOR)),
        limits(),
        crossings(port),
      ],
    },
  };
}

function sentence({ points }: Line): string {
  const found = LIMITS.flatMap((limit) => {
    const at = crossing(points, limit);
    return at === undefined ? [] : [`under ${percent(limit)} from ${duration(at.micros)} on`];
  });
  return found.length === 0
    ? "portreeve's overhead is over a tenth of every job that was measured"
    : `A call to portreeve costs ${found.join(", ")}`;
}

/** Below the floor the line leaves the picture. */
function data(points: readonly SharePoint[]): [number, number][] {
  return points.map(({ jobMicros, share }) => [jobMicros, Math.max(share, FLOOR / 1000)]);
}

function thin({ points }: Line): Option {
  const lineStyle = { color: FAINT, width: 1 };
  return { type: "line", silent: true, showSymbol: false, data: data(points), lineStyle };
}

function thick(results: Results, { id, points }: Line): Option {
  const color = COLOURS[kindOf(results, id)];
  const own = id === PORT;
  return {
    type: "line",
    silent: true,
    symbol: "circle",
    symbolSize: own ? 6 : 4,
    itemStyle: { color },
    lineStyle: { color, width: own ? 3 : 1.5, type: id === ASYNC || id === GRPC ? "dashed" : "solid" },
    data: data(points),
  };
}

/** Beside the first point of each line, moved apart where lines lie on each other. @param scale pixels of a power of ten */
function names(results: Results, lines: readonly Line[], scale: number): Option {
  const first = lines.flatMap(({ id, points }) => data(points.slice(0, 1)).map(([x, y]) => ({ id, x, y })));
  const sorted = first.toSorted((a, b) => b.y - a.y);
  const heights = apart(
    sorted.map(({ y }) => Math.log10(y)),
    LABEL / scale,
  );
  const label = (id: string) => ({
    formatter: titleOf(results, id),
    color: COLOURS[kindOf(results, id)],
    fontWeight: id === PORT ? "bold" : "normal",
  });
  return {
    type: "scatter",
    silent: true,
    symbolSize: 0,
    itemStyle: { opacity: 1 },
    data: sorted.map(({ id, x }, i) => ({ value: [x, 10 ** (heights[i] ?? 0)], label: label(id) })),
    label: { show: true, position: "left", distance: 8, fontSize: 12 },
  };
}

/** The lines at 10 % and 1 %. */
function limits(): Option {
  const data = LIMITS.map((limit) => ({ yAxis: limit }));
  const lineStyle = { color: MUTED, type: "dashed", width: 1 };
  const markLine = { silent: true, symbol: "none", data, lineStyle, label: { show: false } };
  return { type: "line", data: [], markLine };
}

function crossings({ points }: Line): Option {
  const marks = LIMITS.flatMap((limit) => {
    const at = crossing(points, limit);
    if (at === undefined) return [];
    const text = `${percent(limit)} at ${duration(at.micros)}`;
    return [{ value: [at.micros, limit], label: { formatter: text } }];
  });
  return {
    type: "scatter",
    silent: true,
    symbolSize: 11,
    itemStyle: { color: PAPER, borderColor: BLUE, borderWidth: 2.5, opacity: 1 },
    data: marks,
    label: { show: true, position: [12, -12], color: INK, fontSize: 12, fontWeight: "bold" },
    z: 5,
  };
}
