/** What the pictures of a load over time share: a panel for each contender, with the bursts shaded. */

import type { Timeline } from "../../results.ts";
import { bursts } from "../timeline.ts";
import type { Option } from "./chart.ts";
import { FAINT, MUTED, SHADE } from "./theme.ts";

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Seconds since the beginning, of the middle of a step. */
export function secondsOf({ stepMs }: Timeline, step: number): number {
  return ((step + 0.5) * stepMs) / 1000;
}

export function longest(timelines: readonly Timeline[]): number {
  return Math.max(...timelines.map(({ steps, stepMs }) => (steps.length * stepMs) / 1000));
}

/** @param last whether the axis is labelled */
export function timeAxis(gridIndex: number, max: number, last: boolean): Option {
  return {
    type: "value",
    gridIndex,
    min: 0,
    max,
    axisLabel: {
      show: last,
      color: MUTED,
      fontSize: 11,
      showMaxLabel: false,
      formatter: (seconds: number) => `${seconds} s`,
    },
    axisLine: { onZero: false, lineStyle: { color: FAINT } },
    axisTick: { show: false },
    splitLine: { show: false },
  };
}

/** A line without data that carries the shade. */
export function shade(timeline: Timeline, panel: number): Option {
  const at = (step: number) => (step * timeline.stepMs) / 1000;
  const data = bursts(timeline).map(({ from, to }) => [{ xAxis: at(from) }, { xAxis: at(to) }]);
  const markArea = { silent: true, data, itemStyle: { color: SHADE } };
  return { type: "line", xAxisIndex: panel, yAxisIndex: panel, data: [], markArea, z: 0 };
}
