import { readFileSync } from "node:fs";
import { machine } from "node:os";
import { expect, test } from "vitest";
import { type Executable, isForeign, parseExecutable } from "../../src/diagnose/executable.ts";

/** The head of an ELF program with one program header. */
function elf(options: { wide: boolean; little: boolean; machine: number; interpreter?: string }): Uint8Array {
  const { wide, little, interpreter } = options;
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2]);
  view.setUint16(18, options.machine, little);
  word(wide ? 32 : 28, 64);
  view.setUint16(wide ? 54 : 42, wide ? 56 : 32, little);
  view.setUint16(wide ? 56 : 44, interpreter === undefined ? 0 : 1, little);
  if (interpreter === undefined) return bytes;
  view.setUint32(64, 3, little);
  word(64 + (wide ? 8 : 4), 256);
  word(64 + (wide ? 32 : 16), interpreter.length + 1);
  bytes.set(Buffer.from(interpreter), 256);
  return bytes;
}

test.each([
  [{ wide: true, little: true, machine: 62 }, "x86_64"],
  [{ wide: true, little: true, machine: 183 }, "aarch64"],
  [{ wide: false, little: true, machine: 3 }, "i386"],
  [{ wide: false, little: false, machine: 20 }, "ppc"],
  [{ wide: true, little: false, machine: 21 }, "ppc64"],
  [{ wide: true, little: true, machine: 21 }, "ppc64le"],
  [{ wide: true, little: true, machine: 9999 }, "machine number 9999"],
])("ELF %j is for %s", (options, name) => {
  expect(parseExecutable(elf(options))).toEqual({ kind: "elf", machine: name, interpreter: undefined });
  const withLoader = parseExecutable(elf({ ...options, interpreter: "/lib/ld.so" }));
  expect(withLoader).toEqual({ kind: "elf", machine: name, interpreter: { offset: 256, length: 11 } });
});

test("program headers that lie outside of what was read are not looked for", () => {
  const bytes = elf({ wide: true, little: true, machine: 62, interpreter: "/lib/ld.so" });
  new DataView(bytes.buffer).setBigUint64(32, 0xffffffffffffff00n, true);
  expect(parseExecutable(bytes)).toMatchObject({ kind: "elf", interpreter: undefined });
});

test.each([
  ["", "empty"],
  ["exit 0\n", "text"],
  ["\u0001\u0000", "unknown"],
  ["\u007fELF", "unknown"],
  ["MZ", "text"],
])("%j is %s", (text, kind) => {
  expect(parseExecutable(Buffer.from(text)).kind).toBe(kind);
});

test.each([
  ["#!/bin/sh\nexit", "/bin/sh"],
  ["#! \t/usr/bin/env node -x\n", "/usr/bin/env"],
  ["#!/bin/sh\r\n", "/bin/sh\r"],
  ["#!", ""],
])("%j is a script for %j", (text, interpreter) => {
  expect(parseExecutable(Buffer.from(text))).toEqual({ kind: "script", interpreter });
});

test("the Node that runs this is at home here", () => {
  const kind = parseExecutable(readFileSync(process.execPath).subarray(0, 4096));
  expect(isForeign(kind, process.platform, machine())).toBe(false);
});

const program = (machine: string): Executable => ({ kind: "elf", machine, interpreter: undefined });

test.each([
  [program("x86_64"), "linux", "x86_64", false],
  [program("i386"), "linux", "x86_64", false],
  [program("i386"), "linux", "i686", false],
  [program("arm"), "linux", "armv7l", false],
  [program("arm"), "linux", "aarch64", false],
  [program("x86_64"), "linux", "aarch64", true],
  [program("aarch64"), "linux", "x86_64", true],
  [program("x86_64"), "darwin", "x86_64", true],
  [{ kind: "mach-o", machine: "x86_64" }, "darwin", "arm64", false],
  [{ kind: "mach-o", machine: "arm64" }, "linux", "aarch64", true],
  [{ kind: "pe", machine: "x86_64" }, "linux", "x86_64", true],
  [{ kind: "pe", machine: "x86_64" }, "win32", "x86_64", false],
  [{ kind: "text" }, "linux", "x86_64", false],
] as const)("%j on %s %s: foreign is %s", (kind, platform, here, foreign) => {
  expect(isForeign(kind, platform, here)).toBe(foreign);
});
