/** Builds the port program and the addon with cargo, and says where they lie. */
import { join } from "node:path";
import { run } from "./command.mjs";

/**
 * @returns the paths of the program `compute` and of the addon's library
 * @throws CommandError
 */
export async function buildRust(cargo, root, status, signal) {
  const built = {};
  await run(
    {
      name: "cargo build",
      file: cargo,
      args: ["build", "--release", "--locked", "-p", "compute", "-p", "addon", MESSAGES],
      cwd: join(root, "rust-port"),
      env: BAR,
      line: (text, stream) => {
        if (stream === "stdout") return takeArtifact(text, built);
        const progress = readProgress(text);
        if (progress === undefined) return "kept";
        status(progress);
        return "seen";
      },
    },
    signal,
  );
  if (!built.program || !built.addon) throw new Error("cargo built neither `compute` nor `addon`");
  return built;
}

const MESSAGES = "--message-format=json-render-diagnostics";

/** cargo tells how much there is to do in its bar alone, which it draws on a terminal or when told to. */
const BAR = {
  CARGO_TERM_PROGRESS_WHEN: "always",
  CARGO_TERM_PROGRESS_WIDTH: "200",
  CARGO_TERM_COLOR: "never",
};

/** `41 of 87: ring, serde_json`, out of one line of cargo's bar; `undefined` for any other line. */
export function readProgress(line) {
  const bar = /^ *(Building|Downloading) \[[=> ]*\] (\d+)\/(\d+)(?:: (.*))?$/.exec(line);
  if (bar !== null) return `${bar[2]} of ${bar[3]}${bar[4] ? `: ${bar[4].trim()}` : ""}`;
  return /^ *(?:Updating|Downloading|Downloaded|Blocking) .*/.exec(line)?.[0].trim();
}

/** Notes what a JSON message on cargo's stdout says that was built. */
export function takeArtifact(text, built) {
  const message = JSON.parse(text);
  if (message.reason !== "compiler-artifact") return "seen";
  if (message.target.name === "compute" && message.executable) built.program = message.executable;
  if (message.target.name === "addon" && message.target.kind.includes("cdylib"))
    built.addon = message.filenames[0];
  return "seen";
}
