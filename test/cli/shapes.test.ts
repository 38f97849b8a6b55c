/**
 * What a call gives and what the generated type says are one: each function of rust-port/examples/shapes is called, and the
 * value, written as a literal, has to be of its type to the compiler, which allows no property that the type does not name.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { open } from "../../src/index.ts";
import { BUILD_TIMEOUT } from "../fixtures/compute.ts";
import { fixture } from "../fixtures/fixture.ts";

const root = fixture("../..");
let folder = "";
let program = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-shapes-"));
  program = await build({ crate: fixture("../../rust-port/examples/shapes"), progress: "silent" });
}, BUILD_TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The value as TypeScript has it. */
function literal(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value instanceof Uint8Array) return `Uint8Array.of(${[...value].join()})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => `[${literal(key)}, ${literal(item)}]`);
    return `new Map([${entries.join(", ")}])`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const properties = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`);
  return `{ ${properties.join(", ")} }`;
}

/** The client that `portreeve types` writes, and what it says on stderr. */
function generate(): { readonly client: string; readonly said: string } {
  const main = fixture("../../dist/src/cli/main.js");
  const { stdout, stderr } = spawnSync(process.execPath, [main, "types", program], { encoding: "utf8" });
  return { client: stdout, said: stderr };
}

test("every shape at its limits is of the type that is generated for it", async () => {
  const { client } = generate();
  await using port = await open(program, { stderr: "ignore" });
  const checks = await Promise.all(
    port.functions.map(async ({ name }) => {
      const value = literal(await port.call(name));
      return `export const ${name}: Awaited<ReturnType<Shapes[${JSON.stringify(name)}]>> = ${value};\n`;
    }),
  );
  expect(checks.length).toBeGreaterThan(40);
  writeFileSync(join(folder, "client.ts"), client);
  writeFileSync(join(folder, "check.ts"), `import type { Shapes } from "./client.js";\n${checks.join("")}`);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules", "portreeve"));
  symlinkSync(join(root, "node_modules", "@types", "node"), join(folder, "node_modules", "@types", "node"));
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022"];
  const modules = ["--module", "nodenext", "--types", "node", "check.ts"];
  const { stdout, status } = spawnSync(tsc, [...options, ...modules], { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 120_000);

test("a type that nothing is known of is told on generating, with the attribute that would tell it; no other is unknown", () => {
  const { client, said } = generate();
  expect(said).toBe(
    "Bare is unknown here: put #[portreeve::term] on it in place of serde's derives, or take a type that has it\n",
  );
  expect(client.match(/\bunknown\b(?!\()/g)).toEqual(["unknown"]);
});

test("its client is what `portreeve types --check` takes", () => {
  const main = fixture("../../dist/src/cli/main.js");
  const file = join(folder, "shapes.ts");
  const types = (...args: string[]) =>
    execFileSync(process.execPath, [main, "types", program, "--out", file, ...args], { stdio: "pipe" });
  types();
  types("--check");
});
