/** The imports of a crate: `crate::room`, and `super::` as far as it leaves a room. A room is a folder of `src`. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fixture } from "../fixtures/fixture.ts";
import { filesOf } from "./files.ts";
import type { Import } from "./graph.ts";

/** All imports of the crate whose sources are in this folder of the project. */
export function rustImports(folder: string): readonly Import[] {
  const root = fixture(`../../${folder}/`);
  return filesOf(folder, ".rs")
    .filter((file) => file !== "lib.rs")
    .flatMap((file) => importsOf(file, code(readFileSync(posix.join(root, file), "utf8"))));
}

/** Without comments, and without the tests at the end of a file, which may know everything. */
export function code(text: string): string {
  const [own = ""] = text.split(/^#\[cfg\((?:test|all\(test,.*)\)\]\nmod tests \{/m);
  return own.replaceAll(/\/\/.*$/gm, "");
}

/** What the code of one file names. */
export function importsOf(file: string, text: string): readonly Import[] {
  const modules = file.replace(/(?:\/mod)?\.rs$/, "").split("/");
  const from = modules[0] ?? "";
  const direct = [...text.matchAll(/(?<!\$)\bcrate::(\w+)/g)].map((match) => match[1] ?? "");
  const above = [...text.matchAll(/\b((?:super::)+)(\w+)/g)].flatMap((match) => {
    const levels = (match[1] ?? "").length / "super::".length;
    return levels >= modules.length ? [match[2] ?? ""] : [];
  });
  const grouped = [...text.matchAll(/\bcrate::\{([^;]*)\};/g)].flatMap((match) =>
    [...(match[1] ?? "").matchAll(/(?:^|,)\s*(\w+)/g)].map((name) => name[1] ?? ""),
  );
  return [...direct, ...above, ...grouped].map((to) => ({ file, from, to }));
}
