/** The crash: what became of the requests over time while a segmentation fault is injected, a panel for each contender. */

import type { Results, Timeline } from "../../results.ts";
import { titleOf } from "../lookup.ts";
import { kindOf } from "../names.ts";
import { digits } from "../numbers.ts";
import { summary } from "../timeline.ts";
import type { Option, Picture } from "./chart.ts";
import { longest, type Place, secondsOf, shade, timeAxis } from "./panels.ts";
import { BLUE, COLOURS, FAINT, heading, INK, legendEntry, MUTED, ORANGE, WIDTH } from "./theme.ts";

const TOP = 112;
const PANEL = { left: 58, width: 680, height: 92 } as const;
const GAP = 58;

export function crashPicture(results: Results): Picture | undefined {
  const { crash } = results;
  if (crash.length === 0) return undefined;
  const places = crash.map((_, i) => ({ ...PANEL, top: TOP + i * (PANEL.height + GAP) }));
  const max = longest(crash);
  const most = Math.max(
    ...crash.flatMap(({ steps }) => steps.map(({ answered, failed }) => answered + failed)),
  );
  const legend = [legendEntry("blue", "answered"), legendEntry("orange", "failed")].join("");
  return {
    name: "crash",
    alt: `A segmentation fault under load. ${crash.map((timeline) => `${titleOf(results, timeline.contender)}: ${outcome(timeline)}.`).join(" ")}`,
    width: WIDTH,
    height: TOP + crash.length * (PANEL.height + GAP) - GAP + 34,
    option: {
      title: [
        heading(
          "A segmentation fault under load: what became of the requests",
          `Signing a JWT, by step of ${crash[0]?.stepMs} ms in which they were due; the shade is a burst.\n${legend}`,
        ),
        ...crash.map((timeline, i) => panelTitle(results, timeline, places[i])),
      ],
      grid: places,
      xAxis: crash.map((_, i) => timeAxis(i, max, i === crash.length - 1)),
      yAxis: crash.map((_, i) => countAxis(i, most)),
      series: crash.flatMap((timeline, i) => [
        shade(timeline, i),
        answered(timeline, i),
        failed(timeline, i),
        accidents(timeline, i),
        ...death(timeline, i, max, most),
      ]),
    },
  };
}

/** In words: what became of all requests. */
function outcome(timeline: Timeline): string {
  const { answered, failed, unanswered } = summary(timeline);
  const lost = unanswered === 0 ? "" : `, ${digits(unanswered)} without any answer`;
  const died = timeline.hostDied === undefined ? "the host lives" : "the host is dead";
  return `${died}; ${digits(answered)} answered, ${digits(failed)} failed${lost}`;
}

function panelTitle(results: Results, timeline: Timeline, place: Place | undefined): Option {
  const { contender } = timeline;
  const name = {
    color: COLOURS[kindOf(results, contender)],
    fontWeight: "bold",
    fontSize: 12,
    padding: [0, 12, 0, 0],
  };
  return {
    text: `{name|${titleOf(results, contender)}}${outcome(timeline)}`,
    left: (place?.left ?? 0) - 5,
    top: (place?.top ?? 0) - 41,
    textStyle: { fontSize: 12, fontWeight: "normal", color: MUTED, rich: { name } },
  };
}

function countAxis(gridIndex: number, max: number): Option {
  return {
    type: "value",
    gridIndex,
    max,
    splitNumber: 2,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: MUTED, fontSize: 11, showMaxLabel: false },
    splitLine: { lineStyle: { color: FAINT } },
  };
}

function answered(timeline: Timeline, panel: number): Option {
  return {
    type: "line",
    silent: true,
    xAxisIndex: panel,
    yAxisIndex: panel,
    step: "middle",
    showSymbol: false,
    lineStyle: { color: BLUE, width: 1.5 },
    areaStyle: { color: BLUE, opacity: 0.25 },
    data: timeline.steps.map(({ answered }, i) => [secondsOf(timeline, i), answered]),
  };
}

/** Few beside the answered ones: a dot with their number, where a line could not be seen. */
function failed(timeline: Timeline, panel: number): Option {
  const data = timeline.steps.flatMap(({ failed }, i) =>
    failed === 0
      ? []
      : [{ value: [secondsOf(timeline, i), failed], label: { formatter: `${failed} failed` } }],
  );
  return {
    type: "scatter",
    silent: true,
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbolSize: 8,
    itemStyle: { color: ORANGE, opacity: 1 },
    label: { show: true, position: "right", color: INK, fontSize: 11 },
    labelLayout: { hideOverlap: true },
    data,
    z: 5,
  };
}

function accidents(timeline: Timeline, panel: number): Option {
  const data = timeline.accidents.map((step) => ({ xAxis: (step * timeline.stepMs) / 1000 }));
  const label = { formatter: "segfault", color: ORANGE, fontSize: 11, position: "end", distance: 2 };
  const lineStyle = { color: ORANGE, type: "dashed", width: 1.5 };
  const markLine = { silent: true, symbol: "none", data, lineStyle, label };
  return { type: "line", xAxisIndex: panel, yAxisIndex: panel, data: [], markLine, z: 4 };
}

/** From its death on there is no host: said where its requests would be. */
function death(timeline: Timeline, panel: number, max: number, most: number): Option[] {
  if (timeline.hostDied === undefined) return [];
  const from = (timeline.steps.length * timeline.stepMs) / 1000;
  const label = {
    show: true,
    formatter: `the host is dead: ${timeline.hostDied}`,
    color: MUTED,
    fontSize: 12,
  };
  const value = [(from + max) / 2, most / 2];
  const data = [{ value, label: { ...label, position: "inside" } }];
  return [
    {
      type: "scatter",
      silent: true,
      xAxisIndex: panel,
      yAxisIndex: panel,
      symbolSize: 1,
      itemStyle: { color: FAINT, opacity: 1 },
      data,
    },
  ];
}
