/** The numbers of docs/versions.md and CHANGELOG.md are those of the manifests. */
import { expect, test } from "vitest";
import { textOf } from "./snippets.ts";

const manifest = JSON.parse(textOf("package.json")) as { version: string; engines: { node: string } };
const workspace = textOf("rust-port/Cargo.toml");
const page = textOf("docs/versions.md");

/** What a key of the workspace's Cargo.toml has. */
function keyOf(name: string): string | undefined {
  return new RegExp(`^${name} = "(.*)"$`, "m").exec(workspace)?.[1];
}

test("package and crates are of one version, which the page and the changelog name", () => {
  const { version } = manifest;
  expect(keyOf("version")).toBe(version);
  expect(textOf("rust-port/portreeve/Cargo.toml")).toContain(
    `portreeve-macros = { path = "../portreeve-macros", version = "${version}" }`,
  );
  expect(page).toContain(`portreeve is ${version}`);
  const latest = /^## \[(.*)\]$/m.exec(textOf("CHANGELOG.md"))?.[1];
  expect([version, "Unreleased"]).toContain(latest);
});

test("the minimums are those of the manifests", () => {
  expect(page).toContain(`| Node | ${manifest.engines.node.replace(">=", "")} |`);
  expect(page).toContain(`| Rust | ${keyOf("rust-version")} |`);
});

test("protocol and layout are those of the code", () => {
  const protocol = /PROTOCOL = (\d+);/.exec(textOf("src/wire/hello.ts"))?.[1];
  const magic = /MAGIC = "(\w+)"/.exec(textOf("src/process/blackbox.ts"))?.[1];
  expect(page).toContain(`\`protocol => ${protocol}\``);
  expect(page).toContain(`\`${magic}\``);
});
