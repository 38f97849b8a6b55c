/** What Node does by itself: node:crypto where it can, else plain JavaScript. There and back is a copy. */

import { createHmac, createPrivateKey, hash, sign } from "node:crypto";
import type { AccidentId, Job, JobId, Running, Without } from "./contender.ts";
import { FACTOR, LEAK_MEBIBYTES, PASSWORD_HASH, PRIVATE_KEY, SECRET } from "./keys.ts";
import { load } from "./packages.ts";

type Argon2 = typeof import("@noble/hashes/argon2.js").argon2id;

export async function startJs(): Promise<Running> {
  const { argon2id } = await load<typeof import("@noble/hashes/argon2.js")>("@noble/hashes/argon2.js");
  const jobs = jobsOf(argon2id);
  return {
    job: (id) => jobs[id],
    accident: (id) => ACCIDENTS[id],
    pids: () => [],
    stop: async () => {},
  };
}

function jobsOf(argon2id: Argon2): Readonly<Record<JobId, Job | Without>> {
  return {
    empty: () => undefined,
    sum: (values) => (values as number[]).reduce((sum, value) => sum + value, 0),
    object: (order) => structuredClone(order),
    rows: (rows) => structuredClone(rows),
    "jwt-hs256": signHs256,
    "jwt-eddsa": signEdDsa,
    argon2: (password) => verifyPassword(argon2id, password as string),
    sha256: (data) => hash("sha256", data as Uint8Array, "buffer"),
    bytes: (data) => (data as Uint8Array).slice(),
    doubles: (doubles) => (doubles as Float64Array).map((value) => value * FACTOR),
    thumbnail: { without: "Node reads no pictures; packages that do it fast are native or WebAssembly" },
    spin: (micros) => spin(micros as number),
  };
}

const base64 = (text: string) => Buffer.from(text).toString("base64url");
const HS256 = base64('{"typ":"JWT","alg":"HS256"}');
const EDDSA = base64('{"typ":"JWT","alg":"EdDSA"}');
const privateKey = createPrivateKey(PRIVATE_KEY);

function signHs256(claims: unknown): string {
  const text = `${HS256}.${base64(JSON.stringify(claims))}`;
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
}

function signEdDsa(claims: unknown): string {
  const text = `${EDDSA}.${base64(JSON.stringify(claims))}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
}

/** node:crypto has Argon2 only from Node 24.7 on. */
function verifyPassword(argon2id: Argon2, password: string): boolean {
  const [, , , options = "", salt = "", expected = ""] = PASSWORD_HASH.split("$");
  const [m = 0, t = 0, p = 0] = options.split(",").map((option) => Number(option.slice(2)));
  const found = argon2id(password, Buffer.from(salt, "base64"), { m, t, p });
  return Buffer.from(expected, "base64").equals(found);
}

function spin(micros: number): number {
  const start = performance.now();
  for (;;) {
    const spent = performance.now() - start;
    if (spent * 1000 >= micros) return Math.round(spent * 1e6);
  }
}

const leaked: Buffer[] = [];

function deeper(depth: number): number {
  return deeper(depth + 1) + 1;
}

const ACCIDENTS: Readonly<Record<AccidentId, Job | Without>> = {
  panic: () => {
    throw new Error("an accident");
  },
  segfault: { without: "JavaScript has no pointers" },
  abort: () => process.abort(),
  "stack-overflow": () => deeper(0),
  "out-of-memory": () => new ArrayBuffer(2 ** 46),
  "endless-loop": () => {
    for (;;);
  },
  leak: () => leaked.push(Buffer.alloc(LEAK_MEBIBYTES << 20, 1)),
  exit: () => process.exit(0),
};
