/**
 * What a scene's host process is to do, given as its one argument, and what it says meanwhile. It says it by one
 * synchronous write a line to a descriptor of its own: a line that was written is there, whatever dies next.
 */

import type { AccidentId, JobId } from "../contenders/contender.ts";
import type { Step } from "./recorder.ts";

export type Plan = CrossoverPlan | CostPlan | LoadPlan | AccidentPlan;

/** Measures a round of job lengths each time it is told to over the IPC channel. */
export interface CrossoverPlan {
  readonly scene: "crossover";
  readonly contender: string;
  /** µs */
  readonly jobs: readonly number[];
  /** How long each of them is measured, in ms, and how many calls at least. */
  readonly eachMs: number;
  readonly least: number;
}

/** Measures what one call costs after the other. */
export interface CostPlan {
  readonly scene: "cost";
  readonly contender: string;
  readonly job: JobId;
  readonly ms: number;
}

export interface LoadPlan {
  readonly scene: "load";
  readonly contender: string;
  readonly job: JobId;
  readonly lengthMs: number;
  readonly perSecond: number;
  readonly stepMs: number;
  /** ms since the beginning. */
  readonly segfaults: readonly number[];
  /** How long answers are waited for after the last request, in ms. */
  readonly patienceMs: number;
}

export interface AccidentPlan {
  readonly scene: "accident";
  readonly contender: string;
  readonly accident: AccidentId;
  /** Innocent calls, half of them before the accident. */
  readonly innocents: number;
  /** How often the accident happens, one after the other. */
  readonly times: number;
  /** How long it is looked on after the accident's call came back, in ms. */
  readonly afterMs: number;
  /** The end of patience, in ms from the accident. */
  readonly limitMs: number;
}

/** The first line of every host. */
export type Begun =
  | { readonly say: "ready" }
  /** This contender has no such job or accident. */
  | { readonly say: "without"; readonly why: string };

export interface RoundDone {
  readonly say: "round";
  /** µs beyond the job, one entry for each of the plan's jobs. */
  readonly overheads: readonly number[];
}

export interface CostFound {
  readonly say: "cost";
  readonly micros: number;
}

export type LoadEvent =
  | { readonly say: "steps"; readonly steps: readonly (readonly [index: number, step: Step])[] }
  | { readonly say: "settled"; readonly unanswered: number };

/** Times are in ms of the host's own clock. */
export type AccidentEvent =
  | { readonly say: "memory"; readonly bytes: number }
  | { readonly say: "accident"; readonly at: number }
  /** A call that is no accident: an innocent has its number, a probe that was made later a higher one. */
  | {
      readonly say: "call";
      readonly call: number;
      readonly at: number;
      readonly became: "right" | "wrong" | "failed";
    }
  /** The accident's call came back, with an answer or an error. */
  | { readonly say: "told"; readonly at: number; readonly text: string }
  | { readonly say: "over"; readonly at: number };
