/**
 * What a program file is, read from its first bytes: an ELF, Mach-O or PE program and for which machine,
 * a script and its interpreter, or neither. Pure; `facts.ts` reads the bytes, `diagnose.ts` makes the sentence.
 *
 * Sources: elf(5); Mach-O `loader.h` and `fat.h`; Microsoft's "PE Format"; execve(2) for `#!`.
 */

/** A program file, as its head tells it. Machines are named as `uname -m` does. */
export type Executable =
  | { readonly kind: "elf"; readonly machine: string; readonly interpreter: Span | undefined }
  | { readonly kind: "mach-o"; readonly machine: string }
  | { readonly kind: "pe"; readonly machine: string }
  | { readonly kind: "script"; readonly interpreter: string }
  | { readonly kind: "text" }
  | { readonly kind: "empty" }
  | { readonly kind: "unknown" };

/** Where in the file a piece lies. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** So many bytes of a file are enough for {@link parseExecutable}. */
export const HEAD_BYTES = 4096;

/** e_machine of elf(5). */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  2: "sparc",
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  43: "sparc64",
  62: "x86_64",
  183: "aarch64",
  243: "riscv64",
  258: "loongarch64",
};

/** cputype of Mach-O, whose bit 24 means 64 bits. */
const MACH_MACHINES: Readonly<Record<number, string>> = {
  7: "i386",
  12: "arm",
  16777223: "x86_64",
  16777228: "arm64",
};

/** Machine of the COFF header. */
const PE_MACHINES: Readonly<Record<number, string>> = {
  332: "i386",
  452: "arm",
  34404: "x86_64",
  43620: "arm64",
};

/** Tells what the file that begins with `head` is. */
export function parseExecutable(head: Uint8Array): Executable {
  if (head.length === 0) return { kind: "empty" };
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head[0] === 0x23 && head[1] === 0x21) return { kind: "script", interpreter: interpreterOf(head) };
  const magic = head.length >= 4 ? view.getUint32(0) : 0;
  if (magic === 0x7f454c46 && head.length >= 64) return parseElf(view);
  if (MACH_MAGICS.has(magic) && head.length >= 12)
    return { kind: "mach-o", machine: machMachine(view, magic) };
  if (head[0] === 0x4d && head[1] === 0x5a && head.length >= 64)
    return { kind: "pe", machine: peMachine(view) };
  return { kind: isText(head) ? "text" : "unknown" };
}

/** `#! /usr/bin/env node` → `/usr/bin/env`, with the carriage return that spoils a script written on Windows. */
function interpreterOf(head: Uint8Array): string {
  const line = new TextDecoder().decode(head.subarray(2, 256)).split("\n", 1)[0] ?? "";
  return line.replace(/^[ \t]+/, "").split(/[ \t]/, 1)[0] ?? "";
}

function parseElf(view: DataView): Executable {
  const little = view.getUint8(5) === 1;
  const code = view.getUint16(18, little);
  const name = ELF_MACHINES[code] ?? `machine number ${code}`;
  // ppc64 is the one machine with two byte orders in use; uname calls the other one ppc64le.
  const machine = name === "ppc64" && little ? "ppc64le" : name;
  return { kind: "elf", machine, interpreter: interpreterSpan(view, little) };
}

const PT_INTERP = 3;

/** The program header that names the loader (`ld-linux`, `ld-musl`); none in a static program. */
function interpreterSpan(view: DataView, little: boolean): Span | undefined {
  const wide = view.getUint8(4) === 2;
  const word = (at: number) => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const table = word(wide ? 32 : 28);
  const size = view.getUint16(wide ? 54 : 42, little);
  const count = view.getUint16(wide ? 56 : 44, little);
  for (let i = 0; i < count; i++) {
    const at = table + i * size;
    if (at + (wide ? 56 : 32) > view.byteLength) return undefined;
    if (view.getUint32(at, little) !== PT_INTERP) continue;
    return { offset: word(at + (wide ? 8 : 4)), length: word(at + (wide ? 32 : 16)) };
  }
  return undefined;
}

/** 32 and 64 bits in both byte orders, and the universal file that holds several. */
const MACH_MAGICS = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe]);

function machMachine(view: DataView, magic: number): string {
  if (magic === 0xcafebabe) return "several machines";
  const code = view.getUint32(4, magic === 0xcefaedfe || magic === 0xcffaedfe);
  return MACH_MACHINES[code] ?? `machine number ${code}`;
}

function peMachine(view: DataView): string {
  const header = view.getUint32(60, true);
  if (header + 6 > view.byteLength) return "an unknown machine";
  const code = view.getUint16(header + 4, true);
  return PE_MACHINES[code] ?? `machine number ${code}`;
}

/** No NUL and no control characters but white space: what a shell would take for a script. */
function isText(head: Uint8Array): boolean {
  return head.every(
    (byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b,
  );
}

/**
 * Whether the system could not run it by itself.
 * A 64-bit kernel runs the 32-bit programs of its own family; macOS translates, so nothing of its own is foreign there.
 */
export function isForeign(file: Executable, platform: NodeJS.Platform, machine: string): boolean {
  if (file.kind === "mach-o") return platform !== "darwin";
  if (file.kind === "pe") return platform !== "win32";
  if (file.kind !== "elf") return false;
  if (platform === "darwin" || platform === "win32") return true;
  return (
    file.machine !== machine && COMPATIBLE[machine] !== file.machine && !isOlderName(file.machine, machine)
  );
}

const COMPATIBLE: Readonly<Record<string, string>> = { x86_64: "i386", aarch64: "arm", armv8l: "arm" };

/** `uname -m` of a 32-bit kernel says i586, i686 or armv7l where ELF says i386 or arm. */
function isOlderName(file: string, machine: string): boolean {
  return (file === "i386" && /^i[3-6]86$/.test(machine)) || (file === "arm" && /^armv/.test(machine));
}
