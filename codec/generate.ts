/**
 * Code made at run time. It is never needed: where it is forbidden (a Content-Security-Policy, Node's
 * --disallow-code-generation-from-strings) the first attempt fails, no second one is made, and the general code does it all.
 */

let allowed = true;

/** What `source` returns with `values` in scope under `names`, or `undefined` where code may not be made. */
export function generate(names: readonly string[], source: string, values: readonly unknown[]): unknown {
  if (!allowed) return undefined;
  try {
    return new Function(...names, `"use strict";\n${source}`)(...values);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    allowed = false;
    return undefined;
  }
}
