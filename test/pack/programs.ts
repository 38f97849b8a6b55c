/** Program files for machines that are not at hand: heads that say so, and copies of a real program whose loader is another. */
import { readFileSync, writeFileSync } from "node:fs";

/** A file that is no more than the head of a Mach-O program. @param cpu cputype of loader.h */
export function machO(path: string, cpu: number): string {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(cpu, 4);
  return written(path, bytes);
}

/** The same of a PE program. @param machine of the COFF header */
export function pe(path: string, machine: number): string {
  const bytes = Buffer.alloc(128);
  bytes.write("MZ");
  bytes.writeUInt32LE(64, 60);
  bytes.write("PE\0\0", 64);
  bytes.writeUInt16LE(machine, 68);
  return written(path, bytes);
}

/** A copy of a 64-bit ELF program that asks for another loader, or for none. */
export function elfWithLoader(path: string, program: string, loader: string | undefined): string {
  const bytes = readFileSync(program);
  const table = Number(bytes.readBigUInt64LE(32));
  const at = Array.from({ length: bytes.readUInt16LE(56) }, (_, i) => table + i * 56);
  const header = at.find((offset) => bytes.readUInt32LE(offset) === 3) ?? 0;
  if (loader === undefined) bytes.writeUInt32LE(0, header);
  else bytes.write(`${loader}\0`, Number(bytes.readBigUInt64LE(header + 8)));
  return written(path, bytes);
}

/** A copy of an ELF program for another machine or system. */
export function elfFor(
  path: string,
  program: string,
  { machine, system = 0 }: { machine?: number; system?: number },
): string {
  const bytes = readFileSync(program);
  if (machine !== undefined) bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt8(system, 7);
  return written(path, bytes);
}

function written(path: string, bytes: Buffer): string {
  writeFileSync(path, bytes);
  return path;
}
