#!/usr/bin/env node
/**
 * The codec once more as CommonJS, in dist/cjs, for runners that cannot `require` an ES module (jest below Node 24.9).
 * The rest of the package is ES modules alone.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.cjs.json"], {
  cwd: root,
  stdio: "inherit",
});
// Without it Node would take the files for what the package's own package.json says they are.
if (status === 0) writeFileSync(join(root, "dist/cjs/package.json"), '{ "type": "commonjs" }\n');
process.exitCode = status ?? 1;
