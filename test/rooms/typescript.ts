/** The imports of the package, by today's folders: `codec/`, the folders of `src/`, and the files that stand in it. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fixture } from "../fixtures/fixture.ts";
import { filesOf } from "./files.ts";
import type { Import } from "./graph.ts";

/** All imports between files of the package. */
export function typescriptImports(): readonly Import[] {
  const root = fixture("../../");
  return ["src", "codec"]
    .flatMap((folder) => filesOf(folder, ".ts").map((file) => `${folder}/${file}`))
    .flatMap((file) => importsOf(file, readFileSync(posix.join(root, file), "utf8")));
}

function importsOf(file: string, text: string): readonly Import[] {
  const named = text.matchAll(/\bfrom "(\.[^"]+)"|\bimport\(\s*"(\.[^"]+)"/g);
  return [...named].map((match) => {
    const target = posix.join(posix.dirname(file), match[1] ?? match[2] ?? "");
    return { file, from: room(file), to: room(target) };
  });
}

/** `src/index.ts` is a room of its own, the other files beside it are `shared`. */
function room(file: string): string {
  const [top = "", folder = "", ...inside] = file.split("/");
  if (top !== "src") return top;
  if (folder === "index.ts") return "index";
  return inside.length > 0 ? folder : "shared";
}
