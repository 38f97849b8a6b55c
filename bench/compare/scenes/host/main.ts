/**
 * A host process of one scene: one contender, one plan. What happens to it is a measurement, so it catches nothing that a
 * service would not catch. ../process.ts starts it and reads its lines.
 */

import type { Plan } from "../plan.ts";
import { haveAccident } from "./accident.ts";
import { measureCost, measureCrossover } from "./crossover.ts";
import { makeLoad } from "./load.ts";

/** The run is gone, or has heard enough. */
process.on("disconnect", () => process.exit());

async function main(plan: Plan): Promise<void> {
  switch (plan.scene) {
    case "crossover":
      return measureCrossover(plan);
    case "cost":
      return measureCost(plan);
    case "load":
      return makeLoad(plan);
    case "accident":
      return haveAccident(plan);
  }
}

await main(JSON.parse(process.argv[2] ?? "") as Plan);
