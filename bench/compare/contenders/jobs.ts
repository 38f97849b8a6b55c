/**
 * The jobs: what each gets, and what it must answer. A contender shows a job's input and answer in the form that is best
 * for its caller: typed arrays for bytes and doubles, plain objects for records.
 */

import { deepEqual, equal, ok } from "node:assert/strict";
import { createHash, createHmac, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { fromRoot } from "../programs.ts";
import type { JobId } from "./contender.ts";
import { FACTOR, PUBLIC_KEY, SECRET, THUMBNAIL_SIDE } from "./keys.ts";
import { makeRows, ORDER } from "./records.ts";

export interface JobInfo {
  readonly title: string;
  /** Made at the first look, the same in every process; a contender does not change it. */
  readonly input: unknown;
  /** @throws when it is not the answer */
  check(answer: unknown): void;
  /** What the function itself takes, roughly, in µs, without the call. */
  readonly micros: number;
  /** Whether it computes for so long or moves so much that the call hardly counts. */
  readonly heavy: boolean;
}

const MEGABYTE = 1_000_000;
const CLAIMS = {
  iss: "https://login.example.org",
  sub: "user-220114",
  aud: "https://api.example.org",
  iat: 1_773_480_413,
  exp: 1_773_484_013,
  scope: "orders:read orders:write",
  admin: false,
};

export const JOBS: Readonly<Record<JobId, JobInfo>> = {
  empty: job(
    "Empty call",
    0.01,
    () => undefined,
    (answer) => ok(answer === undefined || answer === null),
  ),
  sum: job(
    "Sum of [1, 2, 3]",
    0.01,
    () => [1, 2, 3],
    (answer) => equal(answer, 6),
  ),
  object: job(
    "Nested object of 2 KB, there and back",
    0.01,
    () => ORDER,
    (answer) => checkRecord(answer, ORDER, "order"),
  ),
  rows: job(
    "10 000 maps of 8 fields, there and back",
    0.01,
    () => makeRows(10_000),
    (answer) => checkRecord(answer, makeRows(10_000), "rows"),
  ),
  "jwt-hs256": job(
    "JWT signed by HS256",
    2,
    () => CLAIMS,
    (answer) => checkToken(answer, "HS256", isHmac),
  ),
  "jwt-eddsa": job(
    "JWT signed by EdDSA",
    30,
    () => CLAIMS,
    (answer) => checkToken(answer, "EdDSA", isEd25519),
  ),
  argon2: job(
    "Argon2id, 19 MiB",
    30_000,
    () => "correct horse battery staple",
    (answer) => equal(answer, true),
  ),
  sha256: job("SHA-256 of 1 MB", 700, noise, (answer) => {
    deepEqual(bytesOf(answer), createHash("sha256").update(noise()).digest());
  }),
  bytes: job("1 MB of bytes, there and back", 0.01, noise, (answer) => ok(bytesOf(answer).equals(noise()))),
  doubles: job("8 MB of doubles, there and back", 1500, makeDoubles, checkDoubles),
  thumbnail: job("Thumbnail of a photo", 8000, photo, checkThumbnail),
  spin: job(
    "A loop of a given length",
    100,
    () => 100,
    (answer) => ok(Number(answer) >= 100_000),
  ),
};

function job(title: string, micros: number, make: () => unknown, check: (answer: unknown) => void): JobInfo {
  const made: { input?: unknown } = {};
  return {
    title,
    micros,
    heavy: micros >= 500,
    get input() {
      if (!("input" in made)) made.input = make();
      return made.input;
    },
    check,
  };
}

/** Bytes that do not repeat soon: xorshift32. */
function noise(): Uint8Array {
  const bytes = new Uint8Array(MEGABYTE);
  let state = 2_463_534_242;
  for (let i = 0; i < bytes.length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

function makeDoubles(): Float64Array {
  return Float64Array.from({ length: MEGABYTE }, (_, i) => Math.sqrt(i) - 300);
}

function photo(): Uint8Array {
  return readFileSync(fromRoot("bench/compare/contenders/photo/rocket.jpg"));
}

/** Compares records by their fields alone: a message of gRPC is an object of its own kind, where null is absent. */
function checkRecord(answer: unknown, expected: unknown, path: string): void {
  if (typeof expected !== "object" || expected === null) {
    ok((answer ?? null) === expected, `${path} is ${String(answer)}, not ${String(expected)}`);
    return;
  }
  const found = Object(answer) as Readonly<Record<string, unknown>>;
  if (Array.isArray(expected)) equal(found.length, expected.length, `${path} has another length`);
  for (const [name, value] of Object.entries(expected)) checkRecord(found[name], value, `${path}.${name}`);
}

function checkDoubles(answer: unknown): void {
  const given = makeDoubles();
  ok(answer instanceof Float64Array && answer.length === given.length, "expected as many doubles");
  ok(answer.every((value, i) => value === (given[i] ?? 0) * FACTOR));
}

/** Bytes, or the pieces in which they came. */
function bytesOf(answer: unknown): Buffer {
  if (Array.isArray(answer)) return Buffer.concat(answer);
  ok(answer instanceof Uint8Array, `expected bytes, got ${typeof answer}`);
  return Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
}

/** 640 × 427 pixels become 256 × 171. */
function checkThumbnail(answer: unknown): void {
  const png = bytesOf(answer);
  equal(png.toString("latin1", 1, 4), "PNG");
  deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [THUMBNAIL_SIDE, 171]);
  ok(png.length > 10_000, "the photo is more than one colour");
}

type IsSignature = (text: string, signature: Buffer) => boolean;

const isHmac: IsSignature = (text, signature) =>
  signature.equals(createHmac("sha256", SECRET).update(text).digest());
const isEd25519: IsSignature = (text, signature) => verify(null, Buffer.from(text), PUBLIC_KEY, signature);

function checkToken(answer: unknown, algorithm: string, isSignature: IsSignature): void {
  const [header = "", claims = "", signature = ""] = String(answer).split(".");
  equal(JSON.parse(Buffer.from(header, "base64url").toString()).alg, algorithm);
  deepEqual(JSON.parse(Buffer.from(claims, "base64url").toString()), CLAIMS);
  ok(isSignature(`${header}.${claims}`, Buffer.from(signature, "base64url")), "the signature is wrong");
}
