/** The spike: p99 of the answers and the event loop's longest delay over time, a panel for each contender. */

import type { Results, Timeline } from "../../results.ts";
import { titleOf } from "../lookup.ts";
import { kindOf } from "../names.ts";
import { duration, millis } from "../numbers.ts";
import { summary } from "../timeline.ts";
import type { Option, Picture } from "./chart.ts";
import { longest, type Place, secondsOf, shade, timeAxis } from "./panels.ts";
import {
  BLUE,
  COLOURS,
  heading,
  legendEntry,
  logAxis,
  MUTED,
  ORANGE,
  powerAbove,
  powerBelow,
  WIDTH,
} from "./theme.ts";

const COLUMNS = 2;
const TOP = 122;
const PANEL = { width: 310, height: 130 } as const;
const LEFTS = [58, 430] as const;
const GAP = 54;

export function spikePicture(results: Results): Picture | undefined {
  const { spike } = results;
  if (spike.length === 0) return undefined;
  const rows = Math.ceil(spike.length / COLUMNS);
  const places = spike.map((_, i) => placeOf(i));
  const axis = millisAxis(spike);
  const max = longest(spike);
  const legend = [
    legendEntry("blue", "p99 of the answers"),
    legendEntry("orange", "longest delay of the event loop"),
  ];
  return {
    name: "spike",
    alt: `A load with tenfold bursts. ${spike.map((timeline) => sentence(results, timeline)).join(" ")}`,
    width: WIDTH,
    height: TOP + rows * (PANEL.height + GAP) - GAP + 34,
    option: {
      title: [
        heading(
          "Tenfold bursts: how late answers and event loop are",
          `Signing a JWT, by step of ${spike[0]?.stepMs} ms; the shade is a burst.\n${legend.join("")}`,
        ),
        ...spike.map((timeline, i) => panelTitle(results, timeline, places[i])),
      ],
      grid: places,
      xAxis: spike.map((_, i) => timeAxis(i, max, i >= spike.length - COLUMNS)),
      yAxis: spike.map((_, i) => logAxis(millis, { ...axis, gridIndex: i })),
      series: spike.flatMap((timeline, i) => [shade(timeline, i), loop(timeline, i), p99(timeline, i)]),
    },
  };
}

function placeOf(index: number): Place {
  const row = Math.floor(index / COLUMNS);
  return { left: LEFTS[index % COLUMNS] ?? 0, top: TOP + row * (PANEL.height + GAP), ...PANEL };
}

function panelTitle(results: Results, timeline: Timeline, place: Place | undefined): Option {
  const { worstP99, worstLoop } = summary(timeline);
  return {
    text: titleOf(results, timeline.contender),
    subtext: `at worst: answers ${millis(worstP99)}, loop ${millis(worstLoop)}`,
    left: (place?.left ?? 0) - 5,
    top: (place?.top ?? 0) - 45,
    itemGap: 6,
    textStyle: { fontSize: 12, color: COLOURS[kindOf(results, timeline.contender)] },
    subtextStyle: { fontSize: 11, color: MUTED },
  };
}

/** One for all panels, in ms, so that they can be compared. */
function millisAxis(timelines: readonly Timeline[]): { min: number; max: number } {
  const p99 = timelines.flatMap(({ steps }) => steps.flatMap(({ p99 }) => p99 ?? []));
  const loop = timelines.flatMap(({ steps }) => steps.map(({ loopMax }) => loopMax));
  const values = [...p99, ...loop].filter((value) => value > 0);
  return { min: powerBelow(Math.max(0.1, Math.min(...values))), max: powerAbove(Math.max(...values)) };
}

/** Where nothing was answered the line has a gap. */
function p99(timeline: Timeline, panel: number): Option {
  return line(timeline, panel, BLUE, ({ p99 }) => p99);
}

function loop(timeline: Timeline, panel: number): Option {
  return line(timeline, panel, ORANGE, ({ loopMax }) => (loopMax > 0 ? loopMax : undefined));
}

function line(
  timeline: Timeline,
  panel: number,
  color: string,
  value: (step: Timeline["steps"][number]) => number | undefined,
): Option {
  return {
    type: "line",
    silent: true,
    xAxisIndex: panel,
    yAxisIndex: panel,
    showSymbol: false,
    lineStyle: { color, width: 1.5 },
    data: timeline.steps.map((step, i) => [secondsOf(timeline, i), value(step) ?? null]),
  };
}

function sentence(results: Results, timeline: Timeline): string {
  const { worstP99, worstLoop } = summary(timeline);
  const title = titleOf(results, timeline.contender);
  return `${title}: the worst p99 of a step is ${duration(worstP99 * 1000)}, the longest delay of the event loop ${duration(worstLoop * 1000)}.`;
}
