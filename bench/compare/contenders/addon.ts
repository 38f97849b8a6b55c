/**
 * The addon of bench/native/addon, as JavaScript sees it: every function in three ways, synchronous (`sum`), as AsyncTask
 * (`sumTask`) and as async fn (`sumAsync`). Orders and rows are JSON text there.
 */

import { programPath } from "../programs.ts";
import type { AccidentId, Job } from "./contender.ts";
import { LEAK_MEBIBYTES } from "./keys.ts";

/** What they take and give, without promises. */
export interface Functions {
  empty(): void;
  sum(values: readonly number[]): number;
  order(json: string): string;
  rows(json: string): string;
  sign(claims: object, algorithm: string, key: Uint8Array): string;
  verifyPassword(password: string, hash: string): boolean;
  sha256(data: Uint8Array): Uint8Array;
  bytes(data: Uint8Array): Uint8Array;
  scale(doubles: Uint8Array, by: number): Uint8Array;
  thumbnail(image: Uint8Array, width: number, height: number): Uint8Array;
  spin(micros: number): number;
  panic(message: string): void;
  segfault(): void;
  abort(): void;
  overflowStack(): number;
  outOfMemory(): void;
  loopForever(): void;
  leak(mebibytes: number): void;
  exit(code: number): void;
}

/** The same with promises. */
export type Promising = {
  readonly [K in keyof Functions]: (...args: Parameters<Functions[K]>) => Promise<ReturnType<Functions[K]>>;
};

const NAMES: readonly (keyof Functions)[] = [
  ...(["empty", "sum", "order", "rows", "sign", "verifyPassword", "sha256", "bytes", "scale"] as const),
  ...(["thumbnail", "spin", "panic", "segfault", "abort", "overflowStack", "outOfMemory"] as const),
  ...(["loopForever", "leak", "exit"] as const),
];

export function synchronous(): Functions {
  return functions("") as Functions;
}

export function promising(way: "Task" | "Async"): Promising {
  return functions(way) as Promising;
}

function functions(way: string): unknown {
  const loaded: { exports: Record<string, unknown> } = { exports: {} };
  process.dlopen(loaded, programPath("addon"));
  return Object.fromEntries(NAMES.map((name) => [name, loaded.exports[`${name}${way}`]]));
}

export function accidentsOf(addon: Functions | Promising): Readonly<Record<AccidentId, Job>> {
  return {
    panic: () => addon.panic("an accident"),
    segfault: () => addon.segfault(),
    abort: () => addon.abort(),
    "stack-overflow": () => addon.overflowStack(),
    "out-of-memory": () => addon.outOfMemory(),
    "endless-loop": () => addon.loopForever(),
    leak: () => addon.leak(LEAK_MEBIBYTES),
    exit: () => addon.exit(0),
  };
}
