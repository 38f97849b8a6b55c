/**
 * What a run of the benchmark leaves behind, as bench/results/compare.json: everything that the report, the pictures,
 * the page of prose and `--check` are made from. Times of each round are kept, for ratios are taken within one round.
 */

import type { AccidentId, JobId, Place } from "./contenders/contender.ts";

export interface Results {
  readonly about: About;
  readonly contenders: readonly { readonly id: string; readonly title: string; readonly place: Place }[];
  /** What was not measured, and why: a contender as a whole, or one job of it. */
  readonly leftOut: readonly {
    readonly contender: string;
    readonly job?: JobId | AccidentId;
    readonly why: string;
  }[];
  readonly latency: readonly Latency[];
  readonly throughput: readonly Throughput[];
  readonly memory: readonly Memory[];
  /** ms from nothing to the first answer. */
  readonly start: readonly { readonly contender: string; readonly ms: readonly number[] }[];
  /** ms from the death of what does the work to the next answer, core dumps off; absent where the host dies too. */
  readonly death: readonly { readonly contender: string; readonly ms: readonly number[] }[];
  /** The same where the function itself crashes and the system is told of it (SIGSEGV); portreeve alone. */
  readonly segfaultDeath?: readonly { readonly contender: string; readonly ms: readonly number[] }[];
  /** The start of an empty Rust program up to its first bytes, in the same rounds. */
  readonly emptyProgram: readonly number[];
  readonly crossover: readonly Crossover[];
  readonly spike: readonly Timeline[];
  readonly crash: readonly Timeline[];
  readonly matrix: readonly Accident[];
  readonly shortCalls: ShortCalls;
  readonly footprint: Footprint;
}

export interface About {
  readonly command: string;
  /** ISO 8601. */
  readonly date: string;
  /** Of the measured tree, with `-dirty` when it had changes. */
  readonly commit: string;
  readonly quick: boolean;
  readonly rounds: number;
  /** Whether all hosts but the one that was measured were stopped; absent in results from before they were. */
  readonly othersStopped?: boolean;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly kernel: string;
    readonly memoryBytes: number;
  };
  readonly node: string;
  readonly rustc: string;
  /** npm packages and crates that were measured, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
}

/** One call after the other. Each list has one entry a round, in µs. */
export interface Latency {
  readonly contender: string;
  readonly job: JobId;
  /** Host and program bound to one core. */
  readonly pinned: boolean;
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly mean: readonly number[];
}

/** So many calls on their way. Each list has one entry a round. */
export interface Throughput {
  readonly contender: string;
  readonly job: JobId;
  readonly inFlight: number;
  readonly callsPerSecond: readonly number[];
  /** Delay of the host's event loop, in ms. */
  readonly loopP99: readonly number[];
  readonly loopMax: readonly number[];
  /** Processor time a call, in µs: of the host, and of its other processes. */
  readonly hostCpu: readonly number[];
  readonly otherCpu: readonly number[];
}

/** Resident memory in bytes, of the host and of its other processes, before any call and after the load. */
export interface Memory {
  readonly contender: string;
  readonly idle: { readonly host: number; readonly other: number };
  readonly loaded: { readonly host: number; readonly other: number };
}

/** What a contender adds to a job of a known length. */
export interface Crossover {
  readonly contender: string;
  readonly points: readonly {
    /** The job itself, in µs, timed inside of the Rust function. */
    readonly jobMicros: number;
    /** The call beyond the job, in µs, one entry a round. */
    readonly overheadMicros: readonly number[];
  }[];
}

/** A load over time, in steps of equal length. */
export interface Timeline {
  readonly contender: string;
  readonly stepMs: number;
  readonly steps: readonly {
    /** Calls that were due in this step. */
    readonly due: number;
    readonly answered: number;
    readonly failed: number;
    /** ms from when a call was due to its answer; absent where none of the step's calls was answered. */
    readonly p50?: number;
    readonly p99?: number;
    /** The longest delay of the host's event loop that touched this step, in ms. */
    readonly loopMax: number;
  }[];
  /** Requests a second between the bursts, which are tenfold. */
  readonly steadyPerSecond: number;
  /** Steps at which an accident was injected. */
  readonly accidents: readonly number[];
  /** Calls that had neither answer nor error when it was over, those included that were due when the host was dead. */
  readonly unanswered: number;
  /** The host's exit code or signal, when it died of it; the steps after that are missing. */
  readonly hostDied?: string;
}

/** One cell of the crash matrix. */
export interface Accident {
  readonly contender: string;
  readonly accident: AccidentId;
  /** Its event loop turned until the end. */
  readonly hostAlive: boolean;
  /** Where it did not: the exit code, the signal, or that it was frozen and had to be killed. */
  readonly hostEnd?: string;
  /** Innocent calls that were made at the same moment, half of them before the accident. */
  readonly inFlight: number;
  /** Of them: no answer but an error, or none at all when the host is dead. */
  readonly lost: number;
  /** Of them: a wrong answer. */
  readonly wrong: number;
  /** Of them: neither answer nor error within the time limit. */
  readonly hanging: number;
  /** The longest time, in ms, without an answer to innocent calls, which go on all the while; absent if none came any more. */
  readonly backMs?: number;
  /** ms until the call that caused it was answered or failed; absent if it never was within the limit. */
  readonly toldMs?: number;
  /** Of a leak: bytes that its calls leaked in all, and how much more the host and its processes held at the end than before. */
  readonly leak?: { readonly leakedBytes: number; readonly heldBytes: number };
  /** What the call that caused it got: the error's first lines, or what the host left on stderr. */
  readonly error: string;
}

/** Short calls while calls of 300 ms keep every core busy, in ms. */
export interface ShortCalls {
  readonly idle: Quantiles;
  readonly loaded: Quantiles;
}

export interface Quantiles {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Resident memory in bytes. */
export interface Footprint {
  readonly oneFunctionWorker: number;
  readonly computeWorker: number;
  readonly emptyProgram: number;
  /** Host and worker before and after a million calls, garbage collected. */
  readonly millionCalls: {
    readonly before: { readonly host: number; readonly worker: number };
    readonly after: { readonly host: number; readonly worker: number };
  };
}
