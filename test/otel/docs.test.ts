/** The code of docs/observability.md, pasted into a project of its own, compiled and run. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../docs/project.ts";
import { snippetsOf } from "../docs/snippets.ts";
import { BUILD_TIMEOUT, tracedProgram } from "./program.ts";

let project: Project;

beforeAll(async () => {
  const program = await tracedProgram();
  project = new Project(snippetsOf("docs/observability.md"), { packages: ["@opentelemetry"] });
  project.link(program, "bin/bakery");
  await project.compile(["bakery.ts"]);
}, BUILD_TIMEOUT);

afterAll(() => project.remove());

test("bakery.ts does what the page says", async () => {
  const { stdout } = await project.run("bakery.ts");
  expect(stdout.trim().split("\n").toSorted()).toEqual([
    "bakery/bake, in bakery/bake",
    "bakery/bake, in invite",
    "invite",
    "mix, in bakery/bake",
    "oven, in bakery/bake",
    "portreeve.spawn",
    "weigh, in mix",
  ]);
});
