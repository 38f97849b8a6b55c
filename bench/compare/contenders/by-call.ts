/**
 * The jobs for programs that read calls by serde (bench/native/calls): a call is an object with one property, named after
 * the function. `Bytes` are bytes for MessagePack and base64 for JSON.
 */

import type { AccidentId, Job, JobId } from "./contender.ts";
import { bytesOfDoubles, doublesOfBytes } from "./doubles.ts";
import { FACTOR, LEAK_MEBIBYTES, PASSWORD_HASH, PRIVATE_KEY, SECRET, THUMBNAIL_SIDE } from "./keys.ts";

export type Ask = (call: unknown) => Promise<unknown>;

export interface BytesAs {
  toWire(bytes: Uint8Array): unknown;
  fromWire(value: unknown): Uint8Array;
}

export function jobsByCall(ask: Ask, { toWire, fromWire }: BytesAs): Readonly<Record<JobId, Job>> {
  const side = THUMBNAIL_SIDE;
  return {
    empty: () => ask("empty"),
    sum: (sum) => ask({ sum }),
    object: (order) => ask({ order }),
    rows: (rows) => ask({ rows }),
    "jwt-hs256": (claims) => ask({ sign: { claims, algorithm: "HS256", key: SECRET } }),
    "jwt-eddsa": (claims) => ask({ sign: { claims, algorithm: "EdDSA", key: PRIVATE_KEY } }),
    argon2: (password) => ask({ verify_password: { password, hash: PASSWORD_HASH } }),
    sha256: async (data) => fromWire(await ask({ sha256: toWire(data as Uint8Array) })),
    bytes: async (data) => fromWire(await ask({ bytes: toWire(data as Uint8Array) })),
    doubles: async (doubles) => {
      const bytes = toWire(bytesOfDoubles(doubles as Float64Array));
      return doublesOfBytes(fromWire(await ask({ scale: { doubles: bytes, by: FACTOR } })));
    },
    thumbnail: async (image) => {
      const thumbnail = { image: toWire(image as Uint8Array), width: side, height: side };
      return fromWire(await ask({ thumbnail }));
    },
    spin: (spin) => ask({ spin }),
  };
}

export function accidentsByCall(ask: Ask): Readonly<Record<AccidentId, Job>> {
  return {
    panic: () => ask({ panic: "an accident" }),
    segfault: () => ask("segfault"),
    abort: () => ask("abort"),
    "stack-overflow": () => ask("overflow_stack"),
    "out-of-memory": () => ask("out_of_memory"),
    "endless-loop": () => ask("loop_forever"),
    leak: () => ask({ leak: LEAK_MEBIBYTES }),
    exit: () => ask({ exit: 0 }),
  };
}
