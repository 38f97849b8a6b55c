/** What ETF cannot hold, and what to say of it. */

import { EtfError } from "./error.ts";

/** Kinds of objects whose properties are not what they mean. They need a `toTerm()`. */
const OPAQUE = [
  Date,
  Set,
  RegExp,
  Error,
  Promise,
  WeakMap,
  WeakSet,
  WeakRef,
  ArrayBuffer,
  String,
  Number,
  Boolean,
  BigInt,
  Symbol,
] as const;

/** Refuses objects that have no `toTerm()` and mean something else than their own properties. */
export function checkObject(value: object): void {
  if (ArrayBuffer.isView(value))
    throw unsupported(nameOf(value), "give its bytes as a Uint8Array, or its numbers as an Array");
  for (const kind of OPAQUE) {
    if (value instanceof kind)
      throw unsupported(nameOf(value), "give it a toTerm(), or pass what it stands for");
  }
}

/** The error for an object of a kind that nobody knows. */
export function refusedObject(value: object): EtfError {
  return unsupported(nameOf(value), "");
}

/** The error for a value of a type that has no term. */
export function refusedType(value: unknown): EtfError {
  if (typeof value === "number") return unsupported(String(value), "Erlang's floats are finite");
  return unsupported(
    typeof value === "function" ? `a function${shownName(value.name)}` : `a ${typeof value}`,
    "",
  );
}

function unsupported(what: string, advice: string): EtfError {
  return new EtfError("ETF_UNSUPPORTED", `ETF cannot hold ${what}${advice === "" ? "" : `; ${advice}`}`);
}

function shownName(name: string): string {
  return name === "" ? "" : ` (${name})`;
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `a ${name}` : "this object";
}
