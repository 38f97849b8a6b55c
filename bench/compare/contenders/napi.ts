/** napi-rs in the process of its caller, in its three ways. */

import { accidentsOf, type Functions, type Promising, promising, synchronous } from "./addon.ts";
import type { AccidentId, Job, JobId, Running } from "./contender.ts";
import { bytesOfDoubles, doublesOfBytes } from "./doubles.ts";
import { FACTOR, PASSWORD_HASH, PRIVATE_KEY, SECRET, THUMBNAIL_SIDE } from "./keys.ts";

const secret = Buffer.from(SECRET);
const privateKey = Buffer.from(PRIVATE_KEY);

export function startSync(): Running {
  const addon = synchronous();
  return running(syncJobs(addon), accidentsOf(addon));
}

export function startAsync(way: "Task" | "Async"): Running {
  const addon = promising(way);
  return running(asyncJobs(addon), accidentsOf(addon));
}

function running(jobs: Readonly<Record<JobId, Job>>, accidents: Readonly<Record<AccidentId, Job>>): Running {
  return { job: (id) => jobs[id], accident: (id) => accidents[id], pids: () => [], stop: async () => {} };
}

function syncJobs(addon: Functions): Readonly<Record<JobId, Job>> {
  return {
    empty: () => addon.empty(),
    sum: (values) => addon.sum(values as number[]),
    object: (order) => JSON.parse(addon.order(JSON.stringify(order))),
    rows: (rows) => JSON.parse(addon.rows(JSON.stringify(rows))),
    "jwt-hs256": (claims) => addon.sign(claims as object, "HS256", secret),
    "jwt-eddsa": (claims) => addon.sign(claims as object, "EdDSA", privateKey),
    argon2: (password) => addon.verifyPassword(password as string, PASSWORD_HASH),
    sha256: (data) => addon.sha256(data as Uint8Array),
    bytes: (data) => addon.bytes(data as Uint8Array),
    doubles: (doubles) => doublesOfBytes(addon.scale(bytesOfDoubles(doubles as Float64Array), FACTOR)),
    thumbnail: (image) => addon.thumbnail(image as Uint8Array, THUMBNAIL_SIDE, THUMBNAIL_SIDE),
    spin: (micros) => addon.spin(micros as number),
  };
}

function asyncJobs(addon: Promising): Readonly<Record<JobId, Job>> {
  return {
    empty: () => addon.empty(),
    sum: (values) => addon.sum(values as number[]),
    object: async (order) => JSON.parse(await addon.order(JSON.stringify(order))),
    rows: async (rows) => JSON.parse(await addon.rows(JSON.stringify(rows))),
    "jwt-hs256": (claims) => addon.sign(claims as object, "HS256", secret),
    "jwt-eddsa": (claims) => addon.sign(claims as object, "EdDSA", privateKey),
    argon2: (password) => addon.verifyPassword(password as string, PASSWORD_HASH),
    sha256: (data) => addon.sha256(data as Uint8Array),
    bytes: (data) => addon.bytes(data as Uint8Array),
    doubles: async (doubles) =>
      doublesOfBytes(await addon.scale(bytesOfDoubles(doubles as Float64Array), FACTOR)),
    thumbnail: (image) => addon.thumbnail(image as Uint8Array, THUMBNAIL_SIDE, THUMBNAIL_SIDE),
    spin: (micros) => addon.spin(micros as number),
  };
}
