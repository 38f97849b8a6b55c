/**
 * From the option of a chart to an SVG that stands alone: drawn by Apache ECharts without a browser, with real text, and
 * with both colour schemes inside, for GitHub shows it as an image, where no style from outside reaches it.
 */

import { createRequire } from "node:module";
import { join } from "node:path";
import { DARK, FONT, INK, PAPER } from "./theme.ts";

/** The part of ECharts that is used. It is installed beside the contenders, so that the project itself needs none of it. */
interface ECharts {
  setPlatformAPI(api: { measureText(text: string, font?: string): { width: number } }): void;
  init(
    element: null,
    theme: null,
    size: { renderer: "svg"; ssr: true; width: number; height: number },
  ): { setOption(option: Option): void; renderToSVGString(): string; dispose(): void };
}

/** https://echarts.apache.org/en/option.html */
export type Option = Readonly<Record<string, unknown>>;

export interface Picture {
  /** The file is `compare-<name>.svg`. */
  readonly name: string;
  /** What is to be seen, in words, for those who do not see it. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly option: Option;
}

/** @param root of the repository */
export function draw(picture: Picture, root: string): string {
  const echarts = loadECharts(root);
  const { width, height, option, alt } = picture;
  echarts.setPlatformAPI({ measureText });
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: PAPER,
      textStyle: { color: INK, fontFamily: FONT },
      ...option,
    });
    return standalone(chart.renderToSVGString(), alt);
  } finally {
    chart.dispose();
  }
}

function loadECharts(root: string): ECharts {
  const folder = join(root, "bench", "compare");
  try {
    return createRequire(join(folder, "package.json"))("echarts") as ECharts;
  } catch (cause) {
    throw new Error(`ECharts, which draws the pictures, is not installed: npm ci --prefix ${folder}`, {
      cause,
    });
  }
}

/** Which font the reader has is not known: the widest of the common ones is assumed, so that nothing overlaps. */
function measureText(text: string, font = ""): { width: number } {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  return { width: text.length * size * (font.includes("bold") ? 0.68 : 0.6) };
}

/**
 * What the browser's part of ECharts would use is taken away (its names count up from picture to picture), and the text
 * for a screen reader and the dark scheme are added.
 */
function standalone(svg: string, alt: string): string {
  const still = svg
    .replaceAll(/ (?:class="zr\d+-cls-\d+"|pointer-events="visible"|ecmeta_[\w-]+="[^"]*")/g, "")
    .replaceAll(/<style[^>]*>[\s\S]*?<\/style>\n?/g, "")
    .replaceAll(/zr\d+-/g, "zr-");
  const open = still.indexOf(">") + 1;
  const label = `<title>${alt.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>`;
  return `${still.slice(0, open)}\n${label}\n<style>${darkScheme()}</style>${still.slice(open)}\n`;
}

/** A colour stands in attributes: each is found by its light value, and given its dark one. */
function darkScheme(): string {
  const rules = Object.entries(DARK).map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  );
  return `@media (prefers-color-scheme:dark){${rules.join("")}}`;
}
