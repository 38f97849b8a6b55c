/**
 * Code made at run time. It is never needed: where it is forbidden (a Content-Security-Policy, Node's
 * --disallow-code-generation-from-strings, a host that put something else in the place of `Function`) the first attempt fails, no
 * second one is made, and the general code does it all.
 */

let allowed = true;

/** What `source` returns with `values` in scope under `names`, or `undefined` where code may not be made. */
export function generate(names: readonly string[], source: string, values: readonly unknown[]): unknown {
  if (!allowed) return undefined;
  try {
    return new Function(...names, `"use strict";\n${source}`)(...values);
  } catch (error) {
    // Source that does not parse is a fault of ours; no room on the stack may be there the next time.
    if (error instanceof SyntaxError) throw error;
    allowed = error instanceof RangeError;
    return undefined;
  }
}
