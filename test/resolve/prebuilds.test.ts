/** Programs that a package carries, as real packages in real layouts: started when they are what was packed, refused when not. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { open, resolve, supervise } from "../../src/index.ts";
import { libcOf, platformName, platformsHere } from "../../src/resolve/platform.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { built } from "../process/host.ts";
import { carry, failureOf, HERE, moduleOf, workFolder, write } from "./packages.ts";

let root: string;
let compute: string;

beforeAll(async () => {
  compute = await computeProgram();
}, BUILD_TIMEOUT);

beforeEach(() => {
  root = workFolder();
});

afterEach(() => rmSync(root, { recursive: true }));

/** The folder of a package that was installed with a program for this machine. */
function installed(
  folder = join(root, "app/node_modules/@acme/sum"),
  more = {},
): { folder: string; path: string } {
  write(folder, { "package.json": { name: "@acme/sum", version: "1.2.3" } });
  return { folder, path: carry(folder, "@acme/sum", compute, HERE, more) };
}

async function sumOf(folder: string): Promise<unknown> {
  await using port = await open(moduleOf(folder), { stderr: "ignore" });
  return await port.call("sum", [[1, 2, 3]]);
}

test("it is opened, reloaded and supervised, in a path with spaces and more than ASCII", async () => {
  const { folder, path } = installed();
  await using port = await open(moduleOf(folder), { stderr: "ignore" });
  expect([port.program, await port.call("sum", [[1, 2, 3]])]).toEqual([path, 6]);
  await port.reload(moduleOf(folder));
  expect(await port.call("sum", [[4, 5]])).toBe(9);
  const start = moduleOf(folder);
  await using tree = await supervise({ children: [{ id: "sum", start, options: { stderr: "ignore" } }] });
  expect(await tree.port("sum").call("sum", [[7]])).toBe(7);
});

test("a wrong option is told before anything is looked for", async () => {
  await expect(open(moduleOf(root), { workers: 0 })).rejects.toThrow(RangeError);
});

test("pnpm's layout: a link to a store", async () => {
  const store = join(root, "app/node_modules/.pnpm/@acme+sum@1.2.3/node_modules/@acme/sum");
  const { path } = installed(store);
  mkdirSync(join(root, "app/node_modules/@acme"), { recursive: true });
  const link = join(root, "app/node_modules/@acme/sum");
  symlinkSync(store, link);
  write(store, { "dist/index.js": "" });
  expect((await resolve(moduleOf(link))).path).toBe(path);
  expect(await sumOf(link)).toBe(6);
});

test("one byte that was changed: refused, with both sums", async () => {
  const { folder, path } = installed();
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(path, bytes);
  const { message, tried } = await failureOf(moduleOf(folder));
  expect(tried.at(-1)?.place).toBe(path);
  expect(tried.at(-1)?.found).toMatch(/^has the SHA-256 [\da-f]{64}, and [\da-f]{64} was packed$/);
  expect(message).toContain(`@acme/sum: ${path} is not the program that was packed`);
  await expect(open(moduleOf(folder))).rejects.toMatchObject({ code: "PORT_RESOLVE" });
});

test("a change after the first start is seen by the next open, though its size stays", async () => {
  const { folder, path } = installed();
  expect(await sumOf(folder)).toBe(6);
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  rmSync(path);
  writeFileSync(path, bytes, { mode: 0o755 });
  expect((await failureOf(moduleOf(folder))).message).toContain("is not the program that was packed");
});

test("a file that was cut short", async () => {
  const { folder, path } = installed();
  const { length } = readFileSync(path);
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
  const { tried } = await failureOf(moduleOf(folder));
  expect(tried.at(-1)).toEqual({ place: path, found: `has 1000 bytes, and ${length} were packed` });
});

test("a file that was left out", async () => {
  const { folder, path } = installed();
  rmSync(path);
  const { message, tried } = await failureOf(moduleOf(folder));
  expect(tried.at(-1)).toEqual({ place: path, found: "no such file" });
  expect(message).toContain("a tool that copies only what it sees imported; it has to copy prebuilds too");
});

test("lost x bits are restored", async () => {
  const { folder, path } = installed();
  chmodSync(path, 0o644);
  expect(await sumOf(folder)).toBe(6);
  expect(statSync(path).mode & 0o777).toBe(0o755);
});

/** A host that opens the package in a mount namespace of its own, in which the folder cannot be written to. */
function readOnly(folder: string): string {
  const script = `import { open } from ${JSON.stringify(built("src/index.js"))};
    const port = await open(${JSON.stringify(moduleOf(folder))}, { stderr: "ignore" }).catch((error) => console.log(error.message));
    if (port) { console.log("sum", await port.call("sum", [[1, 2, 3]])); await port.close(); }`;
  const mount =
    'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" --input-type=module -e "$3"';
  const args = ["-rm", "sh", "-c", mount, "sh", join(root, "app/node_modules"), process.execPath, script];
  return execFileSync("unshare", args, { encoding: "utf8" });
}

