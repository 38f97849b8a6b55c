/** What a command of `portreeve` is, how its line is read, and how its help is written. */

import { parseArgs } from "node:util";
import { reasonOf } from "../reason.ts";

/** One option of a command, as its help shows it. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands for the value in the help: `<file>`. */
  readonly value?: string;
  readonly about: string;
}

/** The line of a command, read. */
export interface Line {
  readonly positionals: readonly string[];
  /** The value of a string option. */
  text(name: string): string | undefined;
  /** All values of an option that may be given several times. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** What follows the name: `<program> <function> [argument …]`. */
  readonly operands: string;
  /** How many operands there have to be, and may be. */
  readonly count: readonly [least: number, most: number];
  /** More than the summary says. */
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  run(line: Line): Promise<void>;
}

/** The line was wrong: shown with the way to the help, exit code 2. */
export class UsageError extends Error {}

/** Runs `command` with what stands behind its name. */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  const line = readLine(command, args);
  if (line.flag("help")) process.stdout.write(commandHelp(command));
  else await command.run(checkCount(command, line));
}

const HELP: Option = { type: "boolean", short: "h", about: "show this" };

function readLine(command: Command, args: readonly string[]): Line {
  const options = { ...command.options, help: HELP };
  const { values, positionals } = parse(args, options);
  return {
    positionals,
    text: (name) => asTexts(values[name]).at(-1),
    texts: (name) => asTexts(values[name]),
    flag: (name) => values[name] === true,
  };
}

function parse(args: readonly string[], options: Readonly<Record<string, Option>>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
}

function asTexts(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === "string");
}

function checkCount({ name, operands, count: [least, most] }: Command, line: Line): Line {
  const { length } = line.positionals;
  if (length < least) throw new UsageError(`${name} needs ${operands}`);
  if (length > most) throw new UsageError(`${name} takes ${operands}, and no ${line.positionals[most]}`);
  return line;
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, help: HELP });
  const rows = options.map(([name, { short, value, about }]) => {
    const flag = `${short === undefined ? "    " : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
    return [flag, about] as const;
  });
  return `${command.summary}\n\nUsage: portreeve ${command.name} ${command.operands}\n\n${command.about}\n\nOptions:\n${table(rows)}`;
}

/** Two columns, indented. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
