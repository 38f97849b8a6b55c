/** How long the functions of a Rust file are. Braces are counted, where strings, characters and comments were blanked. */

/** One function: `name` and its lines, from `fn` to its closing brace. */
export interface Measured {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** Comments, strings and characters, whose braces mean nothing. A lifetime is none of them: no quote closes it. */
const QUIET =
  /\/\/.*|\/\*[\s\S]*?\*\/|b?c?r(#+)"[\s\S]*?"\1|b?c?r"[^"]*"|[bc]?"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^\\'\n])'/g;

/** The same text with nothing but spaces in its comments, strings and characters; lines stay where they are. */
export function blanked(text: string): string {
  return text.replaceAll(QUIET, (quiet) => quiet.replaceAll(/[^\n]/g, " "));
}

/** All functions that have a body, those within functions and macros too. */
export function rustFunctions(text: string): readonly Measured[] {
  const code = blanked(text);
  return [...code.matchAll(/\bfn\s+(\w+)/g)].flatMap(({ index, 1: name = "" }) => {
    const open = bodyOf(code, index);
    if (open === undefined) return [];
    const line = linesBefore(code, index);
    return [{ name, line, lines: linesBefore(code, closing(code, open)) - line + 1 }];
  });
}

/** Where the body begins; undefined for one that is only declared. A `;` within brackets is that of an array's length. */
function bodyOf(code: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    const char = code[at] ?? "";
    if ("([".includes(char)) depth += 1;
    else if (")]".includes(char)) depth -= 1;
    else if (depth === 0 && char === ";") return undefined;
    else if (depth === 0 && char === "{") return at;
  }
  return undefined;
}

function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === "{") depth += 1;
    else if (code[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error("a brace is never closed");
}

function linesBefore(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
