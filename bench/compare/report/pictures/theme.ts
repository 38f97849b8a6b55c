/** Colours, sizes and the parts that all pictures share. */

import type { Kind } from "../names.ts";
import type { Option } from "./chart.ts";

export const WIDTH = 760;
export const FONT = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif";

export const PAPER = "#ffffff";
export const INK = "#1f2328";
export const MUTED = "#59636e";
export const FAINT = "#d1d9e0";
export const SHADE = "#f0ece0";

/** Told apart by those who do not see red or green (after Okabe and Ito), and dark enough for text on white. */
export const BLUE = "#0066a1";
export const ORANGE = "#bf4e00";
const GREEN = "#007a5a";
const PURPLE = "#8a4a86";
const GREY = "#6b7480";

export const COLOURS: Readonly<Record<Kind, string>> = {
  port: BLUE,
  "in process": ORANGE,
  threads: GREEN,
  "out of process": PURPLE,
  limit: GREY,
};

/** The dark value of every light one. */
export const DARK: Readonly<Record<string, string>> = {
  [PAPER]: "#0d1117",
  [INK]: "#e6edf3",
  [MUTED]: "#9aa4af",
  [FAINT]: "#323a43",
  [SHADE]: "#262318",
  [BLUE]: "#5cb8f2",
  [ORANGE]: "#ff9a52",
  [GREEN]: "#41c99a",
  [PURPLE]: "#d9a0d5",
  [GREY]: "#a9b2bc",
};

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  port: "portreeve",
  "in process": "in process",
  threads: "threads",
  "out of process": "other processes",
  limit: "the limit: frames without a codec",
};

/** The finding, and under it how to read the picture. */
export function heading(text: string, subtext: string): Option {
  return {
    text,
    subtext,
    left: 8,
    top: 6,
    itemGap: 6,
    textStyle: { color: INK, fontSize: 15, fontWeight: "bold" },
    subtextStyle: { color: MUTED, fontSize: 12, lineHeight: 17, rich: legendStyles() },
  };
}

/** The kinds that are drawn, each in its colour: all the legend there is. */
export function kindLegend(kinds: ReadonlySet<Kind>): string {
  const all = Object.keys(COLOURS) as Kind[];
  return all
    .filter((kind) => kinds.has(kind))
    .map((kind) => legendEntry(styleName(kind), KIND_WORDS[kind]))
    .join("");
}

/** Of a style that `heading` knows: a kind's, or `blue` or `orange`. */
export function legendEntry(style: string, words: string): string {
  return `{${style}|● ${words}}`;
}

function legendStyles(): Option {
  const kinds = Object.keys(COLOURS) as Kind[];
  const style = (color: string) => ({ color, fontSize: 12, padding: [0, 14, 0, 0] });
  const ofKinds = kinds.map((kind) => [styleName(kind), style(COLOURS[kind])]);
  return { ...Object.fromEntries(ofKinds), blue: style(BLUE), orange: style(ORANGE) };
}

/** A style is named by letters alone. */
function styleName(kind: Kind): string {
  return kind.replaceAll(" ", "");
}

const LINES = { show: true, lineStyle: { color: FAINT } };

/** An axis of powers of ten that are labelled by `write`. */
export function logAxis(write: (value: number) => string, more: Option = {}): Option {
  return {
    type: "log",
    axisLabel: { color: MUTED, fontSize: 11, hideOverlap: true, formatter: write },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: LINES,
    nameTextStyle: { color: MUTED, fontSize: 11 },
    ...more,
  };
}

/** Names of rows, each in the colour of its kind, from the top down. */
export function rowAxis(
  rows: readonly { readonly title: string; readonly kind: Kind }[],
  more: Option = {},
): Option {
  return {
    type: "category",
    inverse: true,
    data: rows.map(({ title, kind }) => ({
      value: title,
      textStyle: { color: COLOURS[kind], fontWeight: kind === "port" ? "bold" : "normal" },
    })),
    axisLabel: { fontSize: 12, interval: 0 },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    ...more,
  };
}

/** A power of ten that holds all values on a side of it. */
export function powerBelow(value: number): number {
  return 10 ** Math.floor(Math.log10(value) + 1e-9);
}

export function powerAbove(value: number): number {
  return 10 ** Math.ceil(Math.log10(value) - 1e-9);
}

/** Only every second power of ten is written, where there is no room for all. */
export function everySecond(write: (value: number) => string): (value: number) => string {
  return (value) => (Math.round(Math.log10(value)) % 2 === 0 ? write(value) : "");
}
