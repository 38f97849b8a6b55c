/** The program of a crate, which is built on the spot: for development, and refused where somebody else's code would be built. */

import { build } from "../build/build.ts";
import { ResolveError } from "../errors.ts";
import { isInstalled, realPath } from "./folder.ts";
import type { Resolution } from "./resolution.ts";

/**
 * Builds the crate and gives the path of its program.
 * @throws ResolveError in production and under node_modules; BuildError
 */
export async function resolveCrate(place: string, signal: AbortSignal | undefined): Promise<Resolution> {
  const reason = refusal(realPath(place));
  if (reason !== undefined) {
    const message = `{ crate } is for development, and ${place} is not built: ${reason}. ${REMEDY}`;
    throw new ResolveError(message, { tried: [{ place, found: `not built: ${reason}` }] });
  }
  const path = await build({ crate: place, ...(signal === undefined ? {} : { signal }) });
  return { path, from: "crate", tried: [] };
}

const REMEDY =
  "Build before the start (npx portreeve build, npx portreeve pack), and open { package: import.meta.url } or the program's path";

function refusal(place: string): string | undefined {
  if (process.env.NODE_ENV === "production") return "NODE_ENV is production";
  return isInstalled(place) ? "it lies under node_modules" : undefined;
}
