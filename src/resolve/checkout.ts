/**
 * What cargo has built in a checkout, found by the files alone: asking cargo takes 40 ms, and there may be none. Of a
 * release and a debug build the newer one is meant, for that is the one that was made last.
 *
 * Source: The Cargo Book, "Workspaces" (the root is the nearest Cargo.toml above with a `[workspace]`) and "Build Cache".
 */

import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { above, type PackageFolder, readText } from "./folder.ts";

/** What is built from the sources of a package. */
export interface Checkout {
  /** What the program is called. */
  readonly bin: string;
  readonly crate: string;
  /** Where cargo puts it: a release build first. */
  readonly programs: readonly string[];
}

/** @returns undefined where the package has no crate, as one that was published */
export function checkoutOf({ crate, bin, name }: PackageFolder): Checkout | undefined {
  const manifest = readText(join(crate, "Cargo.toml"));
  if (manifest === undefined) return undefined;
  const program = bin ?? programOf(manifest) ?? name.replace(/^@.*\//, "");
  const target = targetFolder(crate);
  const file = process.platform === "win32" ? `${program}.exe` : program;
  return {
    crate,
    bin: program,
    programs: ["release", "debug"].map((profile) => join(target, profile, file)),
  };
}

/** The file that was written last; undefined when there is none. */
export function newest(files: readonly string[]): string | undefined {
  const times = files.map((file) => ({
    file,
    time: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1,
  }));
  return times.filter(({ time }) => time >= 0).toSorted((a, b) => b.time - a.time)[0]?.file;
}

/** The one `[[bin]]` that has a name, else the package. */
function programOf(manifest: string): string | undefined {
  return nameIn(manifest, "[[bin]]") ?? nameIn(manifest, "[package]");
}

function nameIn(manifest: string, section: string): string | undefined {
  const lines = manifest.split(/\r?\n/);
  const begin = lines.indexOf(section);
  if (begin === -1) return undefined;
  const length = lines.slice(begin + 1).findIndex((line) => line.startsWith("["));
  const own = lines.slice(begin + 1, length === -1 ? undefined : begin + 1 + length);
  return own
    .map((line) => /^\s*name\s*=\s*["']([^"']+)["']/.exec(line)?.[1])
    .find((name) => name !== undefined);
}

function targetFolder(crate: string): string {
  const given = process.env.CARGO_TARGET_DIR;
  if (given !== undefined && given !== "") return resolve(given);
  return join(workspaceOf(crate) ?? crate, "target");
}

function workspaceOf(crate: string): string | undefined {
  const isRoot = (folder: string) => /^\[workspace[\].]/m.test(readText(join(folder, "Cargo.toml")) ?? "");
  return above(join(crate, "Cargo.toml")).find(isRoot);
}
