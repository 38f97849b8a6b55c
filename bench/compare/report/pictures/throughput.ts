/** The throughput of every contender with many calls on their way: the median as a dot, the rounds as a line. */

import { median, type Spread, spread } from "../../measure/statistics.ts";
import type { Results } from "../../results.ts";
import { throughputOf, titleOf } from "../lookup.ts";
import { ASYNC, kindOf, PORT } from "../names.ts";
import { digits, rate } from "../numbers.ts";
import { ratioOf } from "../rounds.ts";
import type { Picture } from "./chart.ts";
import { ranges } from "./range.ts";
import { COLOURS, heading, kindLegend, logAxis, powerAbove, powerBelow, rowAxis, WIDTH } from "./theme.ts";

const JOB = "sum";
const IN_FLIGHT = 256;
const ROW = 22;
const TOP = 74;
const BOTTOM = 34;

export function throughputPicture(results: Results): Picture | undefined {
  const rows = results.contenders
    .flatMap(({ id, title }) => {
      const rates = throughputOf(results, id, JOB, IN_FLIGHT)?.callsPerSecond ?? [];
      return rates.length === 0 ? [] : [{ id, title, kind: kindOf(results, id), ...spread(rates) }];
    })
    .toSorted((a, b) => b.median - a.median);
  if (rows.length === 0) return undefined;
  const lines = rows.map(({ least, median, most, kind }, row) => ({
    row,
    from: least,
    to: most,
    dots: [median],
    colour: COLOURS[kind],
    text: rate(median),
  }));
  const legend = kindLegend(new Set(rows.map(({ kind }) => kind)));
  return {
    name: "throughput",
    alt: `${finding(results)}. From the most to the least: ${ends(rows)}. The report has all of them.`,
    width: WIDTH,
    height: TOP + BOTTOM + rows.length * ROW,
    option: {
      title: heading(finding(results), `Dot: median. Line: least to most of the rounds.\n${legend}`),
      grid: { left: 190, right: 70, top: TOP, bottom: BOTTOM },
      xAxis: logAxis(rate, {
        min: powerBelow(Math.min(...rows.map(({ least }) => least))),
        max: powerAbove(Math.max(...rows.map(({ most }) => most))),
      }),
      yAxis: rowAxis(rows),
      series: [ranges(lines, 0)],
    },
  };
}

function ends(rows: readonly { readonly title: string; readonly median: number }[]): string {
  const shown = rows.length > 1 ? [rows[0], rows.at(-1)] : rows;
  return shown.flatMap((row) => (row === undefined ? [] : `${row.title} ${rate(row.median)}`)).join(" to ");
}

function finding(results: Results): string {
  const rates = throughputOf(results, PORT, JOB, IN_FLIGHT)?.callsPerSecond ?? [];
  const other = throughputOf(results, ASYNC, JOB, IN_FLIGHT)?.callsPerSecond ?? [];
  const what = `${IN_FLIGHT} calls in flight`;
  if (rates.length === 0 || other.length === 0) return `${what}: calls a second`;
  const ratio = ratioOf(rates, other);
  return `${what}: portreeve ${rate(median(rates))}, ${howMany(ratio)} ${titleOf(results, ASYNC)}`;
}

/** Only what every round says is a finding. */
function howMany({ least, median, most }: Spread): string {
  return least <= 1 && most >= 1 ? "about as many as" : `${digits(median)} times`;
}
