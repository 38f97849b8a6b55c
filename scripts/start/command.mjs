/** Runs one command of the set-up and keeps the end of what it wrote, to be shown when it fails. */
import { spawn } from "node:child_process";

/** Lines that are shown of a command that failed. */
const TAIL = 20;

/** A command that failed: its message holds a sentence and the last lines of its output. */
export class CommandError extends Error {}

/**
 * @param command name, path, arguments, working directory; `line` gets each line of its output, `stdout` told apart
 * @param signal ends it
 * @returns when it has ended well
 * @throws CommandError
 */
export function run({ name, file, args, cwd, env = {}, line = () => {} }, signal) {
  return new Promise((resolve, reject) => {
    const tail = [];
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    let failure;
    for (const stream of ["stdout", "stderr"]) {
      readLines(child[stream], (text) => {
        if (line(text, stream) === "seen") return;
        tail.push(text);
        if (tail.length > TAIL) tail.shift();
      });
    }
    child.once("error", (error) => {
      failure = error;
    });
    child.once("close", (code, killedBy) => {
      if (code === 0) resolve();
      else reject(new CommandError(describe(name, failure, code, killedBy, tail.join("\n"))));
    });
  });
}

/** A bar of cargo's ends in a carriage return. */
function readLines(stream, take) {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = lines.pop();
    lines.filter((line) => line.trim() !== "").forEach(take);
  });
  stream.on("end", () => rest.trim() !== "" && take(rest));
}

function describe(name, failure, code, killedBy, tail) {
  const how =
    failure?.message ?? (killedBy === null ? `ended with exit code ${code}` : `was killed by ${killedBy}`);
  return [`${name} ${how}.`, hintFor(tail), tail].filter((part) => part !== "").join("\n\n");
}

const HINTS = [
  [
    /lock file .* needs to be updated|--locked was passed/,
    "Cargo.lock does not fit the Cargo.toml files any more.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network error|[Cc]ould not resolve host|failed to download|Could not connect/,
    "It looks as if the package registry could not be reached: is there a network, or a proxy to be named (https_proxy)?",
  ],
  [
    /linker `\S+` not found|failed to find tool|is `cc` installed|No such file or directory.*\bcc\b/,
    "A C compiler is needed too, to link: `apt-get install gcc`, `dnf install gcc` or, on macOS, `xcode-select --install`.",
  ],
  [/ENOSPC|No space left on device/, "The disk is full."],
  [/EACCES|Permission denied/, "A file may not be written: does this folder belong to you?"],
];

/** What a person can do about it, or nothing. */
export function hintFor(output) {
  return HINTS.find(([pattern]) => pattern.test(output))?.[1] ?? "";
}
