/** Packages on the disk, as their authors and their users have them, in a folder whose name has a space and more than ASCII. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { ResolveError } from "../../src/errors.ts";
import { type Program, resolve } from "../../src/index.ts";
import { platformsHere } from "../../src/resolve/platform.ts";

/** This machine's platform. */
export const [HERE] = await platformsHere();

/** A new folder for packages. */
export function workFolder(): string {
  return mkdtempSync(join(tmpdir(), "portreeve päckages "));
}

/** Writes files below a folder; an object becomes JSON. */
export function write(folder: string, files: Readonly<Record<string, string | object>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof text === "string" ? text : JSON.stringify(text));
  }
  return folder;
}

/** A file that may be executed, written `age` seconds ago. */
export function executable(path: string, age = 0): string {
  write(dirname(path), { [path.slice(dirname(path).length + 1)]: "#!/bin/sh\n" });
  chmodSync(path, 0o755);
  const time = Date.now() / 1000 - age;
  utimesSync(path, time, time);
  return path;
}

/** Puts a program into a package and lists it in its manifest, as `portreeve pack` does. @returns the program's path */
export function carry(folder: string, name: string, program: string, platform = HERE, more = {}): string {
  const file = `${platform}/program`;
  const path = join(folder, "prebuilds", file);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(program, path);
  chmodSync(path, 0o755);
  const bytes = readFileSync(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const programs = { [platform]: { file, size: bytes.length, sha256, ...more } };
  write(folder, { "prebuilds/manifest.json": { format: 1, package: name, programs } });
  return path;
}

/** What a module of the package says: `{ package: import.meta.url }`. */
export function moduleOf(folder: string, file = "dist/index.js"): { readonly package: string } {
  return { package: pathToFileURL(join(folder, file)).href };
}

/** The error of a program that is not found; none of them sends anybody round in circles. */
export async function failureOf(program: Program): Promise<ResolveError> {
  const error = await resolve(program).then(
    ({ path }) => path,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ResolveError);
  const { message, tried, code, fault, began } = error as ResolveError;
  expect({ code, fault, began }).toEqual({ code: "PORT_RESOLVE", fault: "service", began: false });
  for (const text of tried.flatMap(({ place, found }) => [place, found])) expect(message).toContain(text);
  expect(message).not.toMatch(/npm (?:i|install|ci)\b|reinstall|again/);
  return error as ResolveError;
}
