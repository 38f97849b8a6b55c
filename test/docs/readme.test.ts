/** The README's code is pasted into a new project and run; its generated parts are those that the generator writes. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { open } from "../../src/index.ts";
import { Project } from "./project.ts";
import { root, snippetsOf } from "./snippets.ts";

const BUILD_TIMEOUT = 300_000;
const run = promisify(execFile);
const snippets = snippetsOf("README.md");
let project: Project;

beforeAll(async () => {
  project = new Project(snippets, { crate: { name: "pasted" } });
  const main = snippets.find(({ name }) => name === "src/main.rs");
  project.write("src/main.rs", `${main?.code}\nmod claims;\n`);
  await project.compile(["main.ts"]);
}, BUILD_TIMEOUT);

afterAll(() => project.remove());

test(
  "ten lines of TypeScript and ten of Rust work when they are pasted",
  async () => {
    const { stdout } = await project.run("main.ts");
    expect(stdout.split("\n")).toEqual([
      "6",
      "9 Adds up a list.",
      'sum: argument `values` at [0]: expected i64, got "six"',
      "",
    ]);
  },
  BUILD_TIMEOUT,
);

test(
  "the struct comes and goes as an object, and by its name in the generated types",
  async () => {
    const program = await build({ crate: project.folder, progress: "silent", env: project.env });
    const port = await open(program, { stderr: "ignore" });
    try {
      const renewed = await port.call("touch", [{ subject: "me", expires: 5 }, 2]);
      expect(renewed).toEqual({ subject: "me", expires: 7 });
    } finally {
      await port.close();
    }
    const command = join(root, "dist", "src", "cli", "main.js");
    const { stdout, stderr } = await run(process.execPath, [command, "types", program]);
    expect(stdout).toContain("export interface Claims {");
    expect(stderr).toBe("");
  },
  BUILD_TIMEOUT,
);

test(
  "its generated parts are up to date",
  async () => {
    await run(process.execPath, [join(root, "scripts", "readme.mjs"), "--check"]);
  },
  BUILD_TIMEOUT,
);
