/** A new project is made, installed, built and run, as its user would do it, with this checkout as its portreeve. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { starterFiles } from "../../src/cli/starter.ts";
import { fixture } from "../fixtures/fixture.ts";
import { portreeve } from "./portreeve.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-new-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the project runs: calls, a crash that is only an error, and its own tests", {
  timeout: 300_000,
}, async () => {
  const made = await portreeve(["new", "hello"], folder);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout).toContain("cd hello\n  npm install\n  npm start\n");
  const project = join(folder, "hello");
  // What `npm install` would do, without the network.
  mkdirSync(join(project, "node_modules"));
  symlinkSync(fixture("../.."), join(project, "node_modules/portreeve"));
  for (const name of ["@types", "typescript", ".bin"]) {
    symlinkSync(fixture(`../../node_modules/${name}`), join(project, "node_modules", name));
  }
  copyFileSync(fixture("../../rust-port/Cargo.lock"), join(project, "Cargo.lock"));
  // With the same profile and target folder the crates need not be compiled once more.
  const shared = {
    CARGO_TARGET_DIR: fixture("../../rust-port/target"),
    CARGO_PROFILE_RELEASE_DEBUG: "false",
  };
  const env = { ...process.env, ...shared, CARGO_NET_OFFLINE: "true" };
  const stdout = execFileSync("npm", ["start", "--silent"], {
    cwd: project,
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(stdout).toContain("Hello, world!\n1 + 2 + 3 = 6\na crash is only an error: ");
  expect(stdout).toContain("SIGABRT");
  expect(stdout).toContain("and the port goes on: Hello, again!\n");
});

test("a published portreeve is named by its version", () => {
  const files = starterFiles("hello", { crate: { version: "0.1.0" }, package: "^0.1.0" });
  expect(files["Cargo.toml"]).toContain('\nportreeve = "=0.1.0"\n');
  expect(files[".cargo/config.toml"]).toContain("node_modules/portreeve/dist/crates/portreeve");
  expect(JSON.parse(files["package.json"] ?? "").dependencies).toEqual({ portreeve: "^0.1.0" });
});

test.each([
  ["Hello", "cannot name a crate and a package"],
  ["1st", "cannot name a crate and a package"],
  ["match", "is a name that Rust or npm keeps for itself"],
])("new %s", async (name, message) => {
  expect(await portreeve(["new", name], folder)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message),
  });
  expect(existsSync(join(folder, name))).toBe(false);
});

test("nothing is written into a folder that is not empty, or over a file", async () => {
  mkdirSync(join(folder, "full"));
  writeFileSync(join(folder, "full/mine"), "");
  writeFileSync(join(folder, "file"), "");
  expect(await portreeve(["new", "full"], folder)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("is not empty: nothing was written"),
  });
  expect(readdirSync(join(folder, "full"))).toEqual(["mine"]);
  expect(await portreeve(["new", "file"], folder)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("exists and is a file"),
  });
});
