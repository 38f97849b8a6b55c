import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { starterFiles } from "../../src/cli/starter.ts";
import { portreeve } from "./portreeve.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-new-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("a published portreeve is named by its version", () => {
  const files = starterFiles("hello", { crate: { version: "0.1.0" }, package: "^0.1.0" });
  expect(files["Cargo.toml"]).toContain('\nportreeve = "0.1.0"\n');
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
