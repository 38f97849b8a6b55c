/**
 * Tables of options: of each its default, its unit and what it takes. `open`, a call, `supervise` and what is nested in
 * their options all have one, and one check: what is wrong is said before anything starts.
 */

import { nearestNames } from "../nearest.ts";

/** One option. */
export interface Rule {
  /** What it takes, in words that follow "must be". */
  readonly takes: string;
  readonly fits: (value: unknown) => boolean;
  /** What is assumed when it is left out; `undefined`: nothing. */
  readonly fallback?: unknown;
  readonly unit?: "ms" | "bytes" | "s";
  /** It takes numbers alone: one that does not fit is out of range. */
  readonly isNumber?: true;
  /** The options that it holds. */
  readonly table?: Table;
}

/** A rule for values of this type and of no other: it fits neither a wider nor a narrower type in a {@link Table}. */
export interface RuleOf<T> extends Rule {
  readonly fallback?: T;
  /** Never there: it is what tells the compiler of `T`. */
  readonly of?: (value: T) => T;
}

/** The options that something has, by name, each with a rule for its type; without `T` those of anything. */
export type Table<T = undefined> = T extends object
  ? { readonly [K in keyof T]-?: RuleOf<Exclude<T[K], undefined>> }
  : Readonly<Record<string, Rule>>;

/** The longest time that a timer of Node can wait, 2³¹ − 1 ms; a longer one would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A rule with a default. */
export function otherwise<T>(fallback: NoInfer<T>, rule: RuleOf<T>): RuleOf<T> {
  return { ...rule, fallback };
}

/** Takes anything. */
export const anything: RuleOf<unknown> = { takes: "anything", fits: () => true };

export const text: RuleOf<string> = { takes: "a string", fits: isString };

/** The id of a child of a supervisor. */
export const id: RuleOf<string> = {
  takes: "a string that is not empty",
  fits: (value) => typeof value === "string" && value !== "",
};

export const flag: RuleOf<boolean> = { takes: "true or false", fits: (value) => typeof value === "boolean" };

export const callback: RuleOf<(value: unknown) => void> = {
  takes: "a function",
  fits: (value) => typeof value === "function",
};

export const signal: RuleOf<AbortSignal> = {
  takes: "an AbortSignal",
  fits: isSignal,
};

export const texts: RuleOf<readonly string[]> = {
  takes: "a list of strings",
  fits: (value) => Array.isArray(value) && value.every(isString),
};

/** Whether something is a URL, of this realm, of another (vm, jest) or of a library (jsdom). */
export function isUrl(value: unknown): value is URL {
  const { href, protocol } = (isObject(value) ? value : {}) as Partial<URL>;
  return typeof href === "string" && typeof protocol === "string";
}

/** One of these words. */
export function words<const W extends string>(...choices: readonly W[]): RuleOf<W> {
  const quoted = choices.map((choice) => `"${choice}"`).join(", ");
  return { takes: `one of ${quoted}`, fits: (value) => choices.some((choice) => choice === value) };
}

/** A whole number. */
export function count(least: number, most: number = Number.MAX_SAFE_INTEGER): RuleOf<number> {
  const fits = (value: unknown) => Number.isInteger(value) && within(value, least, most);
  const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  return { takes: `a whole number${range}`, fits, isNumber: true };
}

/** A number of bytes. */
export function size(least: number, most?: number): RuleOf<number> {
  return { ...count(least, most), unit: "bytes" };
}

/** A number, with a range in words where it has no end. */
export function number(least: number, most: number = Number.MAX_VALUE): RuleOf<number> {
  const range = most === Number.MAX_VALUE ? `${least} or more` : `${least} to ${most}`;
  return { takes: `a number, ${range}`, fits: (value) => within(value, least, most), isNumber: true };
}

/** A time that has to have an end. */
export function interval(least: number): RuleOf<number> {
  const takes = `a number of ms from ${least} to ${LONGEST_TIMER}`;
  return { takes, fits: (value) => within(value, least, LONGEST_TIMER), unit: "ms", isNumber: true };
}

/** A time that may be `Infinity`: as long as it takes. */
export function duration(least = 0): RuleOf<number> {
  const { takes, fits } = interval(least);
  return {
    takes: `${takes}, or Infinity`,
    fits: (value) => value === Number.POSITIVE_INFINITY || fits(value),
    unit: "ms",
    isNumber: true,
  };
}

/** An object with properties that all fit. */
export function objectOf<V>(
  what: string,
  fits: (value: unknown) => value is V,
): RuleOf<Readonly<Record<string, V>>> {
  return {
    takes: `an object of ${what}`,
    fits: (value) => isObject(value) && Object.values(value).every(fits),
  };
}

/** Options within an option. */
export function nested<T extends object>(table: Table<Required<T>>): RuleOf<T> {
  return { takes: "an object", fits: isObject, table };
}

/** The same, or `false` for none of it. */
export function nestedOrFalse<T extends object>(table: Table<Required<T>>, takes: string): RuleOf<T | false> {
  return { takes, fits: (value) => value === false || isObject(value), table };
}

/**
 * Checks options by their table.
 * @param owner whose they are, as in "`owner` has no option …": `open()`, `heartbeat`
 * @param path what stands before the names of the options in errors: empty, or `heartbeat.`
 * @throws TypeError for a name that is none of the table's, with the nearest that is, and for a value of the wrong kind;
 *   RangeError for a number out of range
 */
export function checkOptions(owner: string, path: string, table: Table, options: unknown): void {
  if (!isObject(options))
    throw new TypeError(`the options of ${owner} must be an object, not ${show(options)}`);
  for (const name in options) {
    const rule = Object.hasOwn(table, name) ? table[name] : undefined;
    if (rule === undefined) throw unknownOption(owner, table, name);
    const value = options[name];
    if (value !== undefined) checkValue(path + name, rule, value);
  }
}

/** The options, with the defaults of the table where they say nothing. They must have been checked. */
export function withDefaults(table: Table, options: object): Readonly<Record<string, unknown>> {
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(table).map(([name, { fallback }]) => [name, given[name] ?? fallback]),
  );
}

/** Checks one value. @throws TypeError, RangeError */
export function checkValue(name: string, rule: Rule, value: unknown): void {
  if (!rule.fits(value)) {
    const message = `${name} must be ${rule.takes}, and is ${show(value)}`;
    throw rule.isNumber && typeof value === "number" ? new RangeError(message) : new TypeError(message);
  }
  if (rule.table !== undefined && isObject(value)) checkOptions(name, `${name}.`, rule.table, value);
}

function unknownOption(owner: string, table: Table, name: string): TypeError {
  const [nearest = ""] = nearestNames(name, Object.keys(table), 1);
  return new TypeError(`${owner} has no option ${name}; the nearest is ${nearest}`);
}

function within(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/** One of this realm, of another (jest, vm) or of a library (jsdom): what is asked of it is there. */
function isSignal(value: unknown): boolean {
  const methods = ["addEventListener", "removeEventListener", "throwIfAborted"];
  return (
    isObject(value) &&
    typeof value.aborted === "boolean" &&
    methods.every((method) => typeof value[method] === "function")
  );
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value is, in short: never its own code, and nothing of any length. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  return typeof value === "function" ? "a function" : String(value);
}
