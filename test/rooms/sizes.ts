/**
 * What is longer than the limits of sizes.test.ts, and why. An entry that is not needed any more fails the test, as one of
 * what is not there.
 */
type Reasons = Readonly<Record<string, string>>;

const SPLIT = "from before the limit: to be split";

/** By path. */
export const LONG_FILES: Reasons = {
  "src/errors.ts": SPLIT,
  "src/pool/worker-life.ts": "one life, from the spawn to the last byte, told in its order",
  "src/supervise/engine.ts": SPLIT,
  "src/supervise/supervisor.ts": SPLIT,
  "src/wire/output.ts": SPLIT,
  "rust-port/portreeve-macros/src/function/expand.rs": SPLIT,
  "rust-port/portreeve-macros/src/term/describe.rs": SPLIT,
  "rust-port/portreeve/src/api/run.rs": SPLIT,
  "rust-port/portreeve/src/calls/batch.rs": SPLIT,
  "rust-port/portreeve/src/etf/de.rs": SPLIT,
  "rust-port/portreeve/src/etf/de/seq.rs": SPLIT,
  "rust-port/portreeve/src/etf/error.rs": SPLIT,
  "rust-port/portreeve/src/etf/read.rs": SPLIT,
  "rust-port/portreeve/src/etf/ser.rs": SPLIT,
  "rust-port/portreeve/src/etf/ser/compound.rs": SPLIT,
  "rust-port/portreeve/src/observe/logging.rs": SPLIT,
  "rust-port/portreeve/src/runtime/reader.rs": SPLIT,
  "rust-port/portreeve/src/runtime/threads.rs": SPLIT,
  "rust-port/portreeve/src/schedule/plan.rs": SPLIT,
  "rust-port/portreeve/src/schedule/walk.rs": SPLIT,
  "rust-port/portreeve/src/wire/frame.rs": SPLIT,
  "rust-port/portreeve/src/wire/message/read.rs": SPLIT,
};

/** By path and name: `path: name`. */
export const LONG_FUNCTIONS: Reasons = {
  "rust-port/portreeve-macros/src/function/validate.rs: validate": SPLIT,
  "rust-port/portreeve-macros/src/term/check.rs: of_struct": SPLIT,
  "rust-port/portreeve-macros/src/term/describe.rs: of_told_apart": SPLIT,
  "rust-port/portreeve-macros/src/term/options.rs: one": SPLIT,
  "rust-port/portreeve/src/runtime/reader.rs: message": SPLIT,
  "rust-port/portreeve/src/schedule/walk.rs: step": SPLIT,
  "rust-port/portreeve/src/wire/message/read.rs: message": SPLIT,
};

/** By language: the number of lines that nine of ten functions do not exceed, where that is more than the limit. */
export const LONG_ON_THE_WHOLE: Readonly<
  Record<string, { readonly lines: number; readonly reason: string }>
> = {
  Rust: { lines: 17, reason: SPLIT },
};
