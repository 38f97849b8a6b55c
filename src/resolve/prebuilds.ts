/** The programs that a package carries: which one fits this machine, and whether it is what was packed and may be executed. */

import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { identity } from "../diagnose/foreign.ts";
import type { Tried } from "../errors.ts";
import { errnoOf, reasonOf } from "../reason.ts";
import type { Asker } from "./failure.ts";
import * as failures from "./failure.ts";
import { readText } from "./folder.ts";
import { MANIFEST, type Manifest, type PackedProgram, PREBUILDS, parseManifest } from "./manifest.ts";
import { platformsHere } from "./platform.ts";

/** A manifest that was found, or why it cannot be used. */
export type Listed = { readonly folder: string; readonly path: string } & (
  | { readonly manifest: Manifest }
  | { readonly problem: string }
);

/** The first manifest in these folders. */
export function findManifest(folders: readonly string[]): Listed | undefined {
  for (const parent of folders) {
    const folder = join(parent, PREBUILDS);
    const path = join(folder, MANIFEST);
    const text = readText(path);
    if (text !== undefined) return { folder, path, ...parsed(text) };
  }
  return undefined;
}

function parsed(text: string): { readonly manifest: Manifest } | { readonly problem: string } {
  try {
    return { manifest: parseManifest(text) };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

/**
 * The program for this machine, compared with the manifest.
 * @param tried gets what was found
 * @throws ResolveError
 */
export async function choosePrebuilt(
  listed: Listed,
  asker: Asker & { readonly tried: Tried[] },
): Promise<string> {
  const found = (place: string, what: string) => asker.tried.push({ place, found: what });
  if ("problem" in listed) {
    found(listed.path, listed.problem);
    throw failures.failure(asker, "its manifest cannot be read", "npx portreeve pack writes it anew.");
  }
  if (inArchive(listed.path)) {
    found(listed.folder, "in an archive");
    throw failures.archived(asker);
  }
  const { programs } = listed.manifest;
  const [own, other = own] = await platformsHere();
  const packed = programs[own] ?? (programs[other]?.static === true ? programs[other] : undefined);
  if (packed === undefined) {
    found(listed.path, `has ${Object.keys(programs).join(", ") || "nothing"}`);
    throw failures.otherPlatforms(asker, own, Object.keys(programs));
  }
  const path = join(listed.folder, packed.file);
  await check(path, packed, asker, found);
  return path;
}

/** Yarn's Plug'n'Play shows files in a zip to whoever reads them, and to nobody who starts them. */
function inArchive(path: string): boolean {
  return "pnp" in process.versions && /\.zip[\\/]/.test(path);
}

/** Files that were compared, by their identity: several ports of one program read it once. */
const compared = new Map<string, string>();

async function check(
  path: string,
  packed: PackedProgram,
  asker: Asker,
  found: (place: string, what: string) => void,
): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => error);
  if (!isStats(facts)) {
    found(path, errnoOf(facts) === "ENOENT" ? "no such file" : reasonOf(facts));
    throw failures.leftOut(asker, path);
  }
  const key = identity(path);
  if (key === undefined || compared.get(path) !== `${key} ${packed.sha256}`) {
    const difference = await differenceOf(path, facts.size, packed);
    if (difference !== undefined) {
      found(path, difference);
      throw failures.changed(asker, path);
    }
  }
  const problem = await mendMode(path, facts.mode);
  if (problem !== undefined) {
    found(path, problem);
    throw failures.notExecutable(asker, path);
  }
  compared.set(path, `${identity(path)} ${packed.sha256}`);
}

function isStats(value: unknown): value is { readonly size: number; readonly mode: number } {
  return typeof value === "object" && value !== null && "size" in value && "mode" in value;
}

async function differenceOf(path: string, size: number, packed: PackedProgram): Promise<string | undefined> {
  if (size !== packed.size) return `has ${size} bytes, and ${packed.size} were packed`;
  const sha256 = await sha256Of(path);
  return sha256 === packed.sha256 ? undefined : `has the SHA-256 ${sha256}, and ${packed.sha256} was packed`;
}

/** In hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** Uploads and some archives lose the x bits. @returns what speaks against running it */
async function mendMode(path: string, mode: number): Promise<string | undefined> {
  if (process.platform === "win32" || (await isExecutable(path))) return undefined;
  const octal = `0${(mode & 0o7777).toString(8)}`;
  const refused = await chmod(path, 0o755).then(
    () => undefined,
    (error: unknown) => errnoOf(error) ?? reasonOf(error),
  );
  if (refused !== undefined)
    return `is not executable (mode ${octal}), and its mode cannot be changed (${refused})`;
  return (await isExecutable(path))
    ? undefined
    : "is executable by its mode, but not here: is the file system mounted noexec?";
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
