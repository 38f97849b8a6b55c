#!/usr/bin/env node
/**
 * Writes the sources of both crates into dist/crates, where they travel in the npm package: `portreeve/build` and a
 * project's .cargo/config.toml point cargo at them. Called before `npm pack` and `npm publish`.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { standalone } from "./crates/manifest.mjs";

const rust = join(import.meta.dirname, "..", "rust-port");
const target = join(import.meta.dirname, "..", "dist", "crates");
const PARTS = ["src", "docs", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];

rmSync(target, { recursive: true, force: true });
const workspace = readFileSync(join(rust, "Cargo.toml"), "utf8");
for (const crate of ["portreeve", "portreeve-macros"]) {
  mkdirSync(join(target, crate), { recursive: true });
  for (const part of PARTS.filter((name) => existsSync(join(rust, crate, name)))) {
    cpSync(join(rust, crate, part), join(target, crate, part), { recursive: true });
  }
  const manifest = readFileSync(join(rust, crate, "Cargo.toml"), "utf8");
  writeFileSync(join(target, crate, "Cargo.toml"), standalone(manifest, workspace));
}
