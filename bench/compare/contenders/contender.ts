/**
 * What every contender is: something that is started, answers jobs, and ends. One host process holds one contender, so
 * that memory, processor time, event-loop delay and a crash of the host belong to it alone.
 */

/** The jobs: each has its input and its check in jobs.ts, and its Rust function in rust-port/examples/compute. */
export type JobId =
  | "empty"
  | "sum"
  | "object"
  | "rows"
  | "jwt-hs256"
  | "jwt-eddsa"
  | "argon2"
  | "sha256"
  | "bytes"
  | "doubles"
  | "thumbnail"
  | "spin";

/** The accidents of the crash matrix: each is a function that does not come back as it should. */
export const ACCIDENTS = [
  "panic",
  "segfault",
  "abort",
  "stack-overflow",
  "out-of-memory",
  "endless-loop",
  "leak",
  "exit",
] as const;

export type AccidentId = (typeof ACCIDENTS)[number];

export type Place = "in process" | "threads" | "out of process";

export interface Contender {
  /** The word for `--only`, and the key in the results. */
  readonly id: string;
  /** As the pictures and tables name it. */
  readonly title: string;
  readonly place: Place;
  /** Starts it. Rejects with what is missing where it cannot be built or run. */
  start(): Promise<Running>;
}

/** A job's function: its input in, its answer out. A synchronous contender answers at once. */
export type Job = (input: unknown) => unknown;

export interface Running {
  /** The function for a job, or why this contender has none. Looked up once, outside of what is measured. */
  job(id: JobId): Job | Without;
  accident(id: AccidentId): Job | Without;
  /** The processes beside the host that work for it, now. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

/** Why there is nothing. */
export interface Without {
  readonly without: string;
}
