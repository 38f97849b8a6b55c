/** The code of docs/guide.md is pasted into one project, compiled and run, and prints what the page says. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { Project, printed } from "./project.ts";
import { countBlocks, snippetsOf } from "./snippets.ts";

const PAGE = "docs/guide.md";
const snippets = snippetsOf(PAGE);
const status = snippetsOf("docs/errors.md");
const hosts = snippets.filter(({ language }) => language === "ts");
const modules = snippets.filter(({ language }) => language === "rust");
let project: Project;

beforeAll(async () => {
  const compute = await computeProgram();
  project = new Project([...snippets, ...status], {
    crate: { name: "guide", dependencies: ['log = "0.4"'] },
  });
  project.link(compute, "compute");
  copyFileSync(compute, join(project.folder, "compute-2"));
  const mods = modules.map(({ name }) => `mod ${name.slice("src/".length, -".rs".length)};`);
  const main = "fn main() -> std::process::ExitCode {\n    portreeve::run()\n}\n";
  project.write("src/main.rs", `${mods.join("\n")}\n\n${main}`);
  project.link(await build({ crate: project.folder, progress: "silent", env: project.env }), "program");
  await project.portreeve(["types", "./program", "--out", "program.ts", "--name", "Program"]);
  await project.compile([...hosts, ...status].map(({ name }) => name));
}, BUILD_TIMEOUT);

afterAll(() => project.remove());

test.each(hosts.map(({ name, output }) => [name, output]))(
  "%s prints what stands below it",
  async (name, output) => {
    const { stdout } = await project.run(name ?? "");
    expect(stdout).toMatch(printed(output ?? ""));
  },
);

test("no block is left out, and each says what it prints", () => {
  expect(countBlocks(PAGE, "ts")).toBe(hosts.length);
  expect(countBlocks(PAGE, "rust")).toBe(modules.length);
  expect(countBlocks(PAGE, "text")).toBe(hosts.filter(({ output }) => output !== undefined).length);
});
