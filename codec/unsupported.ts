/** What ETF cannot hold, and what to say of it. */

import { EtfError } from "./error.ts";

/** The error for an object whose properties are not what it means, and that has no `toTerm()`. */
export function refusedObject(value: object): EtfError {
  const advice = ArrayBuffer.isView(value)
    ? "give its bytes as a Uint8Array, or its numbers as an Array"
    : "give it a toTerm(), or pass what it stands for";
  return unsupported(nameOf(value), advice);
}

/** The error for a value of a type that has no term. */
export function refusedType(value: unknown): EtfError {
  if (typeof value === "number") return unsupported(String(value), "Erlang's floats are finite");
  return unsupported(typeof value === "function" ? `a function${shownName(value)}` : `a ${typeof value}`, "");
}

/** The error that says that ETF cannot hold `what`. */
export function unsupported(what: string, advice: string, cause?: unknown): EtfError {
  const message = `ETF cannot hold ${what}${advice === "" ? "" : `; ${advice}`}`;
  return new EtfError("ETF_UNSUPPORTED", message, { cause });
}

/** A value in an error's message; no code of its own runs for it. */
export function shown(value: unknown): string {
  return typeof value === "object" || typeof value === "function" ? `a ${typeof value}` : String(value);
}

function shownName(value: object): string {
  const name = constant(value, "name");
  return typeof name === "string" && name !== "" ? ` (${name})` : "";
}

/** By its class's name, as far as no code of the value's has to run for it. */
function nameOf(value: object): string {
  const type = constant(value, "constructor");
  const name = typeof type === "function" ? constant(type, "name") : undefined;
  return typeof name === "string" && name !== "" ? `a ${name}` : "this object";
}

/** A property that is a plain value, of the object or what it inherits from. */
function constant(object: object, key: string): unknown {
  let holder: object | null = object;
  for (let i = 0; holder !== null && i < 100; i++) {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property !== undefined) return property.value;
    holder = Object.getPrototypeOf(holder);
  }
  return undefined;
}
