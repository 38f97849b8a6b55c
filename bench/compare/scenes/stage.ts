/** What all scenes share: the run's wishes, and the beginning of a host. */

import type { SceneContext } from "../context.ts";
import type { Results } from "../results.ts";
import { lastWords } from "./cell.ts";
import type { Begun } from "./plan.ts";
import type { Host } from "./process.ts";

export type LeftOut = Results["leftOut"][number];

/** `progress` is of one scene here, from 0 to 1. */
export type Stage = Pick<SceneContext, "root" | "quick" | "signal" | "progress">;

/** Waits until a host is ready. @returns why there is nothing to see, where that is so */
export async function begun(host: Host<unknown>): Promise<string | undefined> {
  const first = (await host.next()) as Begun | undefined;
  if (first?.say === "ready") return undefined;
  if (first?.say === "without") return first.why;
  const { text, stderr } = await host.ended;
  return `its host did not start (${text}): ${lastWords(stderr)}`;
}
