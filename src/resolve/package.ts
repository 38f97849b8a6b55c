/**
 * The program of a package: the variable in the environment, then the build of a checkout, then a program that the package
 * carries. What is first is taken or refused; nothing that is wrong leads on to the next.
 */

import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Tried } from "../errors.ts";
import { type Checkout, checkoutOf, newest } from "./checkout.ts";
import { type Asker, failure, notBuilt, nothingPacked } from "./failure.ts";
import { above, isInstalled, type PackageFolder, packageAround, realPath } from "./folder.ts";
import { MANIFEST, PREBUILDS } from "./manifest.ts";
import { choosePrebuilt, findManifest, type Listed } from "./prebuilds.ts";
import type { Resolution } from "./resolution.ts";

/** @param asking a file of the package @throws ResolveError */
export async function resolvePackage(asking: string): Promise<Resolution> {
  const file = realPath(asking);
  const around = packageAround(file);
  // Without a package there is no telling whose the folders above are.
  const folders = [...above(file, around?.folder ?? dirname(file)), ...besideExecutable(file)];
  const listed = findManifest(folders);
  const search = searchFor(listed, around);
  const checkout = around === undefined ? undefined : buildable(around);
  const named = byVariable(search) ?? byCheckout(checkout, around, search);
  if (named !== undefined) return named;
  if (listed !== undefined) return byPrebuilds(listed, search);
  for (const folder of folders) missing(search, join(folder, PREBUILDS, MANIFEST));
  throw checkout === undefined ? nothingPacked(search) : notBuilt(search, checkout.crate);
}

/** A search that is under way. */
type Search = Asker & { readonly tried: Tried[] };

/** In a bundle the nearest package.json is that of the application, and the manifest knows better. */
function searchFor(listed: Listed | undefined, around: PackageFolder | undefined): Search {
  const name = listed !== undefined && "manifest" in listed ? listed.manifest.package : around?.name;
  return { name: name ?? "the package", variable: variableOf(name), tried: [] };
}

function missing({ tried }: Search, place: string): void {
  tried.push({ place, found: "no such file" });
}

/** `@acme/sum` → `PORTREEVE_PROGRAM_ACME_SUM`. */
export function variableOf(name = ""): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return ["PORTREEVE_PROGRAM", ...words].join("_").toUpperCase();
}

/** @throws ResolveError when the variable names no file: it was meant, so nothing else is taken in its place */
function byVariable(search: Search): Resolution | undefined {
  const { variable, tried } = search;
  const value = process.env[variable];
  if (value === undefined || value === "") {
    tried.push({ place: variable, found: "not set" });
    return undefined;
  }
  const path = resolve(value);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return { path, from: "variable", tried };
  tried.push({ place: variable, found: `names ${path}, which is no file` });
  throw failure(
    search,
    `${variable} names no file`,
    "Correct the variable, or take it out of the environment.",
  );
}

/** What is built from the sources, unless a package manager put them there. */
function buildable(around: PackageFolder): Checkout | undefined {
  return isInstalled(around.folder) ? undefined : checkoutOf(around);
}

function byCheckout(
  checkout: Checkout | undefined,
  around: PackageFolder | undefined,
  search: Search,
): Resolution | undefined {
  const { tried } = search;
  if (checkout === undefined) {
    if (around !== undefined) tried.push(noCheckout(around));
    return undefined;
  }
  const path = newest(checkout.programs);
  if (path !== undefined) return { path, from: "checkout", tried };
  for (const place of checkout.programs) missing(search, place);
  return undefined;
}

function noCheckout({ folder, crate }: PackageFolder): Tried {
  if (isInstalled(folder))
    return { place: folder, found: "installed (under node_modules), so no build is looked for" };
  return { place: join(crate, "Cargo.toml"), found: "no such file, so there is no build" };
}

async function byPrebuilds(listed: Listed, search: Search): Promise<Resolution> {
  const path = await choosePrebuilt(listed, search);
  return { path, from: "prebuilds", tried: search.tried };
}

/** A program that Bun or Deno compiled has its modules inside of itself, and its programs beside it. */
function besideExecutable(file: string): readonly string[] {
  const deno = (globalThis as { readonly Deno?: { readonly build?: { readonly standalone?: boolean } } })
    .Deno;
  const isInside = /[\\/](?:\$bunfs|~BUN)[\\/]/.test(file) || deno?.build?.standalone === true;
  return isInside ? [dirname(process.execPath)] : [];
}
