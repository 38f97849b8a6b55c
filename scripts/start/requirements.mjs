/** What has to be on the machine already: Node, and a cargo that is new enough for the crates here. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * Where cargo is.
 * @throws Error with a sentence that says what is missing and how to get it
 */
export function findTools(root) {
  const node = oldestNode(root);
  if (isOlder(process.versions.node, node)) {
    throw new Error(
      `Node ${node} or newer is needed, and this is ${process.versions.node}: https://nodejs.org`,
    );
  }
  const cargo = findCargo(process.env);
  const needed = oldestRust(root);
  if (cargo === undefined) throw new Error(noCargo(needed));
  const { stdout, stderr, error } = spawnSync(cargo, ["--version"], {
    cwd: join(root, "rust-port"),
    encoding: "utf8",
  });
  const version = /^cargo (\d+\.\d+\.\d+)/.exec(stdout ?? "")?.[1];
  if (version === undefined) {
    throw new Error(
      `${cargo} is there but does not work: ${error?.message ?? stderr.trim()}\n${INSTALL(needed)}`,
    );
  }
  if (isOlder(version, needed)) {
    throw new Error(
      `cargo ${version} is too old: Rust ${needed} or newer is needed. Run \`rustup update stable\` ` +
        "(https://rustup.rs, if Rust came from somewhere else), then npm start again.",
    );
  }
  return { cargo };
}

const INSTALL = (needed) =>
  `Install Rust ${needed} or newer from https://rustup.rs, open a new terminal, and run npm start again.`;

function noCargo(needed) {
  return `cargo was not found, and the port program is written in Rust. ${INSTALL(needed)}`;
}

/** `engines.node` of package.json: the oldest Node that works. */
function oldestNode(root) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return engines.node.replace(/^[^\d]*/, "");
}

/** `rust-version` of the workspace. */
function oldestRust(root) {
  const manifest = readFileSync(join(root, "rust-port", "Cargo.toml"), "utf8");
  return /^rust-version = "([\d.]+)"/m.exec(manifest)[1];
}

/** From the PATH, or from where rustup puts it: a shell that was open before has no new PATH. */
function findCargo(env) {
  const home = env.CARGO_HOME ?? join(env.HOME ?? homedir(), ".cargo");
  const folders = [...(env.PATH ?? "").split(delimiter), join(home, "bin")].filter((folder) => folder !== "");
  const name = process.platform === "win32" ? "cargo.exe" : "cargo";
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Compares versions by their numbers: 1.9 is older than 1.88. */
export function isOlder(version, than) {
  const [left, right] = [version, than].map((text) => text.split(".").map(Number));
  for (const [place, wanted] of right.entries()) {
    const has = left[place] ?? 0;
    if (has !== wanted) return has < wanted;
  }
  return false;
}
