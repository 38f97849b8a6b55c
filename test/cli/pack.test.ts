/** `portreeve pack` as an author runs it, and what is published by npm of it, opened where it was unpacked. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { open, resolve } from "../../src/index.ts";
import { obstacles } from "../../src/pack/publish.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { machO, pe } from "../pack/programs.ts";
import { HERE, moduleOf, workFolder, write } from "../resolve/packages.ts";
import { portreeve } from "./portreeve.ts";

const CARGO = '[package]\nname = "acme-sum"\nversion = "0.1.0"\nedition = "2021"\n\n[workspace]\n';
const PUBLISHED = { files: ["dist", "prebuilds"], preferUnplugged: true };

let root: string;
let folder: string;
let compute: string;

beforeAll(async () => {
  compute = await computeProgram();
}, BUILD_TIMEOUT);

beforeEach(() => {
  root = workFolder();
  folder = write(join(root, "sum"), {
    "package.json": { name: "@acme/sum", version: "1.2.3", ...PUBLISHED },
    "dist/index.js": "",
    "native/Cargo.toml": CARGO,
    "native/src/main.rs": "fn main() {}\n",
  });
});

afterEach(() => rmSync(root, { recursive: true }));

interface Packed {
  readonly package: string;
  readonly programs: Readonly<Record<string, { readonly file: string; readonly size: number }>>;
}

function manifest(): Packed {
  return JSON.parse(readFileSync(join(folder, "prebuilds/manifest.json"), "utf8")) as Packed;
}

const pack = (...args: string[]) => portreeve(["pack", ...args], folder);

test("without options the crate is built for this machine", { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await pack("--quiet");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^${HERE} +\\d+ kB `));
  const { package: name, programs } = manifest();
  expect(name).toBe("@acme/sum");
  expect(Object.keys(programs)).toEqual([HERE]);
  expect(programs[HERE]?.file).toMatch(new RegExp(`^${HERE}/acme-sum(?:\\.exe)?$`));
  expect(await pack("--check")).toMatchObject({ code: 0, stderr: "" });
});

test("programs from elsewhere go where their bytes say, with their mode, under one name", async () => {
  const artifacts = join(root, "artifacts");
  mkdirSync(join(artifacts, "mac"), { recursive: true });
  copyFileSync(compute, join(artifacts, "sum-for-linux"));
  // As an upload leaves it.
  chmodSync(join(artifacts, "sum-for-linux"), 0o644);
  machO(join(artifacts, "mac/sum"), 0x0100000c);
  pe(join(artifacts, "sum.exe"), 0x8664);
  write(artifacts, { "libsum.rlib": "x", "sum.d": "x" });
  expect(await pack("--from", artifacts)).toMatchObject({ code: 0, stderr: "" });
  expect(Object.values(manifest().programs).map(({ file }) => file)).toEqual([
    "darwin-arm64/acme-sum",
    `${HERE}/acme-sum`,
    "win32-x64/acme-sum.exe",
  ]);
  expect(statSync(join(folder, "prebuilds", HERE, "acme-sum")).mode & 0o777).toBe(0o755);
  expect((await resolve(moduleOf(folder))).path).toBe(join(folder, "prebuilds", HERE, "acme-sum"));
});

test("what was packed before stays, and is told; the same platform is replaced", async () => {
  await pack("--from", machO(join(root, "mac"), 0x0100000c));
  write(folder, { "package.json": { name: "@acme/sum", ...PUBLISHED, portreeve: { bin: "renamed" } } });
  const { stdout } = await pack("--from", compute);
  expect(stdout).toMatch(/^darwin-arm64 .*\(from before\)$/m);
  await pack("--from", join(root, "mac"));
  expect(existsSync(join(folder, "prebuilds/darwin-arm64/acme-sum"))).toBe(false);
  expect(manifest().programs["darwin-arm64"]?.file).toBe("darwin-arm64/renamed");
});

test("what npm publishes is opened where it is unpacked", { timeout: 60_000 }, async () => {
  await pack("--from", compute);
  const name = execFileSync("npm", ["pack", "--silent", "--offline"], {
    cwd: folder,
    encoding: "utf8",
  }).trim();
  const installed = join(root, "app/node_modules/@acme/sum");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", join(folder, name), "-C", installed, "--strip-components=1"]);
  const { path, from } = await resolve(moduleOf(installed));
  expect([path, from]).toEqual([join(installed, "prebuilds", HERE, "acme-sum"), "prebuilds"]);
  await using port = await open(moduleOf(installed), { stderr: "ignore" });
  expect(await port.call("sum", [[1, 2, 3]])).toBe(6);
});

describe("--check changes nothing, and fails for", () => {
  beforeEach(async () => {
    await pack("--from", compute);
  });

  const program = () => join(folder, "prebuilds", HERE, "acme-sum");

  test.each<[string, () => void, RegExp]>([
    [
      "a byte",
      () => writeFileSync(program(), Buffer.concat([readFileSync(program()), Buffer.of(0)])),
      /acme-sum is not what is listed/,
    ],
    ["a mode", () => chmodSync(program(), 0o644), /acme-sum is not executable/],
    ["one more", () => add("darwin-arm64"), /darwin-arm64\/x is not listed/],
    ["one in the wrong place", () => add("win32-x64"), /win32-x64\/x is a program for darwin-arm64/],
    ["two in one place", () => add(HERE), /has two files, acme-sum and x: one is wanted/],
    [
      "no program",
      () => write(folder, { "prebuilds/linux-x/notes.txt": "hello" }),
      /notes\.txt is no program/,
    ],
    [
      "another package",
      () => write(folder, { "package.json": { name: "b", ...PUBLISHED } }),
      /that of @acme\/sum, and the package is b/,
    ],
  ])("%s", async (_, spoil, message) => {
    spoil();
    const before = readFileSync(join(folder, "prebuilds/manifest.json"), "utf8");
    const { code, stderr } = await pack("--check");
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(readFileSync(join(folder, "prebuilds/manifest.json"), "utf8")).toBe(before);
  });

  function add(platform: string): void {
    mkdirSync(join(folder, "prebuilds", platform), { recursive: true });
    machO(join(folder, "prebuilds", platform, "x"), 0x0100000c);
  }

  test("one that is gone, and a manifest that is", async () => {
    machO(join(root, "mac"), 0x0100000c);
    await pack("--from", join(root, "mac"));
    rmSync(join(folder, "prebuilds/darwin-arm64"), { recursive: true });
    expect((await pack("--check")).stderr).toContain("darwin-arm64/acme-sum is listed and not there");
    rmSync(join(folder, "prebuilds/manifest.json"));
    expect((await pack("--check")).stderr).toContain(
      "there is no prebuilds/manifest.json\nRun: npx portreeve pack",
    );
    rmSync(join(folder, "prebuilds"), { recursive: true });
    expect((await pack("--check")).stderr).toContain("has no program: portreeve pack puts one there");
  });
});

test("a package.json that keeps the programs from its users is told, with the command", async () => {
  write(folder, { "package.json": { name: "@acme/sum", files: ["dist"] } });
  const first = await pack("--from", compute);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain(
    `"files" does not name prebuilds, so npm leaves it out\nRun: npm pkg set 'files[]=prebuilds'`,
  );
  execFileSync("npm", ["pkg", "set", "files[]=prebuilds"], { cwd: folder });
  const second = await pack("--check");
  expect(second.stderr).toContain("Run: npm pkg set preferUnplugged=true --json");
  execFileSync("npm", ["pkg", "set", "preferUnplugged=true", "--json"], { cwd: folder });
  expect(await pack("--check")).toMatchObject({ code: 0, stderr: "" });
});

test.each([
  [{ files: ["./prebuilds/"] }, "", 0],
  [{ files: ["prebuilds/**"] }, "", 0],
  [{ files: ["prebuilds/**/*"] }, "", 0],
  [{ files: ["*"] }, "", 0],
  [{ files: ["prebuilds-of-old"] }, "", 1],
  [{}, "target/\n", 0],
  [{}, "target/\nprebuilds/\n", 1],
  [{}, "/prebuilds\n", 1],
])("%j with %j ignored has %i obstacles", (published, ignored, count) => {
  expect(obstacles({ ...published, preferUnplugged: true }, ignored)).toHaveLength(count);
});

test.each([
  [["--from", "a", "--target", "b"], 2, "pack takes --from or --target, not both"],
  [["/"], 2, "there is no package.json with a name in /"],
  [["--from", "/nowhere"], 1, "ENOENT"],
])("%j is refused", async (args, code, message) => {
  expect(await pack(...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
});

test("two programs for one platform are refused", async () => {
  const [a, b] = [machO(join(root, "a"), 0x0100000c), machO(join(root, "b"), 0x0100000c)];
  expect((await pack("--from", a, "--from", b)).stderr).toContain(`${a} and ${b} are both for darwin-arm64`);
});
