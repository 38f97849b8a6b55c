#!/usr/bin/env node
/**
 * `npm run test:bundled`: a package with a program is built, packed and published to a registry on loopback, and reaches its
 * users in every way that docs/shipping.md names: package managers, bundlers, file tracing, single executables. The last
 * line is `N passed, N failed`. It needs the registries of npm and cargo, and Linux.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { write, writeSum, writeZipped } from "./bundled/author.mjs";
import { startRegistry } from "./bundled/registry.mjs";
import { bundles, managers } from "./bundled/ways.mjs";
import { step } from "./test/step.mjs";
import { closingLine, report, runSteps } from "./test/steps.mjs";

const root = join(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "portreeve bündled "));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const tools = join(work, "tools");
const tool = (path) => join(tools, "node_modules", path);
const folder = (name) => join(work, name);
const tarball = join(work, `portreeve-${version}.tgz`);
const [sum, zipped] = [folder("author of sum"), folder("author of zipped")];
for (const name of ["tools", "elsewhere", "author of sum", "author of zipped"]) mkdirSync(folder(name));
write(tools, { "package.json": { private: true } });
write(folder("elsewhere"), { "package.json": { type: "module" } });
writeSum(sum, version);

/** Bun and Deno keep a package for each machine. */
const [bun, deno] =
  process.arch === "arm64"
    ? ["@oven/bun-linux-aarch64", "@deno/linux-arm64-glibc"]
    : ["@oven/bun-linux-x64", "@deno/linux-x64-glibc"];
const TOOLS = `verdaccio@6 esbuild@0.28 vite@8 @vercel/nft@1 postject@1.0.0-alpha.6 pnpm@10 @yarnpkg/cli-dist@4 ${bun}@1 ${deno}@2`;

const making = await runSteps(
  [
    step("npm pack", ["npm", "pack", "--pack-destination", work], root, { shows: [".tgz"] }),
    step(
      "tools",
      ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", ...TOOLS.split(" ")],
      tools,
    ),
    step("the author installs portreeve", ["npm", "install", "--no-save", tarball], sum),
    step("the author packs", ["npx", "--no-install", "portreeve", "pack"], sum, { shows: ["kB"] }),
    { name: "another author", run: () => writeZipped(zipped, sum, version) },
  ],
  root,
);
const isMade = making.every(({ failed }) => failed === 0);
const results = isMade ? [...making, ...(await reachUsers())] : making;
process.stdout.write(report(results));
process.stdout.write(`${closingLine(results)}\n`);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;

async function reachUsers() {
  const registry = await startRegistry(tools, folder("registry"));
  const publish = (title, what, cwd) => {
    const token = `--${registry.url.replace("http:", "")}:_authToken=nobody`;
    return step(title, ["npm", "publish", what, "--registry", registry.url, token, "--ignore-scripts"], cwd);
  };
  const steps = [
    publish("portreeve is published on loopback", tarball, work),
    publish("@acme/sum is published", ".", sum),
    publish("@acme/zipped is published", ".", zipped),
    ...managers({ folder, url: registry.url, tool }),
    ...bundles({ folder, tool, bun: tool(`${bun}/bin/bun`), deno: tool(`${deno}/deno`) }),
  ];
  const results = await runSteps(steps, root);
  registry.stop();
  return results;
}
