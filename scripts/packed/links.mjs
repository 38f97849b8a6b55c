/** Whether the links of an installed package lead somewhere in it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The relative links in README.md and docs/ that lead nowhere, as `file: link`. */
export function deadLinks(root) {
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.map((name) => join("docs", name))].flatMap((file) =>
    relativeLinks(readFileSync(join(root, file), "utf8"))
      .filter((link) => !existsSync(join(root, dirname(file), link)))
      .map((link) => `${file}: ${link}`),
  );
}

function relativeLinks(markdown) {
  const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target.split("#")[0]);
  return targets.filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}
