/** The code of docs/observability.md, pasted into a project of its own, compiled and run. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILD_TIMEOUT, tracedProgram } from "./program.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs", "observability.md"), "utf8");
let folder = "";

beforeAll(async () => {
  const program = await tracedProgram();
  folder = mkdtempSync(join(tmpdir(), "portreeve-docs-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  mkdirSync(join(folder, "bin"));
  symlinkSync(program, join(folder, "bin", "bakery"));
  symlinkSync(root, join(modules, "portreeve"));
  for (const name of ["@opentelemetry", join("@types", "node")])
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const [, name = "", code = ""] of page.matchAll(/<!-- test: (\S+) -->\n```ts\n([\s\S]*?)^```$/gm))
    writeFileSync(join(folder, name), code);
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const options = ["--module", "nodenext", "--target", "es2022", "--lib", "es2023,esnext.disposable,dom"];
  await run(tsc, [...options, "--strict", "--skipLibCheck", "--types", "node", "bakery.ts"], { cwd: folder });
}, BUILD_TIMEOUT);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("bakery.ts does what the page says", async () => {
  const { stdout } = await run(process.execPath, ["bakery.js"], { cwd: folder });
  expect(stdout.trim().split("\n").toSorted()).toEqual([
    "bakery/bake, in bakery/bake",
    "bakery/bake, in invite",
    "invite",
    "mix, in bakery/bake",
    "oven, in bakery/bake",
    "portreeve.spawn",
    "weigh, in mix",
  ]);
});
