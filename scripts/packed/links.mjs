/** Whether the links of a checkout, or of an installed package, lead somewhere in it. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The pages of a package, as paths in it. */
export function pagesOf(root) {
  const markdown = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"));
  return [...markdown("."), ...markdown("docs").map((name) => join("docs", name))];
}

/** The relative links of all pages: what each leads to, as a path in the package, and the heading that it names. */
export function linksOf(root) {
  return pagesOf(root).flatMap((page) =>
    relativeLinks(readFileSync(join(root, page), "utf8")).map((link) => {
      const [path = "", heading] = link.split("#");
      return { page, link, path: path === "" ? page : join(dirname(page), path), heading };
    }),
  );
}

/** Those that lead nowhere, to no file or no heading, as `page: link`. */
export function deadLinks(root) {
  return linksOf(root)
    .filter(({ path, heading }) => !leadsSomewhere(join(root, path), heading))
    .map(({ page, link }) => `${page}: ${link}`);
}

function leadsSomewhere(path, heading) {
  if (!existsSync(path)) return false;
  if (heading === undefined || !path.endsWith(".md") || statSync(path).isDirectory()) return true;
  return headingsOf(readFileSync(path, "utf8")).includes(heading);
}

function relativeLinks(markdown) {
  const targets = [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** As the places that show Markdown name them in links. */
function headingsOf(markdown) {
  const lines = withoutCode(markdown)
    .split("\n")
    .filter((line) => /^#+ /.test(line));
  return lines.map((line) =>
    line
      .replace(/^#+ /, "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function withoutCode(markdown) {
  return markdown.replace(/^```[\s\S]*?^```$/gm, "");
}
