/** What a program needs of a machine, by its bytes. */
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needsOf } from "../../src/pack/program.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { HERE, workFolder } from "../resolve/packages.ts";
import { elfFor, elfWithLoader, machO, pe } from "./programs.ts";

let root: string;
let compute: string;

beforeAll(async () => {
  root = workFolder();
  compute = await computeProgram();
}, BUILD_TIMEOUT);

afterAll(() => rmSync(root, { recursive: true }));

test("of macOS and of Windows", async () => {
  expect(await needsOf(machO(join(root, "a"), 0x0100000c))).toEqual({ platform: "darwin-arm64" });
  expect(await needsOf(machO(join(root, "b"), 0x01000007))).toEqual({ platform: "darwin-x64" });
  expect(await needsOf(pe(join(root, "c"), 0x8664))).toEqual({ platform: "win32-x64" });
  expect(await needsOf(pe(join(root, "d"), 0xaa64))).toEqual({ platform: "win32-arm64" });
});

test("no program, or one for many machines, or for none of Node's", async () => {
  const text = join(root, "text");
  writeFileSync(text, "#!/bin/sh\n");
  await expect(needsOf(text)).rejects.toThrow(/text is no program \(ELF, Mach-O or PE\)$/);
  await expect(needsOf(join(root, "none"))).rejects.toThrow(/none cannot be read$/);
  const universal = join(root, "universal");
  writeFileSync(universal, Buffer.from("cafebabe0000000200000000", "hex"));
  await expect(needsOf(universal)).rejects.toThrow(/several machines.*lipo -thin/);
  await expect(needsOf(machO(join(root, "power"), 0x01000012))).rejects.toThrow(/on which no Node runs/);
});

describe.runIf(process.platform === "linux" && process.arch === "x64")("of Linux", () => {
  test("a dynamic one: the oldest glibc that has all its symbols, as ldd would have it", async () => {
    const { platform, glibc = "" } = await needsOf(compute);
    expect(platform).toBe(HERE);
    const ldd = execFileSync("ldd", ["--version"], { encoding: "utf8" });
    const [, major, minor] = /(\d+)\.(\d+)$/m.exec(ldd) ?? [];
    const [needMajor, needMinor] = glibc.split(".").map(Number);
    expect(needMajor).toBe(Number(major));
    expect(needMinor).toBeLessThanOrEqual(Number(minor));
    expect(needMinor).toBeGreaterThanOrEqual(17);
  });

  test("its libc is that of the loader that it asks for; one without is static", async () => {
    const musl = elfWithLoader(join(root, "musl"), compute, "/lib/ld-musl-x86_64.so.1");
    expect(await needsOf(musl)).toEqual({ platform: "linux-x64-musl" });
    const alone = elfWithLoader(join(root, "static"), compute, undefined);
    expect(await needsOf(alone)).toEqual({ platform: "linux-x64-musl", static: true });
    const android = elfWithLoader(join(root, "android"), compute, "/system/bin/linker64");
    expect(await needsOf(android)).toEqual({ platform: "android-x64" });
    const odd = elfWithLoader(join(root, "odd"), compute, "/lib/ld-uclibc.so.0");
    await expect(needsOf(odd)).rejects.toThrow("needs the loader /lib/ld-uclibc.so.0, which is of no libc");
  });

  test("its machine and its system", async () => {
    expect((await needsOf(elfFor(join(root, "arm"), compute, { machine: 183 }))).platform).toBe(
      "linux-arm64",
    );
    expect((await needsOf(elfFor(join(root, "bsd"), compute, { system: 9 }))).platform).toBe("freebsd-x64");
    await expect(needsOf(elfFor(join(root, "mips"), compute, { machine: 8 }))).rejects.toThrow("is for mips");
  });
});
