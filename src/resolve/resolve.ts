/**
 * Which file `open` starts. What has to be looked for is loaded when it is asked for: a path needs none of it.
 * docs/shipping.md tells the order and what each failure means.
 */

import { isSought, type Program, programPath, soughtOf } from "../options/program.ts";
import type { Resolution } from "./resolution.ts";

/** How a program is looked for. */
export interface ResolveOptions {
  /** Ends the search, or the build of a crate; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decides as {@link open} does which file is to be started, and starts nothing; `{ crate }` is built.
 *
 * A program that a package carries has been compared with the package's manifest, and may be executed. A path is taken as it
 * is: whether a program lies there is told by the start.
 * @param program as for {@link open}
 * @returns the path, what decided, and the places that come before it
 * @throws ResolveError (PORT_RESOLVE) when there is none that may be started, with every place that was tried;
 *   BuildError (PORT_BUILD) for a crate; TypeError for what is no program
 */
export async function resolve(program: Program, { signal }: ResolveOptions = {}): Promise<Resolution> {
  signal?.throwIfAborted();
  const found = await search(program, signal);
  signal?.throwIfAborted();
  return found;
}

async function search(program: Program, signal: AbortSignal | undefined): Promise<Resolution> {
  if (!isSought(program)) return { path: programPath(program), from: "path", tried: [] };
  const sought = soughtOf(program);
  if ("crate" in sought) {
    const { resolveCrate } = await import("./crate.ts");
    return resolveCrate(sought.crate, signal);
  }
  const { resolvePackage } = await import("./package.ts");
  return resolvePackage(sought.package);
}
