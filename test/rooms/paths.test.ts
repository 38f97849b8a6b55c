/** Files that comments and documents speak of are there; ARCHITECTURE.md names functions that its files have. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { filesOf } from "./files.ts";

const root = fixture("../../");
const RUNTIME = "rust-port/portreeve/src";
/** Paths from the root of the checkout. */
const PATH =
  /(?<![\w./-])(?:src|codec|test|scripts|bench|docs|rust-port)\/[\w./-]+\.(?:ts|mts|mjs|rs|md|json)\b/g;
/** Of the reader's own crate. */
const THEIRS = /^src\/[\w/]+\.rs$/;

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Lines that are comments, or all of a document. */
function prose(file: string): string {
  const text = read(file);
  if (file.endsWith(".md")) return text;
  return text
    .split("\n")
    .filter((line) => /^\s*(?:\/\/|\*|\/\*)/.test(line))
    .join("\n");
}

function missing(files: readonly string[]): string[] {
  return files.flatMap((file) =>
    [...prose(file).matchAll(PATH)]
      .map(([path]) => path)
      .filter((path) => !THEIRS.test(path) && !existsSync(join(root, path)))
      .map((path) => `${file}: ${path}`),
  );
}

describe("paths", () => {
  const of = (folder: string, ending: string) => filesOf(folder, ending).map((file) => `${folder}/${file}`);

  test("in the comments of TypeScript", () => {
    const files = ["src", "codec"].flatMap((folder) => of(folder, ".ts"));
    expect(files.length).toBeGreaterThan(100);
    expect(missing(files)).toEqual([]);
  });

  test("in the comments of Rust", () => {
    const files = [RUNTIME, "rust-port/portreeve-macros/src"].flatMap((folder) => of(folder, ".rs"));
    expect(files.length).toBeGreaterThan(100);
    expect(missing(files)).toEqual([]);
  });

  test("in documents", () => {
    const docs = filesOf("docs", ".md").map((file) => `docs/${file}`);
    expect(missing(["README.md", "ARCHITECTURE.md", "SECURITY.md", "test/README.md", ...docs])).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  const text = read("ARCHITECTURE.md");

  test("each room of its tables is a folder", () => {
    const rows = [...text.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) => [
      ...cell.matchAll(/`([^`]+)`/g),
    ]);
    const rooms = rows.map(([, room = ""]) => room.replace(/\/$/, ""));
    const folder = (room: string) => (/^(?:src|codec)/.test(room) ? room : `${RUNTIME}/${room}`);
    expect(rooms.length).toBeGreaterThan(20);
    expect(rooms.filter((room) => !existsSync(join(root, folder(room))))).toEqual([]);
  });

  test("each file of its ways is there, and has the function that is named behind it", () => {
    const steps = [...text.matchAll(/`((?:src|codec)\/[\w/-]+\.ts)`(?: `(\w+)`)?/g)];
    expect(steps.length).toBeGreaterThan(25);
    const wrong = steps.filter(
      ([, file = "", name]) =>
        !existsSync(join(root, file)) ||
        (name !== undefined && !new RegExp(`\\b${name}(?:<[^>]*>)?\\(|\\bclass ${name}\\b`).test(read(file))),
    );
    expect(wrong.map(([step]) => step)).toEqual([]);
  });

  test("each Rust file is there", () => {
    const files = [...text.matchAll(/`([\w/]+\.rs)`/g)].map(([, file = ""]) => file);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(root, RUNTIME, file)))).toEqual([]);
  });
});
