/** The ratios that portreeve promises, each as a rule that results are held against. Pure: results in, verdicts out. */

import { ratios, type Spread, spread } from "../measure/statistics.ts";
import type { TableJob } from "../plan.ts";
import type { Results } from "../results.ts";

/** What has to be measured for a rule. */
export type Needs =
  | {
      readonly part: "pinned" | "tables";
      readonly job: TableJob;
      readonly inFlight: number;
      readonly contenders: readonly string[];
    }
  | { readonly part: "shortCalls" | "footprint" | "deaths"; readonly contenders: readonly string[] };

export interface Rule {
  /** The name that a broken rule is told by. */
  readonly name: string;
  readonly bound: "at least" | "at most" | "more than" | "less than";
  readonly limit: number;
  /** Behind the numbers: "×", "ms", "MB". */
  readonly unit: string;
  readonly needs: Needs;
  /** One a round, or one in all. Empty when it was not measured. */
  values(results: Results): readonly number[];
}

export interface Verdict extends Spread {
  readonly rule: Rule;
  readonly passed: boolean;
}

/** A rule is broken when the median breaks it, and when there is nothing to hold it against. */
export function judge(rule: Rule, results: Results): Verdict {
  const seen = spread(rule.values(results).filter((value) => !Number.isNaN(value)));
  return { rule, ...seen, passed: holds(rule, seen.median) };
}

function holds({ bound, limit }: Rule, value: number): boolean {
  switch (bound) {
    case "at least":
      return value >= limit;
    case "at most":
      return value <= limit;
    case "more than":
      return value > limit;
    case "less than":
      return value < limit;
  }
}

const PORT = "portreeve";
const MB = 1e6;
/** Bytes by which the resident memory of an unchanged process differs from one look to the next. */
const GROWTH = { host: 8 * MB, worker: 1 * MB };

/** Times the p50 of another, one call after the other. */
function slower(job: TableJob, pinned: boolean, than: string, title: string, limit: number): Rule {
  const times = (results: Results, contender: string) =>
    results.latency.find((row) => row.contender === contender && row.job === job && row.pinned === pinned)
      ?.p50 ?? [];
  return {
    name: `${job}, one after the other, ${pinned ? "on one core" : "unpinned"}: time beside ${title}`,
    bound: "at most",
    limit,
    unit: "×",
    needs: { part: pinned ? "pinned" : "tables", job, inFlight: 1, contenders: [PORT, than] },
    values: (results) => ratios(times(results, PORT), times(results, than)),
  };
}

/** Times the calls a second of another. */
function faster(
  job: TableJob,
  inFlight: number,
  than: string,
  title: string,
  limit: number,
  bound: Rule["bound"] = "at least",
): Rule {
  const rates = (results: Results, contender: string) =>
    results.throughput.find(
      (row) => row.contender === contender && row.job === job && row.inFlight === inFlight,
    )?.callsPerSecond ?? [];
  return {
    name: `${job}, ${inFlight} in flight: calls a second beside ${title}`,
    bound,
    limit,
    unit: "×",
    needs: { part: "tables", job, inFlight, contenders: [PORT, than] },
    values: (results) => ratios(rates(results, PORT), rates(results, than)),
  };
}

function single(
  part: "shortCalls" | "footprint",
  name: string,
  bound: Rule["bound"],
  limit: number,
  unit: string,
  value: (results: Results) => number,
): Rule {
  return {
    name,
    bound,
    limit,
    unit,
    needs: { part, contenders: [PORT] },
    values: (results) => [value(results)],
  };
}

/** ms beyond the start of an empty program, in the same round. */
function death(name: string, deaths: (results: Results) => Results["death"]): Rule {
  return {
    name: `${name} to the next answer, beyond the start of an empty program`,
    bound: "less than",
    limit: 15,
    unit: " ms",
    needs: { part: "deaths", contenders: [PORT] },
    values: (results) => {
      const times = deaths(results).find(({ contender }) => contender === PORT)?.ms ?? [];
      return times.flatMap((ms, round) => ms - (results.emptyProgram[round] ?? Number.NaN));
    },
  };
}

export const RULES: readonly Rule[] = [
  slower("sum", true, "echo", "the raw echo", 1.6),
  slower("sum", true, "by-hand", "the hand-made call", 1.25),
  slower("sum", false, "echo", "the raw echo", 1.3),
  slower("sum", false, "napi-async", "napi-rs async fn", 1),
  faster("sum", 256, "napi-async", "napi-rs async fn", 5),
  faster("sum", 256, "napi-task", "napi-rs AsyncTask", 5),
  faster("sum", 256, "worker-threads", "worker_threads", 4),
  faster("sum", 256, "piscina", "piscina", 15),
  faster("sum", 256, "grpc", "gRPC", 8),
  faster("sum", 256, "json-lines", "JSON lines written once a tick", 2),
  faster("sum", 256, "json-lines-each", "JSON lines with a write a call", 3),
  faster("sum", 256, "by-hand", "the hand-made call", 0.6),
  faster("object", 256, "json-lines", "JSON lines written once a tick", 2),
  faster("object", 256, "json-lines-each", "JSON lines with a write a call", 2),
  faster("object", 256, "msgpack", "MessagePack", 1, "more than"),
  faster("bytes", 16, "echo", "the raw echo", 0.85),
  single(
    "shortCalls",
    "short calls beside long ones: p50 beside idle",
    "at most",
    2,
    "×",
    ({ shortCalls: { idle, loaded } }) => loaded.p50 / idle.p50,
  ),
  single(
    "shortCalls",
    "short calls beside long ones: p99 beyond idle",
    "at most",
    5,
    " ms",
    ({ shortCalls: { idle, loaded } }) => loaded.p99 - idle.p99,
  ),
  single(
    "shortCalls",
    "short calls beside long ones: the longest",
    "at most",
    20,
    " ms",
    ({ shortCalls }) => shortCalls.loaded.max,
  ),
  single(
    "footprint",
    "an idle worker with one function, resident",
    "less than",
    6,
    " MB",
    ({ footprint }) => footprint.oneFunctionWorker / MB,
  ),
  single(
    "footprint",
    "growth of the host by a million calls",
    "at most",
    GROWTH.host / MB,
    " MB",
    ({ footprint: { millionCalls } }) => (millionCalls.after.host - millionCalls.before.host) / MB,
  ),
  single(
    "footprint",
    "growth of the worker by a million calls",
    "at most",
    GROWTH.worker / MB,
    " MB",
    ({ footprint: { millionCalls } }) => (millionCalls.after.worker - millionCalls.before.worker) / MB,
  ),
  death("SIGKILL", ({ death }) => death),
  death("a segmentation fault", ({ segfaultDeath = [] }) => segfaultDeath),
];
