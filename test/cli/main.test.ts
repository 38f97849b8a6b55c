import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { portreeve } from "./portreeve.ts";

const { version } = JSON.parse(readFileSync(fixture("../../package.json"), "utf8")) as { version: string };

test("--version, and the overview", async () => {
  expect(await portreeve(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  for (const args of [[], ["--help"], ["-h"], ["help"]]) {
    const { code, stdout } = await portreeve(args);
    expect(code).toBe(0);
    for (const name of ["new", "build", "pack", "functions", "call", "types"])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  }
});

test.each(["new", "build", "pack", "functions", "call", "types"])("%s --help", async (name) => {
  const { code, stdout, stderr } = await portreeve([name, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`Usage: portreeve ${name} `);
  expect(stdout).toMatch(/-h, --help +show this/);
});

test.each([
  [["function"], "there is no command function; did you mean functions?"],
  [["functions"], "functions needs <program>"],
  [["functions", "a", "b"], "functions takes <program>, and no b"],
  [["types", "a", "--oot", "x"], "Unknown option '--oot'"],
  [["call", "a", "b", "--timeout", "soon"], "--timeout wants a number of milliseconds, not soon"],
  [["functions", "a", "--env", "NAME"], "--env wants NAME=value, not NAME"],
])("%j is a wrong line: exit code 2", async (args, message) => {
  const { code, stdout, stderr } = await portreeve(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(`portreeve: ${message}`);
  expect(stderr).toContain("`portreeve --help` shows how it is used.");
});
