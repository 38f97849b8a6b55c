/**
 * The folder `prebuilds/` of a package: programs are put there, and the manifest is written of what is there, and compared
 * with it. resolve/prebuilds.ts reads it at the other end, on the machine of whoever installed the package.
 */

import { chmod, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkoutOf } from "../resolve/checkout.ts";
import type { PackageFolder } from "../resolve/folder.ts";
import { readText } from "../resolve/folder.ts";
import {
  MANIFEST,
  type Manifest,
  type PackedProgram,
  PREBUILDS,
  parseManifest,
} from "../resolve/manifest.ts";
import { sha256Of } from "../resolve/prebuilds.ts";
import { needsOf } from "./program.ts";

const MODE = 0o755;

/** Programs by platform. */
export type Packed = ReadonlyMap<string, PackedProgram>;

/** Copies programs to where their bytes say that they belong. @returns their platforms @throws Error for two of one platform */
export async function put(around: PackageFolder, programs: readonly string[]): Promise<ReadonlySet<string>> {
  const name = checkoutOf(around)?.bin ?? around.bin ?? around.name.replace(/^@.*\//, "");
  const sources = new Map<string, string>();
  for (const program of programs) {
    const { platform } = await needsOf(program);
    const other = sources.get(platform);
    if (other !== undefined) throw new Error(`${other} and ${program} are both for ${platform}`);
    sources.set(platform, program);
  }
  for (const [platform, program] of sources) {
    const file = platform.startsWith("win32-") ? `${name}.exe` : name;
    await copy(program, join(around.folder, PREBUILDS, platform, file));
    await removeOthers(join(around.folder, PREBUILDS, platform), file);
  }
  return new Set(sources.keys());
}

/** A host that runs the old one goes on with it. */
async function copy(from: string, to: string): Promise<void> {
  const part = `${to}.part`;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, part);
  await chmod(part, MODE);
  await rename(part, to);
}

/** What it was called before. */
async function removeOthers(folder: string, file: string): Promise<void> {
  for (const name of await namesIn(folder)) if (name !== file) await rm(join(folder, name));
}

/**
 * What lies in `prebuilds/`.
 * @throws Error for a file that is no program, or lies where it does not belong
 */
export async function list({ folder }: PackageFolder): Promise<Packed> {
  const root = join(folder, PREBUILDS);
  const packed = new Map<string, PackedProgram>();
  for (const platform of (await namesIn(root)).filter((name) => name !== MANIFEST)) {
    const [name, second] = await namesIn(join(root, platform));
    if (name === undefined) continue;
    if (second !== undefined)
      throw new Error(`${join(root, platform)} has two files, ${name} and ${second}: one is wanted`);
    packed.set(platform, await describe(root, platform, name));
  }
  return packed;
}

async function describe(root: string, platform: string, name: string): Promise<PackedProgram> {
  const path = join(root, platform, name);
  const { platform: own, ...needs } = await needsOf(path);
  // A static program runs with any libc, and may be listed as of either.
  const fits = own === platform || (needs.static === true && own === `${platform}-musl`);
  if (!fits) throw new Error(`${path} is a program for ${own}`);
  const { size } = await stat(path);
  return { file: `${platform}/${name}`, size, sha256: await sha256Of(path), ...needs };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.toSorted();
}

/** Writes the manifest, and gives back the x bits that an upload took. */
export async function writeManifest({ folder, name }: PackageFolder, packed: Packed): Promise<void> {
  const root = join(folder, PREBUILDS);
  for (const { file } of packed.values()) await chmod(join(root, file), MODE);
  const manifest: Manifest = { format: 1, package: name, programs: Object.fromEntries(packed) };
  await writeFile(join(root, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** What is not as the manifest says, a sentence each. */
export async function differences(around: PackageFolder, packed: Packed): Promise<readonly string[]> {
  const root = join(around.folder, PREBUILDS);
  const text = readText(join(root, MANIFEST));
  if (text === undefined) return [`there is no ${PREBUILDS}/${MANIFEST}`];
  const { package: name, programs } = parseManifest(text);
  const platforms = new Set([...packed.keys(), ...Object.keys(programs)]);
  const modes = await Promise.all([...packed.values()].map(({ file }) => modeProblem(root, file)));
  return [
    ...(name === around.name ? [] : [`the manifest is that of ${name}, and the package is ${around.name}`]),
    ...[...platforms].flatMap((platform) => difference(platform, programs[platform], packed.get(platform))),
    ...modes.flat(),
  ];
}

function difference(platform: string, listed?: PackedProgram, found?: PackedProgram): readonly string[] {
  if (found === undefined) return [`${listed?.file ?? platform} is listed and not there`];
  if (listed === undefined) return [`${found.file} is not listed`];
  return listed.sha256 === found.sha256 && listed.file === found.file
    ? []
    : [`${found.file} is not what is listed`];
}

async function modeProblem(root: string, file: string): Promise<readonly string[]> {
  const { mode } = await stat(join(root, file));
  const isRunnable = process.platform === "win32" || (mode & 0o111) === 0o111;
  return isRunnable ? [] : [`${file} is not executable`];
}
