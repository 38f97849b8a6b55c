/**
 * The crash matrix, executed: each accident happens to each contender in a host of its own, with innocent calls on their
 * way. One host at a time: nobody's times are those of a machine that it shares.
 */

import { homedir } from "node:os";
import { ACCIDENTS, type AccidentId } from "../contenders/contender.ts";
import { LEAK_MEBIBYTES } from "../contenders/keys.ts";
import type { Accident } from "../results.ts";
import { judge } from "./cell.ts";
import type { AccidentEvent, AccidentPlan } from "./plan.ts";
import { Host } from "./process.ts";
import { begun, type LeftOut, type Stage } from "./stage.ts";

const INNOCENTS = 32;
/** Memory that a host may have, and each of its processes: running out of it must not threaten the machine. */
const MEMORY_BYTES = 768 * 2 ** 20;
const START_MS = 20_000;
/** A host that did not come to its end so long after its limit is frozen. */
const FROZEN_MS = 1500;
/** A leak is repeated: half a GiB in all. */
const LEAKS = 8;
/** To write to fresh memory takes its time on a virtual machine. */
const LEAK_LIMIT_MS = 8000;

/** ms that it is looked on after the accident's call came back. */
function afterMs(accident: AccidentId): number {
  // A worker in an endless loop is replaced after its call came back; a limit on memory is looked at now and then.
  if (accident === "endless-loop") return 1500;
  return accident === "leak" ? 2000 : 300;
}

export interface MatrixResults {
  readonly matrix: readonly Accident[];
  readonly leftOut: readonly LeftOut[];
}

export async function runMatrix(stage: Stage, contenders: readonly string[]): Promise<MatrixResults> {
  const plans = ACCIDENTS.flatMap((accident) =>
    contenders.map((contender) => planOf(stage, contender, accident)),
  );
  const found: (Accident | LeftOut)[] = [];
  for (const [i, plan] of plans.entries()) {
    stage.progress(`crash matrix: ${plan.accident} in ${plan.contender}`, i / plans.length);
    found.push(await runCell(stage, plan));
  }
  return {
    matrix: found.filter((one) => "accident" in one),
    leftOut: found.filter((one) => "why" in one),
  };
}

function planOf({ quick }: Stage, contender: string, accident: AccidentId): AccidentPlan {
  return {
    scene: "accident",
    contender,
    accident,
    innocents: INNOCENTS,
    times: accident === "leak" ? LEAKS : 1,
    afterMs: afterMs(accident),
    limitMs: accident === "leak" ? LEAK_LIMIT_MS : quick ? 3000 : 5000,
  };
}

async function runCell(stage: Stage, plan: AccidentPlan): Promise<Accident | LeftOut> {
  const options = { memoryBytes: MEMORY_BYTES, allowMs: START_MS, signal: stage.signal };
  const host = new Host<AccidentEvent>(plan, options);
  const why = await begun(host);
  if (why !== undefined) {
    host.kill();
    await host.ended;
    return { contender: plan.contender, job: plan.accident, why };
  }
  host.allow(plan.limitMs + FROZEN_MS);
  const events: AccidentEvent[] = [];
  for (let event = await host.next(); event !== undefined; event = await host.next()) events.push(event);
  const cell = judge(plan, events, await host.ended, plan.times * LEAK_MEBIBYTES * 2 ** 20);
  // Where the sources lie is of no interest to others.
  return { ...cell, error: cell.error.replaceAll(`${stage.root}/`, "").replaceAll(homedir(), "~") };
}
