/** The commands that start a program. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { portreeve } from "./portreeve.ts";

const PROGRAM = fixture("well-behaved.mjs");

test("functions: signatures and docs, or JSON", async () => {
  const { code, stdout } = await portreeve(["functions", PROGRAM]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^fixture: \d+ functions\n/);
  expect(stdout).toContain("\nsum(values: [f64]) -> f64 (idempotent)\n    Adds up a list.\n");
  expect(stdout).toContain("\npid() -> term\n");
  const json = await portreeve(["functions", PROGRAM, "--json"]);
  const { name, functions } = JSON.parse(json.stdout);
  expect(name).toBe("fixture");
  expect(functions.find((f: { name: string }) => f.name === "sum").args).toEqual([
    { name: "values", type: ["list", "f64"] },
  ]);
});

test("types: to stdout, to a file only when it changes, and checked", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-cli-"));
  const { stdout } = await portreeve(["types", PROGRAM, "--name", "Fixture"]);
  expect(stdout).toContain("  sum(values: readonly number[]): Promise<number>;\n");
  const out = join(folder, "fixture.ts");
  const missing = await portreeve(["types", PROGRAM, "--name", "Fixture", "--out", out, "--check"]);
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("is not what the program says of itself"),
  });
  await portreeve(["types", PROGRAM, "--name", "Fixture", "--out", out]);
  expect(readFileSync(out, "utf8")).toBe(stdout);
  const written = statSync(out).mtimeMs;
  expect(await portreeve(["types", PROGRAM, "--name", "Fixture", "--out", out])).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
  expect(statSync(out).mtimeMs).toBe(written);
  expect((await portreeve(["types", PROGRAM, "--name", "Fixture", "--out", out, "--check"])).code).toBe(0);
  rmSync(folder, { recursive: true });
});
