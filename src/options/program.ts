/** Which program is meant: the four ways to say it, told apart and checked. Room `resolve` looks for those that are to be found. */

import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isUrl, show } from "./table.ts";

/** The program of a package: its environment's override, else the build of a checkout, else one that the package carries. */
export interface PackageProgram {
  /** `import.meta.url` of a module of that package, or `__filename`: the package is the one around that file. */
  readonly package: string | URL;
}

/** For development: the crate is built with cargo first, as `build` of `portreeve/build` does with all its defaults. */
export interface CrateProgram {
  /** The folder of a crate, or its Cargo.toml; relative to the current folder. */
  readonly crate: string | URL;
}

/** Which program: a path, relative to the current folder; a `file:` URL; that of a package; or that of a crate. */
export type Program = string | URL | PackageProgram | CrateProgram;

/** One that has to be looked for, with absolute paths. */
export type Sought = { readonly package: string } | { readonly crate: string };

/** Whether it has to be looked for; a path or URL does not. */
export function isSought(program: unknown): program is PackageProgram | CrateProgram {
  if (typeof program !== "object" || program === null || isUrl(program)) return false;
  return "package" in program || "crate" in program;
}

/** A path as it is given, relative to the current folder; PATH is never searched. @throws TypeError */
export function programPath(program: string | URL): string {
  return pathOf(program, "a program is given by its path or a file: URL, by { package } or by { crate }");
}

/** What is to be looked for; a relative path is one from the folder that is current now. @throws TypeError */
export function soughtOf(program: PackageProgram | CrateProgram): Sought {
  if ("crate" in program) return { crate: pathOf(program.crate, CRATE) };
  const { package: file } = program;
  if (file === undefined) throw new TypeError(NO_URL);
  const isRelative = typeof file === "string" && !file.startsWith("file:") && !isAbsolute(file);
  if (isRelative) throw new TypeError(`${PACKAGE}, not ${show(file)}: a package is found by a file in it`);
  return { package: pathOf(file, PACKAGE) };
}

const CRATE = "{ crate } takes the path or file: URL of a crate";
const PACKAGE = "{ package } takes import.meta.url or __filename";
const NO_URL =
  "{ package } is undefined: a CommonJS bundle has no import.meta.url. Give it __filename, or bundle as an ES module";

function pathOf(place: string | URL, takes: string): string {
  if (isUrl(place)) return fileURLToPath(place.href);
  if (typeof place === "string" && place !== "") {
    return place.startsWith("file:") ? fileURLToPath(place) : resolve(place);
  }
  throw new TypeError(`${takes}, not ${show(place)}`);
}
