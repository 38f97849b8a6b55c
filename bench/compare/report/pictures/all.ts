/** All pictures, in the order of the report. */

import type { Results } from "../../results.ts";
import type { Picture } from "./chart.ts";
import { crashPicture } from "./crash.ts";
import { crossoverPicture } from "./crossover.ts";
import { latencyPicture } from "./latency.ts";
import { spikePicture } from "./spike.ts";
import { throughputPicture } from "./throughput.ts";

const PICTURES = [throughputPicture, latencyPicture, crossoverPicture, spikePicture, crashPicture];

/** Those that the results have something for. */
export function picturesOf(results: Results): Picture[] {
  return PICTURES.flatMap((make) => make(results) ?? []);
}
