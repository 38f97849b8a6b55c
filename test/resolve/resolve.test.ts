/** Where a program is looked for, in which order, and what is said when there is none. */
import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { BuildError } from "../../src/build/build.ts";
import { type Program, resolve, supervise } from "../../src/index.ts";
import { variableOf } from "../../src/resolve/package.ts";
import { carry, executable, failureOf, HERE, moduleOf, workFolder, write } from "./packages.ts";

let root: string;
let script: string;

beforeAll(() => {
  vi.stubEnv("CARGO_TARGET_DIR", undefined);
});

beforeEach(() => {
  root = workFolder();
  script = executable(join(root, "a script"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

/** A package with sources. */
function checkout(name = "@acme/sum"): string {
  const cargo = '[package]\nname = "acme-sum"\nversion = "0.1.0"\nedition = "2021"\n\n[workspace]\n';
  return write(join(root, "checkout"), {
    "package.json": { name },
    // As many packages have it, beside their CommonJS half.
    "dist/package.json": { type: "module" },
    "native/Cargo.toml": cargo,
    "native/src/main.rs": "fn main() {}\n",
  });
}

/** The same as a package manager puts it. */
function installed(name = "@acme/sum"): string {
  return write(join(root, "app/node_modules", name), { "package.json": { name } });
}

test("a path and a URL are taken as they are, whether anything lies there or not", async () => {
  const nowhere = join(root, "nowhere");
  for (const program of [nowhere, pathToFileURL(nowhere), pathToFileURL(nowhere).href])
    expect(await resolve(program)).toEqual({ path: nowhere, from: "path", tried: [] });
  expect((await resolve("compute")).path).toBe(join(process.cwd(), "compute"));
});

describe("the program of a package", () => {
  test("the variable comes before all, and names a file relative to the current folder", async () => {
    const folder = checkout();
    executable(join(folder, "native/target/release/acme-sum"));
    vi.stubEnv("PORTREEVE_PROGRAM_ACME_SUM", script);
    expect(await resolve(moduleOf(folder))).toEqual({ path: script, from: "variable", tried: [] });
    vi.stubEnv("PORTREEVE_PROGRAM_ACME_SUM", "package.json");
    expect((await resolve(moduleOf(folder))).path).toBe(join(process.cwd(), "package.json"));
  });

  test("a variable that names no file is an error, and nothing else is taken in its place", async () => {
    const folder = checkout();
    executable(join(folder, "native/target/release/acme-sum"));
    vi.stubEnv("PORTREEVE_PROGRAM_ACME_SUM", root);
    const { message, tried } = await failureOf(moduleOf(folder));
    expect(tried).toEqual([
      { place: "PORTREEVE_PROGRAM_ACME_SUM", found: `names ${root}, which is no file` },
    ]);
    expect(message).toMatch(
      /^@acme\/sum: PORTREEVE_PROGRAM_ACME_SUM names no file\. Tried, in this order:\n/,
    );
    expect(message).toMatch(/\nCorrect the variable, or take it out of the environment\.$/);
  });

  test("of a checkout the build that was made last is meant", async () => {
    const folder = checkout();
    const release = executable(join(folder, "native/target/release/acme-sum"), 60);
    expect(await resolve(moduleOf(folder))).toMatchObject({ path: release, from: "checkout" });
    const debug = executable(join(folder, "native/target/debug/acme-sum"), 10);
    expect((await resolve(moduleOf(folder))).path).toBe(debug);
    executable(release);
    expect((await resolve(moduleOf(folder))).path).toBe(release);
  });

  test("a build comes before what is packed; without one that is taken", async () => {
    const folder = checkout();
    const packed = carry(folder, "@acme/sum", script);
    const target = join(folder, "native/target/release/acme-sum");
    expect(await resolve(moduleOf(folder))).toEqual({
      path: packed,
      from: "prebuilds",
      tried: [
        { place: "PORTREEVE_PROGRAM_ACME_SUM", found: "not set" },
        { place: target, found: "no such file" },
        { place: target.replace("release", "debug"), found: "no such file" },
      ],
    });
    executable(target);
    expect(await resolve(moduleOf(folder))).toMatchObject({ path: target, from: "checkout" });
  });

  test("the target folder is that of the workspace, or of CARGO_TARGET_DIR", async () => {
    const crate = { "package.json": { name: "b" }, "Cargo.toml": '[package]\nname = "b"\n' };
    write(root, { "Cargo.toml": '[workspace]\nmembers = ["b"]\n' });
    const folder = write(join(root, "b"), crate);
    const program = executable(join(root, "target/debug/b"));
    expect((await resolve(moduleOf(folder))).path).toBe(program);
    vi.stubEnv("CARGO_TARGET_DIR", join(root, "elsewhere"));
    const elsewhere = executable(join(root, "elsewhere/debug/b"));
    expect((await resolve(moduleOf(folder))).path).toBe(elsewhere);
  });

  test.each([
    [
      "the one [[bin]]",
      '[package]\nname = "a"\n\n[[bin]]\nname = "c"\npath = "c.rs"\n\n[workspace]\n',
      {},
      "c",
    ],
    ["the package of cargo", '[package]\nversion = "1.0.0"\nname = "d" # here\n[workspace]\n', {}, "d"],
    ["what package.json says", '[package]\nname = "a"\n[workspace]\n', { bin: "e" }, "e"],
    ["the package of npm", "[workspace]\n", {}, "sum"],
  ])("its name is that of %s", async (_, cargo, portreeve, name) => {
    const folder = write(root, {
      "package.json": { name: "@acme/sum", portreeve },
      "native/Cargo.toml": cargo,
    });
    const program = executable(join(folder, "native/target/release", name));
    expect((await resolve(moduleOf(folder))).path).toBe(program);
  });

  test("the crate may lie elsewhere in the package", async () => {
    const portreeve = { crate: "rust/port" };
    const folder = write(root, {
      "package.json": { name: "a", portreeve },
      "rust/port/Cargo.toml": '[package]\nname = "f"\n[workspace]\n',
    });
    const program = executable(join(folder, "rust/port/target/release/f"));
    expect((await resolve(moduleOf(folder, "src/deep/index.ts"))).path).toBe(program);
  });

  test("sources that were installed are not those of a checkout", async () => {
    const folder = installed();
    write(folder, { "native/Cargo.toml": '[package]\nname = "acme-sum"\n' });
    executable(join(folder, "native/target/release/acme-sum"));
    const packed = carry(folder, "@acme/sum", script);
    const { path, tried } = await resolve(moduleOf(folder));
    expect(path).toBe(packed);
    expect(tried[1]).toEqual({
      place: folder,
      found: "installed (under node_modules), so no build is looked for",
    });
  });

  test("a workspace's link in node_modules leads to a checkout", async () => {
    const folder = checkout();
    const program = executable(join(folder, "native/target/release/acme-sum"));
    mkdirSync(join(root, "app/node_modules/@acme"), { recursive: true });
    symlinkSync(folder, join(root, "app/node_modules/@acme/sum"));
    write(folder, { "dist/index.js": "" });
    expect((await resolve(moduleOf(join(root, "app/node_modules/@acme/sum")))).path).toBe(program);
  });

  test("programs beside a bundle are found, by the name of their package", async () => {
    const folder = write(join(root, "application"), { "package.json": { name: "application" } });
    const packed = carry(join(folder, "dist"), "@acme/sum", script);
    expect(await resolve(moduleOf(folder))).toMatchObject({ path: packed, from: "prebuilds" });
    vi.stubEnv("PORTREEVE_PROGRAM_ACME_SUM", script);
    expect(await resolve(moduleOf(folder))).toMatchObject({ path: script, from: "variable" });
  });

  test("a file may be named as CommonJS does it", async () => {
    const folder = installed();
    const packed = carry(folder, "@acme/sum", script);
    expect((await resolve({ package: join(folder, "index.cjs") })).path).toBe(packed);
    expect((await resolve({ package: pathToFileURL(join(folder, "index.cjs")) })).path).toBe(packed);
    // As it is written for tools that copy what they see named.
    const named = new URL("./prebuilds/", pathToFileURL(join(folder, "index.js")));
    expect((await resolve({ package: named })).path).toBe(packed);
  });
});

describe("what is said when there is none", () => {
  test("a checkout that was not built: the command", async () => {
    const folder = checkout();
    const { message, tried } = await failureOf(moduleOf(folder));
    expect(tried.map(({ place }) => place)).toEqual([
      "PORTREEVE_PROGRAM_ACME_SUM",
      join(folder, "native/target/release/acme-sum"),
      join(folder, "native/target/debug/acme-sum"),
      join(folder, "dist/prebuilds/manifest.json"),
      join(folder, "prebuilds/manifest.json"),
    ]);
    expect(message).toMatch(/^@acme\/sum: its program was not built\. Tried, in this order:\n/);
    expect(message.endsWith(`\nBuild it: npx portreeve build '${folder}/native'`)).toBe(true);
  });

  test("a package without programs: a bundle, or its author forgot them", async () => {
    const folder = installed();
    const { message, tried } = await failureOf(moduleOf(folder));
    expect(tried.at(-1)).toEqual({
      place: join(folder, "prebuilds/manifest.json"),
      found: "no such file",
    });
    expect(message).toContain(
      "keep @acme/sum out of the bundle (external), or copy its folder prebuilds beside it",
    );
    expect(message).toContain("its author runs npx portreeve pack before npm publish");
    expect(message).toMatch(/\nOr build one from its sources, and name it in PORTREEVE_PROGRAM_ACME_SUM\.$/);
  });

  test("a file with no package around it", async () => {
    carry(join(root, "above"), "@acme/sum", script);
    const asking = join(root, "above/dist/index.js");
    const { message, tried } = await failureOf({ package: asking });
    // Whoever owns a folder above may be anybody, as with /tmp.
    expect(tried.map(({ place }) => place)).toEqual([
      "PORTREEVE_PROGRAM",
      join(root, "above/dist/prebuilds/manifest.json"),
    ]);
    expect(message).toMatch(/^the package: it has no program\. /);
    expect(message).toContain("\n    PORTREEVE_PROGRAM: not set\n");
  });

  test.each([
    ['{"name": "a",', /^cannot use .*package\.json: .*JSON/],
    ['{"name": "a", "portreeve": 5}', /package\.json: "portreeve" must be an object, and is 5$/],
    ['{"name": "a", "portreeve": {"crate": 1}}', /"portreeve\.crate" must be a string, and is 1$/],
    ['{"name": "a", "portreeve": {"bin": ""}}', /"portreeve\.bin" must be a string, and is ""$/],
  ])("a package.json that cannot be meant: %s", async (text, message) => {
    const folder = write(root, { "package.json": text });
    expect((await failureOf(moduleOf(folder))).message).toMatch(message);
  });

  test.each([
    [{ package: undefined }, /^\{ package \} is undefined: a CommonJS bundle has no import\.meta\.url/],
    [{ package: "index.js" }, /^\{ package \} takes import\.meta\.url or __filename, not "index\.js": /],
    [{ package: 5 }, /^\{ package \} takes import\.meta\.url or __filename, not 5$/],
    [{ package: "https://example.com/index.js" }, /^\{ package \} takes/],
    [{ crate: {} }, /^\{ crate \} takes the path or file: URL of a crate, not an object$/],
    [
      {},
      /^a program is given by its path or a file: URL, by \{ package \} or by \{ crate \}, not an object$/,
    ],
  ])("no program at all: %j", async (program, message) => {
    await expect(resolve(program as Program)).rejects.toThrow(message);
    await expect(resolve(program as Program)).rejects.toThrow(TypeError);
  });
});

describe("the program of a crate", () => {
  test("it is built; under node_modules and in production it is not", { timeout: 120_000 }, async () => {
    const crate = join(checkout(), "native");
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { path, from } = await resolve({ crate });
    expect([path, from]).toEqual([join(crate, "target/release/acme-sum"), "crate"]);
    expect((await resolve({ crate: pathToFileURL(join(crate, "Cargo.toml")) })).path).toBe(path);

    vi.stubEnv("NODE_ENV", "production");
    const production = await failureOf({ crate });
    expect(production.tried).toEqual([{ place: crate, found: "not built: NODE_ENV is production" }]);
    expect(production.message).toContain("open { package: import.meta.url } or the program's path");
    vi.stubEnv("NODE_ENV", "test");

    mkdirSync(join(root, "app/node_modules"), { recursive: true });
    const inside = join(root, "app/node_modules/sum");
    renameSync(join(root, "checkout"), inside);
    symlinkSync(inside, join(root, "link"));
    for (const place of [join(inside, "native"), join(root, "link/native")])
      expect((await failureOf({ crate: place })).message).toContain("it lies under node_modules");
  });

  test("what cannot be built is a BuildError", async () => {
    await expect(resolve({ crate: join(root, "none") })).rejects.toThrow(BuildError);
  });
});

test("a signal gives the search up", async () => {
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  await expect(resolve(moduleOf(installed()), { signal })).rejects.toBe(reason);
  await expect(resolve({ crate: "." }, { signal })).rejects.toBe(reason);
});

test("a supervisor's child that is not found is named with what was tried", async () => {
  const starting = supervise({ children: [{ id: "sum", start: moduleOf(installed()) }] });
  await expect(starting).rejects.toMatchObject({
    code: "SUPERVISOR_START",
    child: "sum",
    cause: { code: "PORT_RESOLVE" },
  });
});

test("the variable of a package", () => {
  expect(variableOf("@acme/sum")).toBe("PORTREEVE_PROGRAM_ACME_SUM");
  expect(variableOf("my-port.js")).toBe("PORTREEVE_PROGRAM_MY_PORT_JS");
  expect(basename(HERE)).toMatch(/^[a-z0-9]+-[a-z0-9]+(?:-musl)?$/);
});
