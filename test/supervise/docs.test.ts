/** The code of docs/supervision.md, pasted into a project of its own, compiled and run. */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs", "supervision.md"), "utf8");
const blocks = new Map(
  [...page.matchAll(/<!-- test: (\S+) -->\n```ts\n([\s\S]*?)^```$/gm)].map(([, name = "", code = ""]) => [
    name,
    code,
  ]),
);
let folder = "";

/** What each block prints. */
const outputs: [string, string][] = [
  ["first.ts", "6\n[ 'store running', 'jwt running' ]\n"],
  ["tree.ts", "found\n{ specs: 2, active: 2, supervisors: 1, workers: 1 }\n"],
  ["server.ts", "shutdown\n"],
  [
    "dynamic.ts",
    "tenant:1 [ '--quiet', '--name', 'acme' ]\n{ specs: 1, active: 0, supervisors: 0, workers: 0 }\n",
  ],
  ["significant.ts", "shutdown\n"],
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-docs-"));
  const types = join(folder, "node_modules", "@types");
  mkdirSync(types, { recursive: true });
  mkdirSync(join(folder, "bin"));
  writePackage(join(folder, "node_modules", "portreeve"));
  symlinkSync(join(root, "node_modules", "@types", "node"), join(types, "node"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of ["store", "jwt"]) {
    const path = join(folder, "bin", name);
    writeFileSync(
      path,
      `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${fixture("well-behaved.mjs")} "$@"\n`,
    );
    chmodSync(path, 0o755);
  }
  for (const [name, code] of blocks) writeFileSync(join(folder, name), code);
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const options = ["--module", "nodenext", "--target", "es2022", "--lib", "es2023,esnext.disposable"];
  await run(tsc, [...options, "--strict", "--skipLibCheck", "--types", "node", ...blocks.keys()], {
    cwd: folder,
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package as it is built. */
function writePackage(path: string): void {
  mkdirSync(path);
  const [index, supervise] = ["index.js", "supervise/supervise.js"].map((file) =>
    JSON.stringify(join(root, "dist", "src", file)),
  );
  const code = `export * from ${index};\nexport { supervise } from ${supervise};\n`;
  writeFileSync(
    join(path, "package.json"),
    '{ "name": "portreeve", "type": "module", "exports": "./index.js" }',
  );
  writeFileSync(join(path, "index.js"), code);
  writeFileSync(join(path, "index.d.ts"), code);
}

test.each(outputs)("%s runs", async (name, output) => {
  const { stdout, stderr } = await run(process.execPath, [name.replace(".ts", ".js")], { cwd: folder });
  expect({ stdout, stderr }).toEqual({ stdout: output, stderr: "" });
});

test("no block is left out", () => {
  expect([...blocks.keys()]).toEqual(outputs.map(([name]) => name));
  expect(page.match(/^```ts$/gm)).toHaveLength(blocks.size);
});
