/** Every link of the docs leads to a file and a heading that are there, in the checkout and in the package. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { deadLinks, linksOf, pagesOf } from "../../scripts/packed/links.mjs";
import { root } from "./snippets.ts";

const pack = ["pack", "--dry-run", "--json", "--ignore-scripts"];

/** What `npm pack` would put into the tarball. */
async function packedFiles(): Promise<string[]> {
  const { stdout } = await promisify(execFile)("npm", pack, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

test("each leads somewhere", () => {
  expect(linksOf(root).length).toBeGreaterThan(40);
  expect(deadLinks(root)).toEqual([]);
});

test("the pages and what they lead to are packed", async () => {
  const files = await packedFiles();
  const isPacked = (path: string) => files.some((file) => file === path || file.startsWith(`${path}/`));
  const targets = linksOf(root).map(({ path }) => path.replace(/\/$/, ""));
  expect([...pagesOf(root), ...targets].filter((path) => !isPacked(path))).toEqual([]);
});
