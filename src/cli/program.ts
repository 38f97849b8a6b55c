/** Starts a program for a command, and ends it: the options for that, which all such commands share. */
import type { OpenOptions } from "../options/open.ts";
import { open, type Port } from "../port/port.ts";
import { type Line, type Option, UsageError } from "./command.ts";

export const PROGRAM_OPTIONS: Readonly<Record<string, Option>> = {
  arg: {
    type: "string",
    value: "<text>",
    multiple: true,
    about: "an argument for the program; may be repeated",
  },
  env: {
    type: "string",
    value: "<NAME=value>",
    multiple: true,
    about: "a variable for the program; may be repeated",
  },
  "start-timeout": {
    type: "string",
    value: "<ms>",
    about: "how long it may take to get ready; default 10000",
  },
};

/** Starts the program that the first operand names, and ends it whatever `use` does. */
export async function withProgram(
  line: Line,
  use: (port: Port) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const port = await open(line.positionals[0] ?? "", { ...programOptions(line), ...options });
  try {
    await use(port);
  } finally {
    await port.close();
  }
}

function programOptions(line: Line): OpenOptions {
  const startTimeout = milliseconds(line, "start-timeout");
  return {
    args: line.texts("arg"),
    env: Object.fromEntries(line.texts("env").map(variable)),
    ...(startTimeout === undefined ? {} : { startTimeout }),
  };
}

function variable(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--env wants NAME=value, not ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** An option in ms. */
export function milliseconds(line: Line, name: string): number | undefined {
  const text = line.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0))
    throw new UsageError(`--${name} wants a number of milliseconds, not ${text}`);
  return value;
}
