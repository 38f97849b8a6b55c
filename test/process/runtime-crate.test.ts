/** What a requirement allows, which half is told to be updated, and what is packed of the crates. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { standalone } from "../../scripts/crates/manifest.mjs";
import { describeMisfit, hasOwnPatch } from "../../src/build/runtime-crate.ts";
import { fixture } from "../fixtures/fixture.ts";

test.each([
  ["=1.2.3", "1.2.3"],
  ["^1.2", "1.9.0"],
  ["^0.1.2", "0.1.5"],
  ["^0", "0.7.1"],
  ["^0.0", "0.0.7"],
  ["~1.2.3", "1.2.9"],
  ["=1", "1.4.0"],
  [">=3, <4", "1.0.0"],
])("%s is not told not to fit %s", (req, version) => {
  expect(describeMisfit({ manifest: "Cargo.toml", req }, version)).toBeUndefined();
});

test.each([
  ["=1.2.3", "1.2.2", "older"],
  ["=1.2.3", "1.2.4", "newer"],
  ["^1.2", "1.1.9", "older"],
  ["^1.2", "2.0.0", "newer"],
  ["^0.1.2", "0.2.0", "newer"],
  ["^0.0", "0.1.0", "newer"],
  ["~1.2.3", "1.3.0", "newer"],
])("%s does not fit %s, which is %s", (req, version, relation) => {
  expect(describeMisfit({ manifest: "Cargo.toml", req }, version)).toContain(`which is ${relation}`);
});

test.each([
  ['[patch.crates-io]\nother = "1"\nportreeve = { path = "x" }\n', true],
  ['[patch.crates-io.portreeve]\npath = "x"\n', true],
  ['[patch.crates-io]\nother = "1"\n[dependencies]\nportreeve = "1"\n', false],
])("%j has its own patch: %s", (toml, expected) => {
  expect(hasOwnPatch(toml)).toBe(expected);
});

test("package and crates are of one version", () => {
  const { version } = JSON.parse(readFileSync(fixture("../../package.json"), "utf8"));
  const workspace = readFileSync(fixture("../../rust-port/Cargo.toml"), "utf8");
  expect(/^version = "(.*)"$/m.exec(workspace)?.[1]).toBe(version);
});

test("a packed Cargo.toml takes nothing from a workspace, and a key that is missing there is told", () => {
  const manifest =
    '[package]\nversion.workspace = true\n\n[lints]\nworkspace = true\n\n[dependencies]\nbytes = "1"\n';
  const workspace = '[workspace.package]\nversion = "0.1.0"\n';
  expect(standalone(manifest, workspace)).toBe(
    '[package]\nversion = "0.1.0"\n\n[dependencies]\nbytes = "1"\n',
  );
  expect(() => standalone(manifest, "[workspace.package]\n")).toThrow("[workspace.package] has no version");
  const inherits = "[dependencies]\nbytes = { workspace = true }\n";
  expect(() => standalone(inherits, workspace)).toThrow("cannot be written out: bytes");
});
