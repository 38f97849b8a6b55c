import { expect, test } from "vitest";
import { isInRust, isInTypeScript } from "./titles.ts";

test.each([
  [true, 'test("it works, here too", () => {});'],
  [true, 'test.each([1])(\n  "it works (%i)",\n  () => {},\n);'],
  [false, '// test("it works", () => {});'],
  [false, '/*\ntest("it works", () => {});\n*/'],
  [false, '  /** As in test("it works"). */'],
  [false, 'test.skip("it works", () => {});'],
  [false, 'it.todo(\n  "it works",\n);'],
  [false, "const it = works;"],
])("%s of a title in %j", (stands, text) => {
  expect(isInTypeScript(text, "it works")).toBe(stands);
});

test.each([
  [true, "#[test]\nfn works() {}"],
  [false, "#[test]\n// fn works() {}"],
  [false, "#[test]\n#[ignore]\nfn works() {}"],
  [false, '#[ignore = "slow"]\n#[test]\nfn works() {}'],
  [false, "fn works_not() {}"],
])("%s of a function in %j", (stands, text) => {
  expect(isInRust(text, "works")).toBe(stands);
});
