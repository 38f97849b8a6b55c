/** Real crates, built by the real cargo; the fake ones stand for tool chains that cannot be had here. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BuildError, type BuildOptions, type BuildProgress, build } from "../../src/build/build.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-build-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a crate without dependencies: the files of its src/ and more lines of its [package]. */
function crate(name: string, files: Readonly<Record<string, string>>, more = ""): string {
  const path = join(folder, name);
  const manifest = `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}\n[workspace]\n`;
  for (const [file, text] of Object.entries({ "Cargo.toml": manifest, ...files })) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

async function failure(options: BuildOptions): Promise<BuildError> {
  const error = await build({ progress: "silent", release: false, ...options }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(BuildError);
  expect(error).toMatchObject({ code: "PORT_BUILD" });
  return error as BuildError;
}

test("the path of the program, by folder, by manifest and by URL", { timeout: 120_000 }, async () => {
  const path = crate("one", { "src/main.rs": 'fn main() { println!("built {}", cfg!(debug_assertions)); }' });
  const debug = await build({ crate: path, release: false, progress: "silent" });
  expect(execFileSync(debug, { encoding: "utf8" })).toBe("built true\n");
  expect(debug).toBe(join(path, "target/debug/one"));
  const release = await build({ crate: join(path, "Cargo.toml"), bin: "one", progress: "silent" });
  expect(execFileSync(release, { encoding: "utf8" })).toBe("built false\n");
  expect(await build({ crate: pathToFileURL(path), progress: "silent" })).toBe(release);
});

test("features, the target folder and the environment reach cargo", { timeout: 120_000 }, async () => {
  const main = 'fn main() { println!("{} {}", cfg!(feature = "extra"), env!("BAKED_IN")); }';
  const path = crate("features", { "src/main.rs": main }, "[features]\nextra = []\n");
  const targetDir = join(folder, "elsewhere");
  const options = {
    features: ["extra"],
    targetDir,
    env: { BAKED_IN: "baked" },
    release: false,
    progress: "silent",
  } as const;
  const program = await build({ crate: path, ...options });
  expect(program).toBe(join(targetDir, "debug/features"));
  expect(execFileSync(program, { encoding: "utf8" })).toBe("true baked\n");
});

test("progress counts up to the number of steps", { timeout: 120_000 }, async () => {
  const files = { "src/main.rs": "fn main() { helper::help() }", "helper/src/lib.rs": "pub fn help() {}" };
  const manifest = '[package]\nname = "helper"\nversion = "0.1.0"\n';
  const path = crate(
    "progress",
    { ...files, "helper/Cargo.toml": manifest },
    '[dependencies]\nhelper = { path = "helper" }\n',
  );
  const seen: BuildProgress[] = [];
  await build({ crate: path, release: false, progress: (progress) => seen.push(progress) });
  const compiling = seen.filter(({ phase }) => phase === "compiling");
  expect(compiling.length).toBeGreaterThan(0);
  expect(new Set(compiling.map(({ total }) => total))).toEqual(new Set([2]));
  expect(compiling.map(({ current }) => current).join(" ")).toContain("progress(bin)");
});

test("errors of the code: as the compiler renders them", { timeout: 120_000 }, async () => {
  const error = await failure({
    crate: crate("broken", { "src/main.rs": 'fn main() { let x: i32 = "text"; }' }),
  });
  expect(error.message).toMatch(
    /^cannot build .*broken\/Cargo\.toml: cargo exited with code 101\nerror\[E0308\]: mismatched types\n/m,
  );
  expect(error.diagnostics).toContain("expected `i32`, found `&str`");
  expect(error.diagnostics).not.toMatch(/Compiling|Building \[/);
});

test("a crate that wants a newer Rust than this one", async () => {
  const path = crate("future", { "src/main.rs": "fn main() {}" }, 'rust-version = "1.999"');
  expect((await failure({ crate: path })).message).toMatch(
    /future\/Cargo\.toml: Rust is too old: the crate needs Rust 1\.999 or newer, and this is \d+\.\d+\.\d+\. Run: rustup update stable/,
  );
});

test.each([
  [
    "1.70 on edition 2024",
    "error: failed to parse manifest at `/x/Cargo.toml`\n\nCaused by:\n  feature `edition2024` is required\n\n  The package requires the Cargo feature called `edition2024`, but that feature is not stabilized in this version of Cargo (1.70.0 (ec8a8a0ca 2023-04-25)).\n",
    "the crate needs edition 2024, and this is 1.70.0.",
  ],
  [
    "1.70 on a lock file of version 4",
    "error: failed to parse lock file at: /x/Cargo.lock\n\nCaused by:\n  lock file version 4 requires `-Znext-lockfile-bump`\n",
    "the crate needs a newer cargo.",
  ],
])("cargo %s is too old", async (name, text, expected) => {
  const cargo = join(folder, `cargo-${name.replaceAll(" ", "-")}`);
  writeFileSync(cargo, `#!/bin/sh\nprintf '%s' "$TEXT" >&2\nexit 101\n`);
  chmodSync(cargo, 0o755);
  const path = crate(`old-${name.replaceAll(" ", "-")}`, { "src/main.rs": "fn main() {}" });
  const { message } = await failure({ crate: path, env: { CARGO: cargo, TEXT: text } });
  expect(message).toContain(`Rust is too old: ${expected} Run: rustup update stable`);
});

test.each<[Partial<BuildOptions>, string]>([
  [{}, "--release"],
  [{ release: false }, ""],
  [{ bin: "b", package: "p" }, "--release --bin b --package p"],
  [{ features: ["x", "y"], defaultFeatures: false }, "--release --features x,y --no-default-features"],
  [{ target: "riscv64gc-unknown-linux-gnu" }, "--release --target riscv64gc-unknown-linux-gnu"],
  [{ targetDir: "/elsewhere", locked: true }, "--release --target-dir /elsewhere --locked"],
])("cargo is given what the options say: %j", async (options, expected) => {
  const cargo = join(folder, "cargo-that-repeats");
  writeFileSync(cargo, `#!/bin/sh\necho "error: $*" >&2\nexit 101\n`);
  chmodSync(cargo, 0o755);
  const path = crate("repeats", { "src/main.rs": "fn main() {}" });
  const { message } = await failure({ crate: path, release: true, ...options, env: { CARGO: cargo } });
  expect(/error: build .*--manifest-path \S+Cargo\.toml ?(.*)/.exec(message)?.[1]).toBe(expected);
});

test("cargo is missing", async () => {
  const path = crate("nocargo", { "src/main.rs": "fn main() {}" });
  const env = { PATH: folder, HOME: folder, CARGO_HOME: undefined };
  expect((await failure({ crate: path, env })).message).toBe(
    "cargo was not found in the PATH. Install Rust from https://rustup.rs, then open a new terminal",
  );
});

test("no crate, no program, several programs, or not that one", { timeout: 120_000 }, async () => {
  expect((await failure({ crate: join(folder, "none") })).message).toContain(
    `there is no crate at ${folder}/none`,
  );
  const library = crate("library", { "src/lib.rs": "" });
  expect((await failure({ crate: library })).message).toContain("has no program to build, only a library");
  const two = crate("two", { "src/bin/a.rs": "fn main() {}", "src/bin/b.rs": "fn main() {}" });
  expect((await failure({ crate: two })).message).toMatch(
    /has several programs \((a, b|b, a)\): choose one with the option bin/,
  );
  expect((await failure({ crate: two, bin: "c" })).message).toMatch(/no bin target named `c`/);
  expect(await build({ crate: two, bin: "b", release: false, progress: "silent" })).toBe(
    join(two, "target/debug/b"),
  );
});

test.each([
  [
    "=9.0.0",
    "is older",
    /is \d+\.\d+\.\d+, which is older\. Update the npm package: npm install portreeve@9\.0\.0$/,
  ],
  [
    "=0.0.1",
    "is newer",
    /, which is newer\. Update the crate: portreeve = "=\d+\.\d+\.\d+" in that Cargo\.toml$/,
  ],
])("a crate that asks for portreeve %s: the package %s", async (req, _, message) => {
  const asks = `[dependencies]\nportreeve = "${req}"\n`;
  const path = crate(`asks${req.replace(/\W/g, "-")}`, { "src/main.rs": "fn main() {}" }, asks);
  expect((await failure({ crate: path })).message).toMatch(message);
});

test("a crate that patches portreeve itself is left alone", async () => {
  const patch = '[dependencies]\nportreeve = "=9.0.0"\n[patch.crates-io]\nportreeve = { path = "mine" }\n';
  const mine = {
    "mine/Cargo.toml": '[package]\nname = "portreeve"\nversion = "9.0.0"\n',
    "mine/src/lib.rs": "",
  };
  const path = crate("patched", { ...mine, "src/main.rs": "fn main() {}" }, patch);
  expect(await build({ crate: path, release: false, progress: "silent" })).toBe(
    join(path, "target/debug/patched"),
  );
});

test("a signal ends the build", { timeout: 120_000 }, async () => {
  const script = "fn main() { std::thread::sleep(std::time::Duration::from_secs(8)); }";
  const path = crate("slow", { "build.rs": script, "src/main.rs": "fn main() {}" });
  const reason = new Error("enough");
  const controller = new AbortController();
  const progress = ({ current }: BuildProgress) => {
    if (current.includes("slow(build)")) controller.abort(reason);
  };
  const began = performance.now();
  await expect(build({ crate: path, release: false, progress, signal: controller.signal })).rejects.toBe(
    reason,
  );
  expect(performance.now() - began).toBeLessThan(6000);
  await expect(build({ crate: path, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
