import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { LINE_LENGTH } from "../../src/process/lines.ts";
import { Stderr, TAIL_BYTES } from "../../src/process/stderr.ts";
import { fixture } from "../fixtures/fixture.ts";
import { record } from "./recorder.ts";

const bytes = (text: string) => Buffer.from(text);

/** A host's stderr that takes everything, or as much as `limit`. */
function output(writableLength = 0) {
  const written: string[] = [];
  return Object.assign(new EventEmitter(), {
    written,
    writableLength,
    write: (text: string) => written.push(text),
  });
}

test("inherit puts the port's name before each line, wherever the chunks were cut", () => {
  const out = output();
  const stderr = new Stderr("inherit", "compute", out);
  for (const byte of bytes("one\r\n\nzwölf\nrest")) stderr.push(Uint8Array.of(byte));
  expect(out.written.join("")).toBe("[compute] one\n[compute] \n[compute] zwölf\n");
  stderr.end();
  expect(out.written.at(-1)).toBe("[compute] rest\n");
});

test("a function gets the lines, nobody gets them with ignore, and the tail is kept in any case", () => {
  const lines: string[] = [];
  const told = new Stderr((line) => lines.push(line), "p");
  const ignored = new Stderr("ignore", "p");
  for (const stderr of [told, ignored]) {
    stderr.push(bytes("a\nb"));
    stderr.end();
    expect(stderr.tail).toBe("a\nb");
  }
  expect(lines).toEqual(["a", "b"]);
});

test("a line without an end comes in pieces, and no more of it is held than one piece", async () => {
  const lines: string[] = [];
  const stderr = new Stderr((line) => lines.push(line), "p");
  stderr.push(bytes("x".repeat(3 * LINE_LENGTH)));
  expect(lines.map((line) => line.length)).toEqual([LINE_LENGTH, LINE_LENGTH]);
  await turn();
  stderr.push(bytes(`${"y".repeat(2 * LINE_LENGTH)}\n`));
  await turn();
  expect(Math.max(...lines.map((line) => line.length))).toBe(LINE_LENGTH);
  expect(lines.join("").length).toBe(5 * LINE_LENGTH);
});

test.each([1, 7, 4096, TAIL_BYTES - 1, TAIL_BYTES, 3 * TAIL_BYTES + 5])(
  "the tail is the last 8 KiB in chunks of %i bytes",
  (size) => {
    const stderr = new Stderr("ignore", "p");
    const text = Array.from({ length: 10_000 }, (_, i) => i.toString(36)).join(" ");
    for (let at = 0; at < text.length; at += size) stderr.push(bytes(text.slice(at, at + size)));
    expect(stderr.tail).toBe(`… ${text.slice(-TAIL_BYTES)}`);
  },
);

test("what a program could forge a line with is escaped where it is printed, and nowhere else", () => {
  const out = output();
  const lines: string[] = [];
  const text = "\u001b[31mred\r[other] forged\u0007 \u009b2J \u202etxet\ttab\n";
  for (const stderr of [new Stderr("inherit", "p\n[q]", out), new Stderr((line) => lines.push(line), "p")]) {
    stderr.push(bytes(text));
    expect(stderr.tail).toBe(text);
  }
  expect(out.written).toEqual([
    "[p\\n[q]] \\u001b[31mred\\r[other] forged\\u0007 \\u009b2J \\u202etxet\ttab\n",
  ]);
  expect(lines).toEqual([text.slice(0, -1)]);
});

test("of a flood no more is read in a turn than is handed over in it", async () => {
  let lines = 0;
  let wantsMore = 0;
  const stderr = new Stderr(() => {
    lines += 1;
    const end = performance.now() + 0.01;
    while (performance.now() < end);
  }, "p");
  const chunk = bytes("y\n".repeat(32_768));
  expect(stderr.push(chunk, () => (wantsMore += 1))).toBe(false);
  const inFirstTurn = lines;
  expect(inFirstTurn).toBeLessThan(16_384);
  expect(stderr.push(chunk, () => (wantsMore += 1))).toBe(false);
  expect(lines).toBe(inFirstTurn);
  stderr.end();
  while (lines < 65_536) await turn();
  expect(wantsMore).toBe(1);
  expect(stderr.push(bytes("z\n"))).toBe(true);
});

test("the tail begins with a whole character", () => {
  const stderr = new Stderr("ignore", "p");
  stderr.push(bytes(`${"ü".repeat(TAIL_BYTES / 2)}!`));
  expect(stderr.tail).toBe(`… ${"ü".repeat(TAIL_BYTES / 2 - 1)}!`);
});

test("a host whose stderr does not keep up loses lines and says how many", () => {
  const out = output(2 << 20);
  const stderr = new Stderr("inherit", "p", out);
  stderr.push(bytes("1\n2\n3\n"));
  expect(out.written).toEqual([]);
  out.writableLength = 0;
  stderr.push(bytes("4\n"));
  expect(out.written).toEqual(["[p] … 3 lines dropped: stderr is too slow for them\n[p] 4\n"]);
});

test("50 MB in one line from a real program", async () => {
  let characters = 0;
  let longest = 0;
  const stderr = new Stderr((line) => {
    characters += line.length;
    longest = Math.max(longest, line.length);
  }, "p");
  await using run = await record(fixture("floods-stderr.sh"), { args: ["50"] });
  run.recorder.stderr = (chunk, readOn) => stderr.push(chunk, readOn);
  await run.recorder.until("closed");
  stderr.end();
  expect({ characters, longest }).toEqual({ characters: 50_000_000, longest: LINE_LENGTH });
  expect(stderr.tail).toBe(`… ${"x".repeat(TAIL_BYTES)}`);
});
