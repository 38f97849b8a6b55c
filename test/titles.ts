/** Whether a test is there under a title, for tables that name tests: not in a comment, and not left out. */
import { existsSync, readFileSync } from "node:fs";
import { fixture } from "./fixtures/fixture.ts";

/** Comments that have lines of their own. */
const COMMENTS = /^[ \t]*(?:\/\/[^\n]*|\/\*.*?\*\/)/gms;

/**
 * @param file its path from the root
 * @param title as it is written there; in Rust the name of the function, in a page its words
 */
export function hasTest(file: string, title: string): boolean {
  const path = fixture(`../../${file}`);
  if (!existsSync(path)) return false;
  const text = readFileSync(path, "utf8");
  if (file.endsWith(".md")) return text.includes(title);
  return file.endsWith(".rs") ? isInRust(text, title) : isInTypeScript(text, title);
}

/** Titles are the first string of a call, and have other quotes round them than inside. */
export function isInTypeScript(text: string, title: string): boolean {
  const code = text.replace(COMMENTS, "");
  const begins = ['"', "'", "`"].map((quote) => code.indexOf(quote + title)).filter((at) => at >= 0);
  return begins.some((at) => !/\.(?:skip|todo)\(\s*$/.test(code.slice(0, at)));
}

export function isInRust(text: string, name: string): boolean {
  const before = text.replace(COMMENTS, "").split(`fn ${name}(`);
  return before.length > 1 && !/#\[ignore[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:async )?$/.test(before[0] ?? "");
}
