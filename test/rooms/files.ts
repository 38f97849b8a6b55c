/** The source files of a folder of the project. */
import { readdirSync } from "node:fs";
import { fixture } from "../fixtures/fixture.ts";

/** Paths below the folder that end like this, with slashes. */
export function filesOf(folder: string, ending: string): readonly string[] {
  const all = readdirSync(fixture(`../../${folder}`), { recursive: true, encoding: "utf8" });
  const files = all.map((file) => file.replaceAll("\\", "/"));
  return files.filter((file) => file.endsWith(ending) && !file.includes("node_modules/"));
}
