/**
 * The jobs for a contender that calls functions by their names, with a list of arguments, and moves bytes as bytes. Each
 * is a function of its own, as a caller would write it.
 */

import type { AccidentId, Job, JobId } from "./contender.ts";
import { bytesOfDoubles, doublesOfBytes } from "./doubles.ts";
import { FACTOR, LEAK_MEBIBYTES, PASSWORD_HASH, PRIVATE_KEY, SECRET, THUMBNAIL_SIDE } from "./keys.ts";

export type Call = (name: string, args: readonly unknown[]) => Promise<unknown>;

export function jobsByName(call: Call): Readonly<Record<JobId, Job>> {
  return {
    empty: () => call("empty", []),
    sum: (values) => call("sum", [values]),
    object: (order) => call("order", [order]),
    rows: (rows) => call("rows", [rows]),
    "jwt-hs256": (claims) => call("sign", [claims, "HS256", SECRET]),
    "jwt-eddsa": (claims) => call("sign", [claims, "EdDSA", PRIVATE_KEY]),
    argon2: (password) => call("verify_password", [password, PASSWORD_HASH]),
    sha256: (data) => call("sha256", [data]),
    bytes: (data) => call("bytes", [data]),
    doubles: async (doubles) =>
      doublesOfBytes((await call("scale", [bytesOfDoubles(doubles as Float64Array), FACTOR])) as Uint8Array),
    thumbnail: (image) => call("thumbnail", [image, THUMBNAIL_SIDE, THUMBNAIL_SIDE]),
    spin: (micros) => call("spin", [micros]),
  };
}

export function accidentsByName(call: Call): Readonly<Record<AccidentId, Job>> {
  return {
    panic: () => call("panic", ["an accident"]),
    segfault: () => call("segfault", []),
    abort: () => call("abort", []),
    "stack-overflow": () => call("overflow_stack", []),
    "out-of-memory": () => call("out_of_memory", []),
    "endless-loop": () => call("loop_forever", []),
    leak: () => call("leak", [LEAK_MEBIBYTES]),
    exit: () => call("exit", [0]),
  };
}
