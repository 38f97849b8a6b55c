/** The results of one Node as bars: a row of panels a message, encode and decode beside each other. */

import type { Results } from "./results.ts";

type Run = Results["runs"][number];

const BAR = 14;
const LEFT = 190;
const WIDTH = 250;

/** An SVG of these runs, which are of one Node. Lengths are logarithmic: from a tenth of JSON's speed to a hundred times it. */
export function picture(title: string, runs: readonly Run[]): string {
  let y = 44;
  const parts: string[] = [];
  for (const run of runs) {
    parts.push(text(8, y + 12, run.message, "bold"));
    for (const row of run.rows) {
      y += BAR + 3;
      const own = row.name.startsWith("portreeve");
      parts.push(
        text(8, y + 11, row.name),
        bar(LEFT, y, row.encode.ratio, own),
        bar(LEFT + WIDTH + 90, y, row.decode.ratio, own),
      );
    }
    y += 30;
  }
  const head = [
    text(8, 18, title, "bold"),
    text(LEFT, 36, "encode, times JSON"),
    text(LEFT + WIDTH + 90, 36, "decode, times JSON"),
  ];
  const width = LEFT + 2 * (WIDTH + 90);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>${[...head, ...parts].join("")}</svg>\n`;
}

function bar(x: number, y: number, ratio: number, own: boolean): string {
  const length = Math.max(1, Math.min(WIDTH, ((Math.log10(ratio) + 1) / 3) * WIDTH));
  const label = ratio >= 100 ? Math.round(ratio) : ratio.toPrecision(3);
  return `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" fill="${own ? "#a2003e" : "#9aa5b1"}"/>${text(x + length + 4, y + 11, String(label))}`;
}

function text(x: number, y: number, content: string, weight = "normal"): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}">${escaped}</text>`;
}
