/** The files of a new project. Pure: a name and where portreeve comes from give their texts. */

/** Where the new project gets portreeve from. */
export interface Dependencies {
  readonly crate: { readonly version: string } | { readonly path: string };
  /** A version range or `file:` for npm. */
  readonly package: string;
}

/** File name → text. */
export function starterFiles(name: string, dependencies: Dependencies): Record<string, string> {
  return {
    "Cargo.toml": cargoToml(name, dependencies.crate),
    ...("path" in dependencies.crate ? {} : { ".cargo/config.toml": CARGO_CONFIG }),
    "src/main.rs": MAIN_RS,
    "package.json": `${JSON.stringify(packageJson(name, dependencies.package), undefined, 2)}\n`,
    "tsconfig.json": `${JSON.stringify(TSCONFIG, undefined, 2)}\n`,
    "main.ts": mainTs(),
    ".gitignore": "target/\nnode_modules/\ndist/\n",
  };
}

function cargoToml(name: string, crate: Dependencies["crate"]): string {
  const from =
    "path" in crate ? `{ path = ${JSON.stringify(crate.path)} }` : JSON.stringify(`=${crate.version}`);
  return `[package]
name = "${name}"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
portreeve = ${from}

# Function names and lines in the report of a crash.
[profile.release]
debug = "line-tables-only"

[workspace]
`;
}

/** `portreeve build` says the same to cargo; this is for plain cargo and for rust-analyzer. */
const CARGO_CONFIG = `# The crate portreeve comes with the npm package, so that both are of one version.
[patch.crates-io]
portreeve = { path = "node_modules/portreeve/dist/crates/portreeve" }
`;

const MAIN_RS = `//! The port program. Each function with \`#[portreeve::function]\` can be called from the host.

/// Greets someone.
#[portreeve::function]
fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

/// Adds up a list.
#[portreeve::function]
fn sum(values: Vec<i64>) -> i64 {
    values.iter().sum()
}

/// Ends the program in the hardest way there is. The host goes on.
#[portreeve::function]
fn crash() {
    std::process::abort()
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}

#[cfg(test)]
mod tests {
    #[test]
    fn functions_are_plain_functions() {
        assert_eq!(super::greet("Ada".into()), "Hello, Ada!");
        assert_eq!(super::sum(vec![1, 2, 3]), 6);
    }
}
`;

function packageJson(name: string, portreeve: string) {
  return {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      start: "tsc && node dist/main.js",
      types: 'portreeve types "$(portreeve build)" --out functions.ts --name Functions',
      test: "cargo test",
    },
    dependencies: { portreeve },
    devDependencies: { "@types/node": "^20.19.0", typescript: ">=5.9" },
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    types: ["node"],
    outDir: "dist",
    rootDir: ".",
    strict: true,
    skipLibCheck: true,
  },
  include: ["*.ts"],
};

function mainTs(): string {
  return `import { open, PortExitError } from "portreeve";
import { build } from "portreeve/build";

/** The functions of src/main.rs. \`npm run types\` writes such an interface from the program itself. */
interface Functions {
  greet(name: string): Promise<string>;
  sum(values: number[]): Promise<number>;
  crash(): Promise<null>;
}

const port = await open<Functions>(await build({ crate: "." }));

console.log(await port.call("greet", ["world"]));
console.log("1 + 2 + 3 =", await port.call("sum", [[1, 2, 3]]));

try {
  await port.call("crash", []);
} catch (error) {
  if (!(error instanceof PortExitError)) throw error;
  console.log("a crash is only an error:", error.message);
}
console.log("and the port goes on:", await port.call("greet", ["again"]));

await port.close();
`;
}
