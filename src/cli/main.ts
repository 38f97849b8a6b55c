#!/usr/bin/env node
import { createRequire } from "node:module";
import { nearestNames } from "../nearest.ts";
/** The command `portreeve`: finds the command that is meant, and turns what it throws into a message and an exit code. */
import { printableLines } from "../printable.ts";
import { reasonOf } from "../reason.ts";
import { buildCommand } from "./build.ts";
import { callCommand } from "./call.ts";
import { runCommand, table, UsageError } from "./command.ts";
import { functionsCommand } from "./functions.ts";
import { newCommand } from "./new.ts";
import { packCommand } from "./pack.ts";
import { typesCommand } from "./types.ts";

const COMMANDS = [newCommand, buildCommand, packCommand, functionsCommand, callCommand, typesCommand];

function overview(): string {
  const rows = COMMANDS.map(({ name, operands, summary }) => [`${name} ${operands}`, summary] as const);
  return `Port programs: native code outside your process, supervised.

Usage: portreeve <command> [options]

Commands:
${table(rows)}
Options:
${table([
  ["-h, --help", "show this; after a command: its help"],
  ["-v, --version", "show the version"],
])}
Exit codes: 0 done, 1 the program or the call failed, 2 the command line is wrong.
`;
}

async function main([first, ...rest]: readonly string[]): Promise<void> {
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    process.stdout.write(overview());
  } else if (first === "--version" || first === "-v") {
    process.stdout.write(`${version()}\n`);
  } else {
    await runCommand(findCommand(first), rest);
  }
}

function findCommand(name: string) {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const [nearest] = nearestNames(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  throw new UsageError(`there is no command ${name}; did you mean ${nearest}?`);
}

/** The package's own: it may be run from a checkout as well as from node_modules. */
function version(): string {
  const { version } = createRequire(import.meta.url)("portreeve/package.json") as { version: string };
  return version;
}

// `portreeve functions … | head` closes the pipe early; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(
    `portreeve: ${printableLines(reasonOf(error))}\n${isUsage ? "`portreeve --help` shows how it is used.\n" : ""}`,
  );
  process.exitCode = isUsage ? 2 : 1;
}
