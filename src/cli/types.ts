/** `portreeve types`: a client in TypeScript, written from what a program says of itself. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { printableLines } from "../printable.ts";
import type { Command } from "./command.ts";
import { PROGRAM_OPTIONS, withProgram } from "./program.ts";
import { generateModule, interfaceNameOf, unknownTypes } from "./typescript.ts";

export const typesCommand: Command = {
  name: "types",
  summary: "Write a TypeScript client for a program",
  operands: "<program>",
  count: [1, 1],
  about: `Starts the program, asks it for its functions, and writes an interface of them, for

    const compute = port.as(Compute);

The file is left alone when it would not change.`,
  options: {
    ...PROGRAM_OPTIONS,
    out: { type: "string", short: "o", value: "<file>", about: "write there instead of to stdout" },
    name: { type: "string", value: "<Name>", about: "of the interface; without it the program's own name" },
    check: { type: "boolean", about: "write nothing; fail if the file given by --out is not up to date" },
  },
  run: (line) =>
    withProgram(line, async (port) => {
      const text = generateModule(port, line.text("name") ?? interfaceNameOf(port));
      for (const name of unknownTypes(port)) process.stderr.write(`${unknownText(name)}\n`);
      const out = line.text("out");
      if (out === undefined) process.stdout.write(printableLines(text));
      else if (line.flag("check")) check(out, text);
      else write(out, text);
    }),
};

/** The name is an identifier of Rust, so it can be printed. */
function unknownText(name: string): string {
  return `${name} is unknown here: put #[portreeve::term] on it in place of serde's derives, or take a type that has it`;
}

function write(file: string, text: string): void {
  if (read(file) !== text) writeFileSync(file, text);
}

function check(file: string, text: string): void {
  if (read(file) !== text)
    throw new Error(`${file} is not what the program says of itself: write it again without --check`);
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
