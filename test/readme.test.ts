/** The README's code is pasted into a new project and run; its generated parts are those that the generator writes. */

import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "../src/index.ts";
import { build } from "../src/process/build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const run = promisify(execFile);
const env = {
  ...process.env,
  CARGO_TARGET_DIR: join(root, "rust-port", "target"),
  CARGO_NET_OFFLINE: "true",
};
let folder = "";

/** The code block that follows `<!-- test: name -->`. */
function block(name: string): string {
  const code = readme.split(`<!-- test: ${name} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)^```$/m)?.[1];
  if (code === undefined) throw new Error(`the README has no block ${name}`);
  return code;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-readme-"));
  const crate = JSON.stringify(join(root, "rust-port", "portreeve"));
  write(
    "Cargo.toml",
    `[package]\nname = "pasted"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\nportreeve = { path = ${crate} }\n[workspace]\n`,
  );
  write("Cargo.lock", readFileSync(join(root, "rust-port", "Cargo.lock"), "utf8"));
  write("src/main.rs", `${block("src/main.rs")}\nmod claims;\n`);
  write("src/claims.rs", block("src/claims.rs"));
  write("package.json", '{ "type": "module" }');
  write("main.ts", block("main.ts"));
  mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules", "portreeve"));
  symlinkSync(join(root, "node_modules", "@types", "node"), join(folder, "node_modules", "@types", "node"));
  const tsc = join(root, "node_modules", ".bin", "tsc");
  await run(tsc, ["--module", "nodenext", "--target", "es2022", "--strict", "--types", "node", "main.ts"], {
    cwd: folder,
  });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("ten lines of TypeScript and ten of Rust work when they are pasted", async () => {
  const { stdout } = await run(process.execPath, ["main.js"], { cwd: folder, env });
  expect(stdout.split("\n")).toEqual([
    "6",
    "9 Adds up a list.",
    'sum: argument `values` at [0]: expected i64, got "six"',
    "",
  ]);
}, 300_000);

test("the struct comes and goes as an object, and by its name in the generated types", async () => {
  const program = await build({ crate: folder, progress: "silent", env });
  const port = await open(program, { stderr: "ignore" });
  try {
    const renewed = await port.call("touch", [{ subject: "me", expires: 5 }, 2]);
    expect(renewed).toEqual({ subject: "me", expires: 7 });
  } finally {
    await port.close();
  }
  const { stdout, stderr } = await run(process.execPath, [
    join(root, "dist", "src", "cli", "main.js"),
    "types",
    program,
  ]);
  expect(stdout).toContain("export interface Claims {");
  expect(stderr).toBe("");
}, 300_000);

test("its generated parts are up to date", () => {
  execFileSync(process.execPath, [join(root, "scripts", "readme.mjs"), "--check"], { stdio: "pipe" });
}, 300_000);
