/**
 * The code in a page of the docs. A block behind `<!-- test: name -->` is a file of that name; a block ```` ```text ````
 * right behind it is what the file prints when it is run.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Snippet {
  /** A path in the project that the page describes: `main.ts`, `src/main.rs`. */
  readonly name: string;
  readonly language: string;
  readonly code: string;
  /** What it prints to stdout, where the page says so. */
  readonly output: string | undefined;
}

const BLOCK = /^<!-- test: (\S+) -->\n```(\w+)\n([\s\S]*?)^```$(?:\n\n```text\n([\s\S]*?)^```$)?/gm;

/** @param page its path from the root of the repository */
export function snippetsOf(page: string): Snippet[] {
  return [...textOf(page).matchAll(BLOCK)].map(([, name = "", language = "", code = "", output]) => ({
    name,
    language,
    code,
    output,
  }));
}

/** How many blocks of a language a page has, to see that none stands there untested. */
export function countBlocks(page: string, language: string): number {
  return textOf(page)
    .split("\n")
    .filter((line) => line === `\`\`\`${language}`).length;
}

export function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}
