/**
 * The Rust half of this package: where its sources lie, and whether a crate that asks for portreeve by version gets
 * them. Pure but for {@link runtimeCrate}.
 *
 * Source: The Cargo Book, "Overriding Dependencies" (`patch` in a configuration), "Specifying Dependencies" (what a
 * requirement allows) and "cargo metadata".
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The sources of the crate, and their version, which is the package's. */
export interface RuntimeCrate {
  readonly path: string;
  readonly version: string;
}

/** The crate that travels with this package; a checkout has it in rust-port, a package that is installed in dist. */
export function runtimeCrate(): RuntimeCrate {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("portreeve/package.json");
  const { version } = require(manifest) as { version: string };
  const checkout = join(dirname(manifest), "rust-port", "portreeve");
  const path = existsSync(checkout) ? checkout : join(dirname(manifest), "dist", "crates", "portreeve");
  return { path, version };
}

interface Dependency {
  readonly name: string;
  readonly source: string | null;
  readonly req: string;
}

/** The part of `cargo metadata --no-deps` that is read here. */
interface Metadata {
  readonly workspace_root: string;
  readonly packages: readonly {
    readonly manifest_path: string;
    readonly dependencies: readonly Dependency[];
  }[];
}

/** A crate that names portreeve by a version of crates.io. */
export interface Requirement {
  readonly manifest: string;
  readonly req: string;
  /** The Cargo.toml of its workspace, the only one whose patches count. */
  readonly workspace: string;
}

/** Reads what `cargo metadata --no-deps` wrote: who in the workspace asks crates.io for portreeve. */
export function requirementsOf(metadata: string): Requirement[] {
  const { packages, workspace_root } = JSON.parse(metadata) as Metadata;
  const workspace = join(workspace_root, "Cargo.toml");
  return packages.flatMap(({ manifest_path: manifest, dependencies }) =>
    dependencies
      .filter(({ name, source }) => name === "portreeve" && source !== null && CRATES_IO.test(source))
      .map(({ req }) => ({ manifest, req, workspace })),
  );
}

const CRATES_IO =
  /^(?:registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index|sparse\+https:\/\/index\.crates\.io)/;

/** Whether a workspace's Cargo.toml already says where portreeve comes from: that is its owner's choice. */
export function hasOwnPatch(workspace: string): boolean {
  return OWN_PATCH.test(workspace);
}

const OWN_PATCH =
  /^\[patch\.crates-io\.portreeve\]|^\[patch\.crates-io\](?:(?!^\[)[\s\S])*^portreeve(?:\.\w+)?\s*=/m;

/** The option of cargo that takes portreeve from a folder. */
export function patchArgument(path: string): string {
  // A JSON string is a basic string of TOML: both know the same escapes that JSON writes.
  return `patch.crates-io.portreeve.path=${JSON.stringify(path)}`;
}

type Version = readonly [number, number, number];

/** The sentence that says which half to update, or `undefined` if they fit or cargo has to decide. */
export function describeMisfit(
  { manifest, req }: Pick<Requirement, "manifest" | "req">,
  version: string,
): string | undefined {
  const wanted = /^([=^~])(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(req);
  const has = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (wanted === null || has === null) return undefined;
  const parts = wanted
    .slice(2)
    .filter((part) => part !== undefined)
    .map(Number);
  const lowest: Version = [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
  const installed: Version = [Number(has[1]), Number(has[2]), Number(has[3])];
  const order = compare(lowest, installed);
  if (order <= 0 && samePrefix(lowest, installed, fixedParts(wanted[1] ?? "^", parts))) return undefined;
  const asked = `${manifest} asks for portreeve ${req}, and the npm package portreeve is ${version}`;
  return order > 0
    ? `${asked}, which is older. Update the npm package: npm install portreeve@${lowest.join(".")}`
    : `${asked}, which is newer. Update the crate: portreeve = "=${version}" in that Cargo.toml`;
}

/** How many parts of a version a requirement holds fast. */
function fixedParts(operator: string, parts: readonly number[]): number {
  if (operator === "=") return parts.length;
  if (operator === "~") return Math.min(parts.length, 2);
  const first = parts.findIndex((part) => part !== 0);
  return first === -1 ? parts.length : first + 1;
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function samePrefix(a: Version, b: Version, length: number): boolean {
  return a.slice(0, length).every((part, index) => part === b[index]);
}
