/** A series of rows, each a line from one value to another with dots on it and a text beside it. */

import type { Option } from "./chart.ts";
import { FONT, INK, PAPER } from "./theme.ts";

export interface RangeRow {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  /** Where the dots are. */
  readonly dots: readonly number[];
  readonly colour: string;
  readonly text: string;
}

interface Api {
  coord(point: readonly [number, number]): readonly [number, number];
}

/** Sizes are in pixels. */
const DOT = 4;
const GAP = 8;

export function ranges(rows: readonly RangeRow[], axis: number): Option {
  return {
    type: "custom",
    xAxisIndex: axis,
    yAxisIndex: axis,
    silent: true,
    clip: false,
    data: rows.map(({ to, row }) => [to, row]),
    renderItem: ({ dataIndex }: { dataIndex: number }, api: Api) => {
      const row = rows[dataIndex];
      return row === undefined ? null : { type: "group", children: shapes(row, api) };
    },
  };
}

function shapes({ row, from, to, dots, colour, text }: RangeRow, api: Api): Option[] {
  const [x1, y] = api.coord([from, row]);
  const [x2] = api.coord([to, row]);
  const circles = dots.map((dot, i) => ({
    type: "circle",
    shape: { cx: api.coord([dot, row])[0], cy: y, r: DOT },
    // The first is full, another one open.
    style: i === 0 ? { fill: colour } : { fill: PAPER, stroke: colour, lineWidth: 1.5 },
  }));
  const style = { text, x: x2 + GAP, y, fill: INK, fontFamily: FONT, fontSize: 11, verticalAlign: "middle" };
  return [
    { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: colour, lineWidth: 2 } },
    ...circles,
    { type: "text", style },
  ];
}
