#!/usr/bin/env node
/**
 * `npm run test:packed [-- <manager> …]`: packs the package, installs the tarball into an empty folder as a user would,
 * makes a new project there, and runs it and its tests; then once more with all networks off. The last line is
 * `N passed, N failed`. It needs the registries of npm and cargo.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deadLinks } from "./packed/links.mjs";
import { managersOf } from "./packed/managers.mjs";
import { step } from "./test/step.mjs";
import { closingLine, report, runSteps } from "./test/steps.mjs";

const root = join(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "portreeve-packed-"));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const tarball = join(work, `${name}-${version}.tgz`);
const tools = join(work, "tools");

const GREETINGS = ["Hello, world!", "a crash is only an error: ", "and the port goes on: Hello, again!"];
const OFFLINE = { CARGO_NET_OFFLINE: "true", npm_config_offline: "true" };

function wayThrough(manager) {
  const outer = join(work, manager.name);
  const project = join(outer, "my-port");
  mkdirSync(outer);
  const at = (title) => `${manager.name}: ${title}`;
  const run = (title, script, options) => step(at(title), manager.run(script), project, options);
  return [
    step(at("the tarball is installed"), manager.add(tarball), outer),
    links(at("every link of the docs leads somewhere"), join(outer, "node_modules", name)),
    step(at("new my-port"), [...manager.portreeve, "new", "my-port"], outer, { shows: ["npm start"] }),
    step(at("install"), manager.install, project),
    run("start", "start", { shows: GREETINGS }),
    run("test", "test", { shows: ["1 passed"] }),
    step(at("plain cargo, nothing to lock"), ["cargo", "build", "--release", "--locked"], project),
    removal(at("node_modules and target are removed"), project),
    step(at("install, offline"), manager.offline, project, { env: OFFLINE }),
    run("start, offline", "start", { env: OFFLINE, shows: GREETINGS }),
    run("test, offline", "test", { env: OFFLINE, shows: ["1 passed"] }),
  ];
}

function links(title, folder) {
  return {
    name: title,
    run: () => {
      const dead = deadLinks(folder);
      return dead.length === 0 ? { passed: 1 } : { failed: dead.length, failures: dead };
    },
  };
}

function removal(title, project) {
  const remove = (folder) => rmSync(join(project, folder), { recursive: true });
  return { name: title, run: () => ["node_modules", "target"].forEach(remove) };
}

const managers = managersOf(tools);
const asked = process.argv.slice(2);
const known = managers.map((manager) => manager.name);
if (asked.some((word) => !known.includes(word))) {
  process.stderr.write(`npm run test:packed [-- <manager> …]\nmanagers: ${known.join(", ")}; default: all\n`);
  process.exit(2);
}
const chosen = managers.filter((manager) => asked.length === 0 || asked.includes(manager.name));
const others = chosen.some((manager) => manager.name !== "npm");
const fetched = ["npm", "install", "--no-save", "--prefix", tools, "pnpm@10", "yarn@1"];
mkdirSync(tools);
const steps = [
  step("npm pack", ["npm", "pack", "--pack-destination", work], root, { shows: [`${name}-${version}.tgz`] }),
  ...(others ? [step("pnpm and yarn", fetched, tools)] : []),
  ...chosen.flatMap(wayThrough),
];
const results = await runSteps(steps, root);
process.stdout.write(report(results));
process.stdout.write(`${closingLine(results)}\n`);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
