/**
 * What a machine and its libc are called: `linux-x64`, `linux-arm64-musl`, `darwin-arm64`. The words are those of
 * `process.platform` and `process.arch`, so that a host knows its own without looking anything up.
 */

import { readHead } from "../diagnose/facts.ts";

/** The C library of a Linux; `none`: a static program, which needs no libc of the system. */
export type Libc = "glibc" | "musl" | "none";

/** Which libc a program was linked against, by the loader that it asks for (elf(5), PT_INTERP). */
export function libcOf(loader: string | undefined): Libc | undefined {
  if (loader === undefined) return "none";
  if (/\/ld-musl-[^/]*$/.test(loader)) return "musl";
  return /\/ld(?:-linux[^/]*|64)\.so\.\d+$/.test(loader) ? "glibc" : undefined;
}

/** The name of a platform. */
export function platformName(platform: string, arch: string, libc?: Libc): string {
  return `${platform}-${arch}${platform === "linux" && libc === "musl" ? "-musl" : ""}`;
}

/**
 * The platforms whose programs run here: this one, and after it, of Linux, that of the other libc, whose static programs do.
 * The libc is that of the running executable: its head is read in a tenth of a millisecond, where `process.report` takes 18.
 */
export async function platformsHere(): Promise<readonly [own: string, other?: string]> {
  const { platform, arch } = process;
  if (platform !== "linux") return [platformName(platform, arch)];
  const head = await readHead(process.execPath);
  const isMusl = libcOf(head?.interpreter?.path) === "musl";
  const names = [platformName(platform, arch, "glibc"), platformName(platform, arch, "musl")] as const;
  return isMusl ? [names[1], names[0]] : [names[0], names[1]];
}