const hasNamespaces = spawnSync("unshare", ["-rm", "true"]).status === 0;

test.runIf(hasNamespaces)("a node_modules that is read-only: it runs, unless its x bits are lost", () => {
  const { folder, path } = installed();
  expect(readOnly(folder)).toBe("sum 6\n");
  chmodSync(path, 0o644);
  const message = readOnly(folder);
  expect(message).toContain(`${path}: is not executable (mode 0644), and its mode cannot be changed (EROFS)`);
  expect(message).toContain(`Where the package is installed: chmod +x '${path}'.`);
});

test("programs for other machines alone: which there are, and which is wanted", async () => {
  const { folder } = installed();
  rmSync(join(folder, "prebuilds"), { recursive: true });
  carry(folder, "@acme/sum", compute, "sunos-sparc");
  const { message, tried } = await failureOf(moduleOf(folder));
  expect(tried.at(-1)).toEqual({ place: join(folder, "prebuilds/manifest.json"), found: "has sunos-sparc" });
  expect(message).toContain(`it has no program for ${HERE}, only for sunos-sparc`);
});

test("a program for another machine under this one's name is refused by the start", async () => {
  const { folder } = installed();
  const foreign = join(root, "foreign");
  const bytes = readFileSync(compute);
  bytes.writeUInt16LE(2, 18);
  writeFileSync(foreign, bytes);
  carry(folder, "@acme/sum", foreign);
  await expect(open(moduleOf(folder))).rejects.toMatchObject({
    code: "PORT_SPAWN",
    message: expect.stringContaining("it is an ELF program for sparc; this machine is"),
  });
});

test.runIf(process.platform === "linux")("of the other libc only a static program is taken", async () => {
  const [, other = ""] = await platformsHere();
  const { folder } = installed();
  rmSync(join(folder, "prebuilds"), { recursive: true });
  carry(folder, "@acme/sum", compute, other);
  expect((await failureOf(moduleOf(folder))).message).toContain(`no program for ${HERE}, only for ${other}`);
  const path = carry(folder, "@acme/sum", compute, other, { static: true });
  expect((await resolve(moduleOf(folder))).path).toBe(path);
});

test.each([
  ["not JSON", "{", /JSON/],
  [
    "a newer format",
    { format: 2, package: "a", programs: {} },
    /its format is 2, and this version of portreeve reads format 1/,
  ],
  ["another shape", { name: "a" }, /it has no "package" and "programs"/],
  [
    "a file elsewhere",
    programs({ file: `${HERE}/../../x`, size: 1, sha256: "0".repeat(64) }),
    /is no path in/,
  ],
  ["no size", programs({ file: `${HERE}/x`, sha256: "0".repeat(64) }), /"size" of .* is no number/],
  ["no sum", programs({ file: `${HERE}/x`, size: 1, sha256: "?" }), /"sha256" of .* is none/],
])("a manifest that cannot be read: %s", async (_, manifest, message) => {
  const { folder } = installed();
  write(folder, { "prebuilds/manifest.json": manifest });
  const error = await failureOf(moduleOf(folder));
  expect(error.message).toMatch(message);
  expect(error.message).toContain("npx portreeve pack writes it anew");
});

function programs(program: object): object {
  return { format: 1, package: "@acme/sum", programs: { [HERE]: program } };
}

test("several opens at once find the same", async () => {
  const { folder, path } = installed();
  chmodSync(path, 0o644);
  const found = await Promise.all(Array.from({ length: 8 }, () => resolve(moduleOf(folder))));
  expect(new Set(found.map((each) => each.path))).toEqual(new Set([path]));
});

test.each([
  ["/lib64/ld-linux-x86-64.so.2", "glibc"],
  ["/lib/ld-linux-aarch64.so.1", "glibc"],
  ["/lib/ld-linux-armhf.so.3", "glibc"],
  ["/lib64/ld64.so.2", "glibc"],
  ["/nix/store/abc-glibc-2.39/lib/ld-linux-x86-64.so.2", "glibc"],
  ["/lib/ld-musl-x86_64.so.1", "musl"],
  ["/system/bin/linker64", undefined],
  [undefined, "none"],
])("the loader %s is of the libc %s", (loader, libc) => {
  expect(libcOf(loader)).toBe(libc);
});

test("a platform's name has its libc only where there are two", () => {
  expect(platformName("linux", "x64", "musl")).toBe("linux-x64-musl");
  expect(platformName("linux", "x64", "glibc")).toBe("linux-x64");
  expect(platformName("darwin", "arm64")).toBe("darwin-arm64");
});

test.runIf(process.platform === "linux")("this host's libc is that of its report", () => {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  expect(HERE.endsWith("-musl")).toBe(header.glibcVersionRuntime === undefined);
});
