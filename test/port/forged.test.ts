/** What a program says reaches a terminal only in a form that can forge nothing; events and results keep it as it came. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LogRecord } from "../../src/index.ts";
import { open } from "../../src/index.ts";
import { printable, printableBlock, printableLines } from "../../src/printable.ts";
import { portreeve } from "../cli/portreeve.ts";
import { fixture } from "../fixtures/fixture.ts";
import { built, runHost } from "../process/host.ts";
import { openFixture, rejection } from "./ports.ts";

/** Colours, a line of "another program", a return to the line's start, CSI in one byte, and text that runs backwards. */
const FORGED = "\u001b[31mred\n[other] error forged\rover\u009b2J\u202etxet";
/** None of these may reach a terminal; a line feed may, where the next line cannot pass for another message. */
const CONTROL = /[^\P{Cc}\t\n]/u;
const RAW = /[^\P{Cc}\t\n]|\u202e|^\[other\]/mu;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-forged-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that does what is written here before, or instead of, being a port program. */
function program(body: string): string {
  const path = join(folder, "program.mjs");
  const ports = JSON.stringify(fixture("port.mjs"));
  const text = `#!/usr/bin/env node\nimport { runPort } from ${ports};\nconst forged = ${JSON.stringify(FORGED)};\n${body}`;
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

test("what is special is escaped; tabs stay, and line feeds where lines are meant", () => {
  const escaped = "\\u001b[31mred\\n[other] error forged\\rover\\u009b2J\\u202etxet";
  expect(printable(FORGED)).toBe(escaped);
  expect(printableLines(FORGED)).toBe(escaped.replace("\\n", "\n"));
  expect(printableBlock("one\r\ntwo")).toBe("one\n    two");
  expect(printable("ü\t\u{1f600}\u007f\u2028")).toBe("ü\t\u{1f600}\\u007f\\u2028");
  for (const text of [printable(FORGED), printableLines("a\tü\u{1f600}\nb")])
    expect(printableLines(text)).toBe(text);
});

test("the text of a function's error, and of an error that is printed whole", async () => {
  const port = await openFixture();
  const error = await rejection(port.call("fail", [FORGED]));
  expect(error.message).not.toMatch(RAW);
  expect(error.message).toContain("red\n    [other] error forged\\r");
  expect(inspect(error)).not.toMatch(RAW);
  await port.close();
});

test("a program that does not start: what it says of it, and its stderr", async () => {
  const refusing = program("runPort({}, { start: () => { throw new Error(forged); } });");
  const refused = await rejection(open(refusing, { stderr: "ignore" }));
  expect(refused.message).toContain("could not start: \\u001b[31mred\n    [other]");
  expect(inspect(refused)).not.toMatch(RAW);
  const dying = program("process.stderr.write(forged); process.exitCode = 1;");
  const died = await rejection(open(dying, { stderr: "ignore" }));
  expect(died.message).toContain("its stderr:\n    \\u001b[31mred\n    [other]");
  expect(died.message).not.toMatch(RAW);
  // Its property has the text as it came, and is shown as util.inspect shows text.
  expect(inspect(died)).not.toMatch(CONTROL);
  expect(died.stderr).toBe(FORGED);
});

test("a stray print in the middle of the frames", async () => {
  const port = await openFixture();
  const error = await rejection(port.call("print", [FORGED]));
  expect(inspect(error)).not.toMatch(RAW);
  await port.close();
});

test("log messages and names: printed they are one escaped line, as events they are raw", async () => {
  const path = program(
    `import { send } from ${JSON.stringify(fixture("port.mjs"))};
     import { atom, atoms, Tuple } from ${JSON.stringify(fixture("etf.mjs"))};
     const log = () => { send(Tuple.from(atom("log"), atom("error"), forged, forged, atoms({}))); return 1; };
     runPort({ log }, { name: forged });`,
  );
  const run = await runHost(`
    import { open } from ${JSON.stringify(built("src/index.js"))};
    const port = await open(${JSON.stringify(path)});
    await port.call("log");
    await port.close();`);
  expect(run.stderr).not.toMatch(RAW);
  expect(run.stderr.match(/\n/g)).toHaveLength(1);
  const port = await open(path);
  const records: LogRecord[] = [];
  port.on("log", (record) => records.push(record));
  await port.call("log");
  expect(records).toMatchObject([{ target: FORGED, message: FORGED }]);
  await port.close();
});

test("the command line: lists of functions, results, errors", async () => {
  const path = program(
    `runPort({ say: () => forged, fail: () => { throw new Error(forged); } }, { name: forged, signatures: { say: { doc: forged } } });`,
  );
  for (const args of [["functions"], ["functions", "--json"], ["call"], ["call", "--json"], ["types"]]) {
    const [command = "", ...options] = args;
    const operands = command === "call" ? ["say"] : [];
    const run = await portreeve([command, ...options, path, ...operands]);
    expect(run.stdout.length, args.join(" ")).toBeGreaterThan(0);
    expect(run.stdout + run.stderr, args.join(" ")).not.toMatch(CONTROL);
  }
  const json = await portreeve(["call", "--json", path, "say"]);
  expect(JSON.parse(json.stdout)).toBe(FORGED);
  const failed = await portreeve(["call", path, "fail"]);
  expect(failed.stderr).not.toMatch(RAW);
  expect(failed.stderr).toContain("[other] error forged");
});
