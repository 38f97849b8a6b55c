/** What the functions of the public API are given: of the wrong shape it is a TypeError that says what, and what is taken. */

/** @throws TypeError that names the parameter, what it takes and what it got. */
export function wrongArgument(name: string, takes: string, got: unknown): never {
  throw new TypeError(`${name} takes ${takes}, not ${kindOf(got)}`);
}

/** What `value` is, in a few words, none of which are its own. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object")
    return typeof value === "number" ? `the number ${value}` : `a ${typeof value}`;
  return Array.isArray(value) ? "an array" : "an object of another kind";
}

/** @throws TypeError when it is no object with properties. */
export function checkOptions(name: string, takes: string, options: unknown): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    wrongArgument(name, takes, options);
}

/** @throws TypeError when it has no such methods. */
export function checkMethods(name: string, takes: string, value: unknown, methods: readonly string[]): void {
  const has = (method: string) =>
    typeof (value as Record<string, unknown> | null | undefined)?.[method] === "function";
  if (!methods.every(has)) wrongArgument(name, takes, value);
}
