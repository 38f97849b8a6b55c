/**
 * `prebuilds/manifest.json` of a package: which programs it carries, and what each looked like when it was packed. Pure.
 * `portreeve pack` (cli/pack.ts) writes it; prebuilds.ts compares the programs with it before the first start. It shows that a
 * file was broken or exchanged by accident, and says nothing of who made it: whoever can change a program can change this.
 */

/** Where the programs lie in a package, and the name of the manifest there. */
export const PREBUILDS = "prebuilds";
export const MANIFEST = "manifest.json";

/** One program of a package. */
export interface PackedProgram {
  /** Its path in `prebuilds/`, with slashes: `linux-x64/acme-sum`. */
  readonly file: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  /** Needs no libc of the system, so that it runs with any. Linux. */
  readonly static?: true;
  /** The oldest glibc that it can run with: `"2.17"`. */
  readonly glibc?: string;
}

export interface Manifest {
  /** The shape of this file. A package that needs a newer one says a higher number. */
  readonly format: 1;
  /** The package's name. */
  readonly package: string;
  /** By platform, as in `linux-x64`, `linux-arm64-musl`, `darwin-arm64`, `win32-x64`. */
  readonly programs: Readonly<Record<string, PackedProgram>>;
}

/** @throws Error that says what is wrong with the text */
export function parseManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || !isObject(value.programs) || typeof value.package !== "string")
    throw new Error('it has no "package" and "programs"');
  if (value.format !== 1)
    throw new Error(`its format is ${String(value.format)}, and this version of portreeve reads format 1`);
  for (const [platform, program] of Object.entries(value.programs)) checkProgram(platform, program);
  return value as unknown as Manifest;
}

function checkProgram(platform: string, program: unknown): void {
  if (!isObject(program)) throw new Error(`"${platform}" is no object`);
  const { file, size, sha256 } = program;
  const isInside = typeof file === "string" && file.startsWith(`${platform}/`) && !file.includes("..");
  if (!isInside) throw new Error(`"file" of ${platform} is no path in ${platform}/`);
  if (typeof size !== "number") throw new Error(`"size" of ${platform} is no number`);
  if (typeof sha256 !== "string" || !/^[\da-f]{64}$/.test(sha256))
    throw new Error(`"sha256" of ${platform} is none`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
