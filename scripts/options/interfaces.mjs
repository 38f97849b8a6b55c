/** The properties of interfaces, with their types and comments as they stand in the source. */
import { join } from "node:path";
import { SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";

/**
 * @param root the checkout
 * @param groups each with a `file` and the names of its `interfaces`
 * @returns interface → properties: `{ name, type, isOptional, comment }`
 */
export function readInterfaces(root, groups) {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProject: join(root, "tsconfig.json") }).getProjects();
    const files = [...new Set(groups.map(({ file }) => file))];
    return new Map(files.flatMap((file) => interfacesOf(project.program.getSourceFile(join(root, file)))));
  } finally {
    api.close();
  }
}

function interfacesOf(source) {
  const found = source.statements.filter(({ kind }) => kind === SyntaxKind.InterfaceDeclaration);
  return found.map(({ name, members }) => [
    name.text,
    members.map((member) => ({
      name: member.name.text,
      type: member.type
        .getText(source)
        .replaceAll(/\s+/g, " ")
        .replace(/ \| undefined$/, ""),
      isOptional: member.postfixToken?.kind === SyntaxKind.QuestionToken,
      comment: proseOf(source.text, member.jsDoc?.at(-1)),
    })),
  ]);
}

/** A comment as one paragraph. */
function proseOf(text, comment) {
  if (comment === undefined) return "";
  const lines = text
    .slice(comment.pos, comment.end)
    .replace(/^\s*\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n");
  const prose = lines.map((line) => line.replace(/^\s*\* ?/, "").trim()).join(" ");
  return prose.replaceAll(/\{@link ([^}]+)\}/g, "`$1`").trim();
}
