/** Packages with a program, as their author makes them: sources, a module that opens it, and what `portreeve pack` adds. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes files below a folder; an object becomes JSON. */
export function write(folder, files) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof text === "string" ? text : JSON.stringify(text, undefined, 2));
  }
}

/** The package @acme/sum, which has not been built. */
export function writeSum(folder, version) {
  write(folder, {
    "package.json": packageJson("@acme/sum", version, { preferUnplugged: true }),
    "index.js": INDEX,
    "native/Cargo.toml": cargoToml(version),
    "native/src/main.rs": MAIN_RS,
  });
}

/** The same once it is packed, by an author who has not heard of Plug'n'Play. */
export function writeZipped(folder, sum, version) {
  cpSync(join(sum, "prebuilds"), join(folder, "prebuilds"), { recursive: true });
  write(folder, { "package.json": packageJson("@acme/zipped", version, {}), "index.js": INDEX });
  const manifest = join(folder, "prebuilds", "manifest.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("@acme/sum", "@acme/zipped"));
}

function packageJson(name, version, more) {
  const files = ["index.js", "prebuilds"];
  const dependencies = { portreeve: `^${version}` };
  return { name, version: "1.0.0", type: "module", exports: "./index.js", files, dependencies, ...more };
}

const INDEX = `import { open } from "portreeve";

export async function sum(values) {
  const port = await open({ package: import.meta.url });
  try {
    return await port.call("sum", [values]);
  } finally {
    await port.close();
  }
}
`;

function cargoToml(version) {
  return `[package]
name = "acme-sum"
version = "1.0.0"
edition = "2024"

[dependencies]
portreeve = "=${version}"

[workspace]
`;
}

const MAIN_RS = `#[portreeve::function]
fn sum(values: Vec<i64>) -> i64 {
    values.iter().sum()
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
`;
