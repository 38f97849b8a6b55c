/** The package around a file: its folder, its name, and what its package.json says to portreeve. */

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { ResolveError } from "../errors.ts";
import { show } from "../options/table.ts";
import { errnoOf, reasonOf } from "../reason.ts";

/** A package, by the nearest package.json above that has a name. */
export interface PackageFolder {
  readonly folder: string;
  readonly name: string;
  /** The folder of its crate. Default: its own folder when there is a Cargo.toml, else `native`. */
  readonly crate: string;
  /** The program, where the name of the crate is not that of the program. */
  readonly bin: string | undefined;
}

/** @throws ResolveError when a package.json on the way cannot be read, or says what cannot be meant */
export function packageAround(file: string): PackageFolder | undefined {
  for (const folder of above(file)) {
    const manifest = readPackage(join(folder, "package.json"));
    // Such as dist/package.json with nothing but a "type".
    if (typeof manifest?.name === "string") return packageOf(folder, manifest.name, manifest.portreeve);
  }
  return undefined;
}

/** The folders from that of a file up to the root, or up to one of them. */
export function above(file: string, top?: string): string[] {
  const folders: string[] = [];
  let last = file;
  for (let folder = dirname(file); folder !== last; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === top) return folders;
    last = folder;
  }
  return folders;
}

/** The path without symbolic links; as it is where the system does not know it, as inside of a single executable. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether a package manager put it there. */
export function isInstalled(place: string): boolean {
  return /[\\/]node_modules[\\/]/.test(`${place}/`);
}

/** The text of a file, or undefined when there is none. @throws ResolveError when it cannot be read */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (ABSENT.has(errnoOf(error) ?? "")) return undefined;
    throw unusable(path, reasonOf(error));
  }
}

const ABSENT = new Set(["ENOENT", "ENOTDIR"]);

interface PackageJson {
  readonly name?: unknown;
  readonly portreeve?: unknown;
}

function readPackage(path: string): PackageJson | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as PackageJson;
  } catch (error) {
    throw unusable(path, reasonOf(error));
  }
}

function packageOf(folder: string, name: string, given: unknown = {}): PackageFolder {
  if (typeof given !== "object" || given === null)
    throw unusable(join(folder, "package.json"), `"portreeve" must be an object, and is ${show(given)}`);
  const { crate, bin } = given as { readonly crate?: unknown; readonly bin?: unknown };
  for (const [key, value] of Object.entries({ crate, bin })) {
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    throw unusable(
      join(folder, "package.json"),
      `"portreeve.${key}" must be a string, and is ${show(value)}`,
    );
  }
  return { folder, name, crate: join(folder, text(crate) ?? usual(folder)), bin: text(bin) };
}

function usual(folder: string): string {
  return existsSync(join(folder, "Cargo.toml")) ? "." : "native";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function unusable(path: string, reason: string): ResolveError {
  return new ResolveError(`cannot use ${path}: ${reason}`, { tried: [{ place: path, found: reason }] });
}
