/**
 * The scenes of the comparison: crossover, spike, crash and crash matrix. Each contender is in a host process of its own,
 * so that a host that dies is a result like any other. The quick run has fewer contenders, rounds and job lengths.
 */

import { setMaxListeners } from "node:events";
import type { SceneContext, SceneResults } from "../context.ts";
import { runCrossover } from "./crossover.ts";
import { runMatrix } from "./matrix.ts";
import type { Stage } from "./stage.ts";
import { calibrate, runTimelines, type TimelineResults } from "./timelines.ts";

/** Contenders that take part, in the order of the results; in a quick run only `quick`, where those were asked for. */
interface Cast {
  /** Those or, with `not`, all but those. */
  readonly all: readonly string[] | { readonly not: readonly string[] };
  readonly quick: readonly string[];
}

/** The limits do nothing with what they get: no work, and no accidents. */
const LIMITS = ["echo", "by-hand"];
const CROSSOVER: Cast = {
  all: { not: LIMITS },
  quick: ["napi-sync", "napi-async", "worker-threads", "portreeve", "json-lines"],
};
const SPIKE: Cast = {
  all: ["js", "napi-sync", "napi-async", "napi-task", "portreeve", "portreeve-n"],
  quick: ["napi-sync", "napi-async", "portreeve"],
};
const CRASH: Cast = {
  all: ["napi-sync", "napi-async", "napi-task", "portreeve", "portreeve-n"],
  quick: ["napi-async", "portreeve"],
};
/** `json-lines-each` is the same program as `json-lines`. */
const MATRIX: Cast = {
  all: { not: [...LIMITS, "json-lines-each"] },
  quick: ["napi-async", "worker-threads", "portreeve"],
};
/** The cost of a signature is taken from the first of these that is there. */
const SIGNERS = ["napi-sync", "js", "portreeve"];

/** The share of the time that each scene takes, about. */
const SHARES = { crossover: 0.17, spike: 0.17, crash: 0.14, matrix: 0.52 } as const;

export async function runScenes(context: SceneContext): Promise<SceneResults> {
  const stages = stagesOf(context);
  // Every host listens to it, and in the crossover all of them live at the same time.
  setMaxListeners(0, context.signal);
  const crossover = await runCrossover(stages.crossover, cast(context, CROSSOVER));
  const { spike, crash } = await load(context, stages);
  const matrix = await runMatrix(stages.matrix, cast(context, MATRIX));
  context.progress("the scenes are done", 1);
  return {
    crossover: crossover.crossover,
    spike: spike.timelines,
    crash: crash.timelines,
    matrix: matrix.matrix,
    leftOut: [crossover, spike, crash, matrix].flatMap(({ leftOut }) => leftOut),
  };
}

const NOTHING: TimelineResults = { timelines: [], leftOut: [] };

async function load(context: SceneContext, stages: Stages) {
  const ids = context.contenders.map(({ id }) => id);
  const signers = [...SIGNERS, ...cast(context, SPIKE)].filter((id) => ids.includes(id));
  const perSecond = await calibrate(stages.spike, signers);
  if (perSecond === undefined) return { spike: NOTHING, crash: NOTHING };
  const spike = await runTimelines(stages.spike, "spike", cast(context, SPIKE), perSecond);
  const crash = await runTimelines(stages.crash, "crash", cast(context, CRASH), perSecond);
  return { spike, crash };
}

/** Those of the cast that were asked for and could be started. */
function cast({ contenders, quick }: SceneContext, { all, quick: few }: Cast): string[] {
  const ids = contenders
    .map(({ id }) => id)
    .filter((id) => ("not" in all ? !all.not.includes(id) : all.includes(id)));
  const fewer = ids.filter((id) => few.includes(id));
  return quick && fewer.length > 0 ? fewer : ids;
}

type Stages = Readonly<Record<keyof typeof SHARES, Stage>>;

/** Each scene's progress is a part of the whole. */
function stagesOf({ root, quick, signal, progress }: SceneContext): Stages {
  let from = 0;
  const stage = (share: number): Stage => {
    const begin = from;
    from += share;
    return { root, quick, signal, progress: (text, done) => progress(text, begin + done * share) };
  };
  return {
    crossover: stage(SHARES.crossover),
    spike: stage(SHARES.spike),
    crash: stage(SHARES.crash),
    matrix: stage(SHARES.matrix),
  };
}
