/** The owner that docs/beam.md shows, under a real BEAM and a program that is killed again and again. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { fixture } from "../fixtures/fixture.ts";

const run = promisify(execFile);
let program = "";
let folder = "";

beforeAll(async () => {
  program = await computeProgram();
  folder = mkdtempSync(join(tmpdir(), "portreeve-beam-"));
}, BUILD_TIMEOUT);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the owner answers every caller and costs no memory, whatever its program does", async ({ skip }) => {
  if (!hasElixir()) {
    if (process.env.CI !== undefined) throw new Error("CI has to have elixir");
    skip("elixir is not installed");
  }
  const script = join(folder, "under-kills.exs");
  writeFileSync(script, `${owner()}\n${readFileSync(fixture("../beam/under-kills.exs"), "utf8")}`);
  const { stdout } = await run("elixir", [script, program], { cwd: folder, timeout: 150_000 });
  expect(stdout).toContain("elixir is content");
}, 180_000);

/** The module as the page shows it. */
function owner(): string {
  const page = readFileSync(fixture("../../docs/beam.md"), "utf8");
  const code = page.split("<!-- test: compute.ex -->\n")[1]?.match(/^```elixir\n([\s\S]*?)^```$/m)?.[1];
  if (code === undefined) throw new Error("docs/beam.md has no block compute.ex");
  return code;
}

function hasElixir(): boolean {
  try {
    execFileSync("elixir", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
