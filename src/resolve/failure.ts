/** What is said when a package has no program that may be started: every place that was tried, and what to do. Pure. */

import { ResolveError, type Tried } from "../errors.ts";

/** What the failure is about. */
export interface Asker {
  /** The package's name. */
  readonly name: string;
  /** The variable that overrides all. */
  readonly variable: string;
  readonly tried: readonly Tried[];
}

/** The error of all ways a search can end without a program. */
export function failure({ name, tried }: Asker, what: string, remedy: string): ResolveError {
  const lines = tried.map(({ place, found }) => `\n    ${place}: ${found}`);
  return new ResolveError(`${name}: ${what}. Tried, in this order:${lines.join("")}\n${remedy}`, { tried });
}

/** There are sources, but nothing was built and nothing packed. */
export function notBuilt(asker: Asker, crate: string): ResolveError {
  return failure(asker, "its program was not built", `Build it: npx portreeve build ${quoted(crate)}`);
}

/** Neither sources nor programs. */
export function nothingPacked(asker: Asker): ResolveError {
  const remedy = [
    `If the module was bundled: keep ${asker.name} out of the bundle (external), or copy its folder prebuilds beside it.`,
    "If it is a published package: its author runs npx portreeve pack before npm publish.",
    ownProgram(asker),
  ];
  return failure(asker, "it has no program", remedy.join("\n"));
}

/** Programs, but for other machines. */
export function otherPlatforms(asker: Asker, here: string, has: readonly string[]): ResolveError {
  const what = `it has no program for ${here}, only for ${has.join(", ") || "nothing"}`;
  return failure(asker, what, `Its author packs one more (npx portreeve pack). ${ownProgram(asker)}`);
}

/** The file is not what was packed. */
export function changed(asker: Asker, path: string): ResolveError {
  const remedy = `Something changed it after it was packed: a download that was cut short, a conversion of line ends, a tool that rewrites programs. Compare it with the one in the published tarball (npm pack ${asker.name}). ${ownProgram(asker)}`;
  return failure(asker, `${path} is not the program that was packed`, remedy);
}

/** The manifest names it, and it is not there. */
export function leftOut(asker: Asker, path: string): ResolveError {
  const remedy = `Something left it out after it was packed: "files" in package.json, .dockerignore, or a tool that copies only what it sees imported; it has to copy prebuilds too. ${ownProgram(asker)}`;
  return failure(asker, `${path} is missing`, remedy);
}

/** Its mode does not let it run, and could not be mended. */
export function notExecutable(asker: Asker, path: string): ResolveError {
  return failure(
    asker,
    `${path} may not be executed`,
    `Where the package is installed: chmod +x ${quoted(path)}. ${ownProgram(asker)}`,
  );
}

/** It lies in a zip of Yarn's. */
export function archived(asker: Asker): ResolveError {
  const remedy = `Run: yarn unplug ${asker.name}. Its author writes "preferUnplugged": true into package.json.`;
  return failure(asker, "its program lies in an archive, from which none can be started", remedy);
}

function ownProgram({ variable }: Asker): string {
  return `Or build one from its sources, and name it in ${variable}.`;
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
