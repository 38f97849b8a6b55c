/** What the run gives to the scenes (crossover, spike, crash, matrix), and what it expects back: their part of the results. */

import type { Contender } from "./contenders/contender.ts";
import type { Results } from "./results.ts";

/** The scenes' part of the results: `runScenes(context: SceneContext): Promise<SceneResults>` in scenes/main.ts. */
export type SceneResults = Pick<Results, "crossover" | "spike" | "crash" | "matrix" | "leftOut">;

export interface SceneContext {
  /** The repository's root, absolute. Everything has been built and installed before the scenes begin. */
  readonly root: string;
  /** Those that were asked for and could be started. A scene takes the ones of them that it knows. */
  readonly contenders: readonly Pick<Contender, "id" | "title" | "place">[];
  readonly quick: boolean;
  /** Called now and then: what is being done, and the share that is done, from 0 to 1. */
  readonly progress: (text: string, done: number) => void;
  /** Aborted on Ctrl-C: end every process that was started, then reject with the signal's reason. */
  readonly signal: AbortSignal;
}
