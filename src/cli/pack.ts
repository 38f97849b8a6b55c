/** `portreeve pack`: puts programs and their manifest into a package that is about to be published. */
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "../build/build.ts";
import { differences, list, type Packed, put, writeManifest } from "../pack/prebuilds.ts";
import { obstaclesOf } from "../pack/publish.ts";
import { type PackageFolder, packageAround } from "../resolve/folder.ts";
import type { PackedProgram } from "../resolve/manifest.ts";
import { type Command, type Line, UsageError } from "./command.ts";

export const packCommand: Command = {
  name: "pack",
  summary: "Put programs for each platform and their manifest into a package",
  operands: "[folder]",
  count: [0, 1],
  about: `folder is that of the package; without it the current folder is meant. Its crate is built (release) for this
machine, for each --target, or not at all with --from. Each program goes to prebuilds/<platform>-<arch>[-musl]/, as its
bytes say, with mode 0755; prebuilds/manifest.json gets the size and the SHA-256 of all that lie there, which
open({ package: import.meta.url }) compares before the first start. That shows a file that was broken or exchanged by
accident, and says nothing of who made it. The crate and the name of its program are those of "portreeve" in package.json:
{ "crate": "native", "bin": "name" }, where they are not found by themselves.

Before a release, in package.json: "prepublishOnly": "portreeve pack --check".`,
  options: {
    from: {
      type: "string",
      value: "<path>",
      multiple: true,
      about: "a program that was built elsewhere, or a folder with such; may be repeated",
    },
    target: {
      type: "string",
      value: "<triple>",
      multiple: true,
      about: "build for this target instead of this machine; may be repeated",
    },
    check: {
      type: "boolean",
      about: "change nothing, and fail if anything is not as packed, or would not be published",
    },
    quiet: { type: "boolean", short: "q", about: "show no progress of the build" },
  },
  run: async (line) => {
    const around = packageIn(resolve(line.positionals[0] ?? "."));
    const added = line.flag("check") ? new Set<string>() : await put(around, await programsOf(line, around));
    const packed = await list(around);
    if (packed.size === 0)
      throw new Error(`${join(around.folder, "prebuilds")} has no program: portreeve pack puts one there`);
    if (!line.flag("check")) await writeManifest(around, packed);
    process.stdout.write(table(packed, added));
    refuse(await differences(around, packed), "npx portreeve pack");
    for (const { what, command } of obstaclesOf(around)) refuse([`package.json: ${what}`], command);
  },
};

function packageIn(folder: string): PackageFolder {
  const around = packageAround(join(folder, "package.json"));
  if (around?.folder === folder) return around;
  throw new UsageError(`there is no package.json with a name in ${folder}`);
}

async function programsOf(line: Line, around: PackageFolder): Promise<readonly string[]> {
  const from = line.texts("from");
  const targets = line.texts("target");
  if (from.length > 0 && targets.length > 0) throw new UsageError("pack takes --from or --target, not both");
  if (from.length > 0) return (await Promise.all(from.map((path) => programsIn(resolve(path))))).flat();
  const programs: string[] = [];
  for (const target of targets.length > 0 ? targets : [undefined])
    programs.push(await buildFor(target, line, around));
  return programs;
}

function buildFor(target: string | undefined, line: Line, { crate, bin }: PackageFolder): Promise<string> {
  return build({
    crate,
    ...(bin === undefined ? {} : { bin }),
    ...(target === undefined ? {} : { target }),
    progress: line.flag("quiet") ? "silent" : "show",
  });
}

/** What cargo leaves beside a program. */
const NO_PROGRAM = /\.(?:a|d|dll|dylib|o|pdb|rlib|so|lib)$/;

/** The file, or all files of a folder. */
async function programsIn(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile() && !NO_PROGRAM.test(name.name));
  return files.map((file) => join(file.parentPath, file.name)).toSorted();
}

function table(packed: Packed, added: ReadonlySet<string>): string {
  const rows = [...packed].map(([platform, program]) => {
    const when = added.size === 0 || added.has(platform) ? "" : "  (from before)";
    return `${platform.padEnd(18)} ${String(Math.ceil(program.size / 1000)).padStart(6)} kB  ${needs(program)}${when}`;
  });
  return `${rows.map((row) => row.trimEnd()).join("\n")}\n`;
}

function needs({ glibc, static: isStatic }: PackedProgram): string {
  if (isStatic === true) return "static, runs with any libc";
  return glibc === undefined ? "" : `needs glibc ${glibc} or newer`;
}

/** @throws Error with all that is wrong and the command that mends it */
function refuse(problems: readonly string[], command: string): void {
  if (problems.length > 0) throw new Error(`${problems.join("\n")}\nRun: ${command}`);
}
