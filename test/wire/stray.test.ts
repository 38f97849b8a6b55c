import { expect, test } from "vitest";
import { describeStray, strayText } from "../../src/wire/stray.ts";

test("a stray print is shown as bytes and as text", () => {
  expect(describeStray(Buffer.from("Hello\n"), 4096)).toBe(
    'at byte 4096 of its stdout came 48 65 6c 6c 6f 0a, the text "Hello\\n": something prints to stdout',
  );
});

test("no more than 16 bytes and 200 characters are shown", () => {
  const message = describeStray(Buffer.from("ü".repeat(1000)), 0);
  expect(message).toContain(`came ${"c3 bc ".repeat(8)}…, the text "${"ü".repeat(200)}": `);
});

test.each([
  ["a character that is cut in two", Buffer.from("Zürich").subarray(0, 2), "Z"],
  ["colours", Buffer.from("\u001b[31mred\u001b[0m"), "\u001b[31mred\u001b[0m"],
  ["bytes", Buffer.from([0xff, 0xfe]), undefined],
  ["a NUL", Buffer.from("a\0b"), undefined],
  ["nothing", Buffer.alloc(0), undefined],
])("%s", (_name, bytes, text) => {
  expect(strayText(bytes)).toBe(text);
});
