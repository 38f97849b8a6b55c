/** What a program file needs of a machine, read from its bytes: that decides where it is packed, whatever it is called. */

import { readFile } from "node:fs/promises";
import type { Executable } from "../diagnose/executable.ts";
import { type Head, readHead } from "../diagnose/facts.ts";
import { type Libc, libcOf, platformName } from "../resolve/platform.ts";

/** Where a program runs. */
export interface ProgramNeeds {
  /** `linux-x64`, `darwin-arm64`, … */
  readonly platform: string;
  /** Runs with any libc. Linux. */
  readonly static?: true;
  /** The oldest glibc that it runs with. */
  readonly glibc?: string;
}

/** @throws Error when the file is no program, or one for several machines or for one that Node does not run on */
export async function needsOf(path: string): Promise<ProgramNeeds> {
  const head = await readHead(path);
  if (head === undefined) throw new Error(`${path} cannot be read`);
  const { kind } = head;
  switch (kind?.kind) {
    case "elf":
      return elfNeeds(path, head, kind.machine);
    case "mach-o":
      return { platform: platformName("darwin", archOf(path, kind)) };
    case "pe":
      return { platform: platformName("win32", archOf(path, kind)) };
    default:
      throw new Error(`${path} is no program (ELF, Mach-O or PE)`);
  }
}

/** EI_OSABI of elf(5); Linux uses the value of System V. */
const SYSTEMS: Readonly<Record<number, string>> = { 9: "freebsd", 12: "openbsd" };

async function elfNeeds(path: string, head: Head, machine: string): Promise<ProgramNeeds> {
  const arch = archOf(path, { kind: "elf", machine });
  const system = SYSTEMS[head.head[7] ?? 0];
  if (system !== undefined) return { platform: platformName(system, arch) };
  const loader = head.interpreter?.path;
  if (loader?.startsWith("/system/bin/linker") === true) return { platform: platformName("android", arch) };
  const libc = libcOf(loader);
  if (libc === undefined)
    throw new Error(`${path} needs the loader ${loader}, which is of no libc that is known here`);
  // A static one is what cargo makes for its musl targets; resolve/platform.ts takes it on glibc too.
  const platform = platformName("linux", arch, libc === "none" ? "musl" : libc);
  return { platform, ...(await libcNeeds(path, libc)) };
}

async function libcNeeds(path: string, libc: Libc): Promise<Omit<ProgramNeeds, "platform">> {
  if (libc === "none") return { static: true };
  if (libc === "musl") return {};
  const glibc = newestGlibc(await readFile(path, "latin1"));
  return glibc === undefined ? {} : { glibc };
}

/** The newest version of glibc among the symbols that are asked for (`.gnu.version_r` names them in the string table). */
function newestGlibc(bytes: string): string | undefined {
  const versions = [...bytes.matchAll(/\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  return versions.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b)[0]?.join(".");
}

/** Names of `process.arch` for the machines of executable.ts. */
const ARCHES: Readonly<Record<string, string>> = {
  x86_64: "x64",
  aarch64: "arm64",
  arm64: "arm64",
  arm: "arm",
  i386: "ia32",
  riscv64: "riscv64",
  s390x: "s390x",
  ppc64: "ppc64",
  ppc64le: "ppc64",
  loongarch64: "loong64",
};

function archOf(
  path: string,
  { kind, machine }: Pick<Extract<Executable, { machine: string }>, "kind" | "machine">,
): string {
  const arch = ARCHES[machine];
  if (arch !== undefined) return arch;
  const one = kind === "mach-o" ? "; pack one program for each (lipo -thin)" : "";
  throw new Error(`${path} is for ${machine}, on which no Node runs${one}`);
}
