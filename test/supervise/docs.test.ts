/** The code of docs/supervision.md, pasted into a project of its own, compiled and run. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../docs/project.ts";
import { countBlocks, snippetsOf } from "../docs/snippets.ts";
import { fixture } from "../fixtures/fixture.ts";

const PAGE = "docs/supervision.md";
const snippets = snippetsOf(PAGE);
let project: Project;

/** What each block prints. */
const outputs: [string, string][] = [
  ["first.ts", "6\n[ 'store running', 'jwt running' ]\n"],
  ["tree.ts", "found\n{ specs: 2, active: 2, supervisors: 1, workers: 1 }\n"],
  ["server.ts", "shutdown\n"],
  [
    "dynamic.ts",
    "tenant:1 [ '--quiet', '--name', 'acme' ]\n{ specs: 1, active: 0, supervisors: 0, workers: 0 }\n",
  ],
  ["significant.ts", "shutdown\n"],
];

beforeAll(async () => {
  project = new Project(snippets);
  const program = `exec ${JSON.stringify(process.execPath)} ${fixture("well-behaved.mjs")} "$@"`;
  for (const name of ["store", "jwt"]) project.write(`bin/${name}`, `#!/bin/sh\n${program}\n`, 0o755);
  await project.compile(snippets.map(({ name }) => name));
});

afterAll(() => project.remove());

test.each(outputs)("%s runs", async (name, output) => {
  expect(await project.run(name)).toEqual({ stdout: output, stderr: "" });
});

test("no block is left out", () => {
  expect(snippets.map(({ name }) => name)).toEqual(outputs.map(([name]) => name));
  expect(countBlocks(PAGE, "ts")).toBe(snippets.length);
});
