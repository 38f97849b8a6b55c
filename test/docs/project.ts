/** The code of a page, laid down as a project of its own that has the package as it is built, compiled and run. */
import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { root, type Snippet } from "./snippets.ts";

const run = promisify(execFile);
const TSC = join(root, "node_modules", ".bin", "tsc");
const OPTIONS = ["--module", "nodenext", "--target", "es2022", "--lib", "es2023,esnext.disposable"];
/** The programs of all pages are compiled where the repository's are, so that dependencies are compiled once. */
const ENV = {
  ...process.env,
  CARGO_TARGET_DIR: join(root, "rust-port", "target"),
  CARGO_NET_OFFLINE: "true",
};

interface Crate {
  readonly name: string;
  /** Lines of Cargo.toml. */
  readonly dependencies?: readonly string[];
}

interface Needs {
  readonly packages?: readonly string[];
  readonly crate?: Crate;
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "portreeve-docs-"));
  readonly env = ENV;

  /**
   * @param packages of the repository's node_modules that the code imports beside portreeve
   * @param crate the name of its crate and what it depends on beside portreeve, where it has one
   */
  constructor(snippets: readonly Snippet[], { packages = [], crate }: Needs = {}) {
    this.write("package.json", '{ "type": "module" }');
    this.link(root, "node_modules/portreeve");
    for (const name of ["@types/node", ...packages])
      this.link(join(root, "node_modules", name), `node_modules/${name}`);
    for (const { name, code } of snippets) this.write(name, code);
    if (crate !== undefined) this.#writeManifest(crate);
  }

  #writeManifest({ name, dependencies = [] }: Crate): void {
    const runtime = JSON.stringify(join(root, "rust-port", "portreeve"));
    const about = ["[package]", `name = "${name}"`, 'version = "0.1.0"', 'edition = "2024"'];
    const needs = ["[dependencies]", `portreeve = { path = ${runtime} }`, ...dependencies, "[workspace]"];
    this.write("Cargo.toml", `${[...about, ...needs].join("\n")}\n`);
    this.write("Cargo.lock", readFileSync(join(root, "rust-port", "Cargo.lock"), "utf8"));
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text, { mode });
  }

  /** @param path where the link to `target` is to be */
  link(target: string, path: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    symlinkSync(target, join(this.folder, path));
  }

  /** Compiles files of TypeScript, strictly. @throws with what the compiler says */
  async compile(names: readonly string[]): Promise<void> {
    const command = [...OPTIONS, "--strict", "--skipLibCheck", "--types", "node", ...names];
    await run(TSC, command, { cwd: this.folder }).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  }

  /** Runs the command `portreeve` in the project. */
  async portreeve(args: readonly string[]): Promise<void> {
    const command = join(root, "dist", "src", "cli", "main.js");
    await run(process.execPath, [command, ...args], { cwd: this.folder, env: this.env });
  }

  /** Starts a compiled file as a process group of its own. */
  start(name: string, env: NodeJS.ProcessEnv = {}): ChildProcessByStdio<null, Readable, null> {
    const file = name.replace(/\.ts$/, ".js");
    const options = { cwd: this.folder, env: { ...this.env, ...env }, detached: true };
    return spawn(process.execPath, [file], { ...options, stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Runs a compiled file. */
  run(name: string): Promise<{ stdout: string; stderr: string }> {
    return run(process.execPath, [name.replace(/\.ts$/, ".js")], { cwd: this.folder, env: this.env });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What an output looks like: `…` stands for anything within a line. */
export function printed(output: string): RegExp {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`^${output.split("…").map(literal).join("[^\\n]*")}$`);
}
