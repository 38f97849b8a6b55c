/** Makers of values that are not of here: of another realm, and terms of a second copy of the codec. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext, runInThisContext } from "node:vm";
import type * as codec from "../../codec/index.ts";

/** The codec as one imports it. */
export type CodecModule = typeof codec;

/** What another realm makes. */
export interface Realm {
  map(entries: Iterable<readonly [unknown, unknown]>): Map<unknown, unknown>;
  bytes(from: Uint8Array): Uint8Array;
  list(items: readonly unknown[]): unknown[];
  record(entries: Iterable<readonly [string, unknown]>): object;
  instance(entries: Iterable<readonly [string, unknown]>): object;
  /** Built-ins that mean something else than their properties. */
  readonly opaque: readonly (() => object)[];
}

const SOURCE = `(() => {
  class Instance {}
  return {
    map: (entries) => new Map(entries),
    bytes: (from) => Uint8Array.from(from),
    list: (items) => Array.from(items),
    record: (entries) => Object.fromEntries(entries),
    instance: (entries) => Object.assign(new Instance(), Object.fromEntries(entries)),
    opaque: [
      () => new Date(0), () => new Set([1]), () => new Error("x"), () => /x/, () => new ArrayBuffer(1),
      () => new SharedArrayBuffer(1), () => new String("x"), () => Object(1n), () => [1].values(), () => Math,
      () => (function* () {})(), () => (function () { return arguments; })(1), () => new Int8Array(1), () => new WeakMap(),
    ],
  };
})()`;

/** Another realm. */
export function foreignRealm(): Realm {
  return runInNewContext(SOURCE) as Realm;
}

/** The same things of this realm, and those that a realm of vm has not. */
export function thisRealm(): Realm {
  const here = runInThisContext(SOURCE) as Realm;
  const more = [
    () => new URL("http://localhost/"),
    () => new Headers(),
    () => new Blob([]),
    () => new AbortController().signal,
    () => new Intl.NumberFormat(),
    () => new ReadableStream(),
  ];
  // Some of these cost more than all the rest of a case.
  const made = more.map((make) => make());
  return { ...here, opaque: [...here.opaque, ...made.map((one) => () => one)] };
}

/** A second copy of the codec, from files of its own. */
export async function secondCopy(): Promise<CodecModule> {
  const beside = fileURLToPath(new URL("../../codec", import.meta.url));
  // Under vitest there are only sources; what they compile to is in dist/.
  const compiled = existsSync(join(beside, "index.js")) ? beside : join("dist", "codec");
  const folder = mkdtempSync(join(tmpdir(), "portreeve-second-"));
  try {
    cpSync(compiled, folder, { recursive: true, filter: (path) => !path.endsWith(".map") });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    return (await import(pathToFileURL(join(folder, "index.js")).href)) as CodecModule;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
