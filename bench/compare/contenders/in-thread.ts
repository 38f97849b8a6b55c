/**
 * What runs in a worker thread, or in tinypool's child process: the same addon, called synchronously there, by the names
 * of the Rust functions. piscina and tinypool take the functions from this module; thread.ts calls them by messages.
 */

import { synchronous } from "./addon.ts";

const addon = synchronous();

/** Both pools hand over one value: here the list of arguments. */
type OfArguments = (args: never) => unknown;

export const empty: OfArguments = () => addon.empty();
export const sum: OfArguments = ([values]: [number[]]) => addon.sum(values);
export const order: OfArguments = ([json]: [string]) => addon.order(json);
export const rows: OfArguments = ([json]: [string]) => addon.rows(json);
export const sign: OfArguments = ([claims, algorithm, key]: [object, string, string]) =>
  addon.sign(claims, algorithm, Buffer.from(key));
export const verify_password: OfArguments = (args: [string, string]) => addon.verifyPassword(...args);
export const sha256: OfArguments = ([data]: [Uint8Array]) => addon.sha256(data);
export const bytes: OfArguments = ([data]: [Uint8Array]) => addon.bytes(data);
export const scale: OfArguments = ([doubles, by]: [Uint8Array, number]) => addon.scale(doubles, by);
export const thumbnail: OfArguments = (args: [Uint8Array, number, number]) => addon.thumbnail(...args);
export const spin: OfArguments = ([micros]: [number]) => addon.spin(micros);
export const panic: OfArguments = ([message]: [string]) => addon.panic(message);
export const segfault: OfArguments = () => addon.segfault();
export const abort: OfArguments = () => addon.abort();
export const overflow_stack: OfArguments = () => addon.overflowStack();
export const out_of_memory: OfArguments = () => addon.outOfMemory();
export const loop_forever: OfArguments = () => addon.loopForever();
export const leak: OfArguments = ([mebibytes]: [number]) => addon.leak(mebibytes);
export const exit: OfArguments = ([code]: [number]) => addon.exit(code);
