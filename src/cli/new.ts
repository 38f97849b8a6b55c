/** `portreeve new`: a crate with a few functions and a host in TypeScript that calls them, ready to run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { runtimeCrate } from "../build/runtime-crate.ts";
import { type Command, UsageError } from "./command.ts";
import { type Dependencies, starterFiles } from "./starter.ts";

export const newCommand: Command = {
  name: "new",
  summary: "Make a new project: a Rust crate and a host that runs it",
  operands: "<folder>",
  count: [1, 1],
  about: "The folder's name becomes that of crate and package. It must not exist, or be empty.",
  options: {},
  run: async (line) => {
    const folder = resolve(line.positionals[0] ?? "");
    const name = checkName(basename(folder));
    checkEmpty(folder);
    for (const [file, text] of Object.entries(starterFiles(name, dependencies(folder)))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text, { flag: "wx" });
    }
    process.stdout.write(nextSteps(line.positionals[0] ?? "", name));
  },
};

/** What cargo and npm both take, and Rust does not keep for itself. */
function checkName(name: string): string {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(name)) {
    throw new UsageError(
      `${name} cannot name a crate and a package: use a-z, 0-9, _ and -, and begin with a letter`,
    );
  }
  if (TAKEN.has(name)) throw new UsageError(`${name} is a name that Rust or npm keeps for itself`);
  return name;
}

const TAKEN = new Set(
  "abstract as async await become box break build const continue core crate deps do dyn else enum examples extern false final fn for gen if impl in incremental let loop macro match mod move mut node_modules override portreeve priv proc_macro pub ref return self static std struct super test trait true try type typeof unsafe unsized use virtual where while yield".split(
    " ",
  ),
);

function checkEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} exists and is a file`);
  if (readdirSync(folder).length > 0)
    throw new Error(`${folder} exists and is not empty: nothing was written`);
}

/** From a checkout of portreeve its own crate and package are used, else those of the package that runs. */
function dependencies(folder: string): Dependencies {
  const { path, version } = runtimeCrate();
  const checkout = resolve(path, "..", "..");
  return basename(dirname(path)) === "rust-port"
    ? { crate: { path }, package: `file:${checkout}` }
    : { crate: { version }, package: installedFrom(dirname(folder)) ?? `^${version}` };
}

/** The file that the package around the new project has portreeve from, if it is none of the registry's. */
function installedFrom(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  if (existsSync(manifest)) {
    const found: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    const range = (found as { dependencies?: Record<string, string> } | null)?.dependencies?.portreeve;
    if (range !== undefined)
      return range.startsWith("file:") ? `file:${resolve(folder, range.slice(5))}` : undefined;
  }
  return dirname(folder) === folder ? undefined : installedFrom(dirname(folder));
}

function nextSteps(folder: string, name: string): string {
  return `${name}: a crate in src/main.rs, its host in main.ts

  cd ${folder}
  npm install
  npm start
`;
}
