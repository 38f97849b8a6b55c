/** The contenders that the report speaks of by name, and the jobs in words. */

import type { AccidentId, JobId } from "../contenders/contender.ts";
import type { Results } from "../results.ts";

/** Every ratio is to this one: one worker, options as they are by default. */
export const PORT = "portreeve";
export const PORTS = "portreeve-n";
export const SYNC = "napi-sync";
export const ASYNC = "napi-async";
export const PLAIN = "js";
export const THREADS = "worker-threads";
export const ECHO = "echo";
export const BY_HAND = "by-hand";
export const JSON_LINES = "json-lines";
export const GRPC = "grpc";
export const EXECA = "execa";

/** All of them. */
export const NAMED = [
  PORT,
  PORTS,
  SYNC,
  ASYNC,
  PLAIN,
  THREADS,
  ECHO,
  BY_HAND,
  JSON_LINES,
  GRPC,
  EXECA,
] as const;

export const JOBS: Readonly<Record<JobId, string>> = {
  empty: "an empty call",
  sum: "the sum of [1, 2, 3]",
  object: "a nested object of 2 KB, there and back",
  rows: "10 000 maps of 8 fields",
  "jwt-hs256": "a JWT signed by HS256",
  "jwt-eddsa": "a JWT signed by EdDSA",
  argon2: "a password checked by argon2",
  sha256: "SHA-256 of 1 MB",
  bytes: "1 MB of bytes, there and back",
  doubles: "8 MB of doubles",
  thumbnail: "a thumbnail of a photo",
  spin: "computing for a given time",
};

export const ACCIDENTS: Readonly<Record<AccidentId, string>> = {
  panic: "panic",
  segfault: "segmentation fault",
  abort: "abort",
  "stack-overflow": "stack overflow",
  "out-of-memory": "out of memory",
  "endless-loop": "endless loop",
  leak: "leak",
  exit: "exit(0)",
};

/** How a contender is drawn: few colours, one for what it is. */
export type Kind = "port" | "in process" | "threads" | "out of process" | "limit";

export function kindOf(results: Results, id: string): Kind {
  if (id === PORT || id === PORTS) return "port";
  if (id === ECHO || id === BY_HAND) return "limit";
  return results.contenders.find((contender) => contender.id === id)?.place ?? "out of process";
}
