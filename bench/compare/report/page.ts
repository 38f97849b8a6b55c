/** bench/REPORT.md, as text: made from the results and from nothing else. */

import type { Results } from "../results.ts";
import { image } from "./markdown.ts";
import { picturesOf } from "./pictures/all.ts";
import type { Picture } from "./pictures/chart.ts";
import { about, leftOut, versions } from "./sections/about.ts";
import { eventLoop, lives, memory, processors, shortCalls } from "./sections/cost.ts";
import { matrix } from "./sections/matrix.ts";
import { crash, crossover, spike } from "./sections/scenes.ts";
import { latency, perJob, throughput } from "./sections/speed.ts";
import { targets } from "./sections/targets.ts";

type Section = (results: Results) => string[];

/** A picture comes behind the head of its section. */
const SECTIONS: readonly (readonly [Section, picture?: string])[] = [
  [about],
  [targets],
  [latency, "latency"],
  [throughput, "throughput"],
  [perJob],
  [crossover, "crossover"],
  [spike, "spike"],
  [crash, "crash"],
  [matrix],
  [eventLoop],
  [processors],
  [memory],
  [lives],
  [shortCalls],
  [leftOut],
  [versions],
];

export function page(results: Results): string {
  const pictures = picturesOf(results);
  const blocks = SECTIONS.flatMap(([section, name]) =>
    illustrated(
      section(results),
      pictures.find((picture) => picture.name === name),
    ),
  );
  return `${blocks.join("\n\n")}\n`;
}

function illustrated(blocks: readonly string[], picture: Picture | undefined): readonly string[] {
  const [head, ...rest] = blocks;
  if (head === undefined || picture === undefined) return blocks;
  return [head, image(picture.alt, `results/compare-${picture.name}.svg`), ...rest];
}
