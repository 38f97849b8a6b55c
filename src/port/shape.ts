/** What kind of value each option of `open` is, checked before anything starts: in JavaScript nobody else does. */

import { nearestNames } from "../process/nearest.ts";
import type { OpenOptions } from "./options.ts";

type Shape = readonly [what: string, fits: (value: unknown) => boolean];

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isString = (value: unknown) => typeof value === "string";
const areStrings = (value: unknown) => Array.isArray(value) && value.every(isString);

const anything: Shape = ["anything", () => true];
const text: Shape = ["a string", isString];
const number: Shape = ["a number", (value) => typeof value === "number"];
const object: Shape = ["an object", isObject];
const objectOf = (fits: (value: unknown) => boolean) => (value: unknown) =>
  isObject(value) && Object.values(value as object).every(fits);

const SHAPES: { readonly [K in keyof Required<OpenOptions>]: Shape } = {
  args: ["a list of strings", areStrings],
  env: ["an object of strings", objectOf((value) => value === undefined || isString(value))],
  cwd: text,
  name: text,
  start: anything,
  wrap: ["a list of strings, a command first", areStrings],
  limits: object,
  stderr: anything,
  log: text,
  workers: number,
  maxInFlight: number,
  maxQueue: number,
  maxQueueBytes: number,
  maxRestarts: number,
  period: number,
  backoff: object,
  startTimeout: number,
  callTimeout: number,
  cancelGrace: number,
  shutdown: number,
  drain: number,
  heartbeat: ["{ interval, timeout } or false", (value) => value === false || isObject(value)],
  recycle: object,
  handlers: ["an object of functions", objectOf((value) => typeof value === "function")],
  maxFrameBytes: number,
  maxHeldBytes: number,
  codec: object,
  signal: ["an AbortSignal", (value) => value instanceof AbortSignal],
};

/** @throws TypeError that names the option and what it has to be, or the nearest option there is */
export function checkShapes(options: OpenOptions): void {
  if (!isObject(options))
    throw new TypeError(`the options of open() must be an object, not ${show(options)}`);
  for (const [name, value] of Object.entries(options)) {
    const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name as keyof OpenOptions] : undefined;
    if (shape === undefined) {
      const [nearest = ""] = nearestNames(name, Object.keys(SHAPES), 1);
      throw new TypeError(`open() has no option ${name}; the nearest is ${nearest}`);
    }
    const [what, fits] = shape;
    if (value !== undefined && !fits(value))
      throw new TypeError(`${name} must be ${what}, and is ${show(value)}`);
  }
}

function show(value: unknown): string {
  return typeof value === "object" && value !== null
    ? Array.isArray(value)
      ? "a list"
      : "an object"
    : String(value);
}
