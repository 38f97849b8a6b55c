/** How long the functions of TypeScript files are, by the compiler's own tree. */
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { fixture } from "../fixtures/fixture.ts";
import type { Measured } from "./rust-functions.ts";

const FUNCTIONS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

/** @param files paths in the checkout, all of the package's own project @returns file → its functions that have a body */
export function typescriptFunctions(files: readonly string[]): ReadonlyMap<string, readonly Measured[]> {
  const api = new API({ cwd: fixture("../..") });
  try {
    const [project] = api.updateSnapshot({ openProject: fixture("../../tsconfig.json") }).getProjects();
    return new Map(
      files.map((file) => [file, functionsOf(project?.program.getSourceFile(fixture(`../../${file}`)))]),
    );
  } finally {
    api.close();
  }
}

function functionsOf(source: SourceFile | undefined): readonly Measured[] {
  if (source === undefined) throw new Error("tsconfig.json does not include the file");
  const found: Measured[] = [];
  const lineOf = (at: number): number => source.text.slice(0, at).split("\n").length;
  const visit = (node: Node): void => {
    if (FUNCTIONS.has(node.kind) && "body" in node && node.body !== undefined) {
      const line = lineOf(node.getStart(source));
      found.push({ name: nameOf(node, source), line, lines: lineOf(node.end) - line + 1 });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** What it is called; of one without a name, of what it is given to. */
function nameOf(node: Node, source: SourceFile): string {
  const named = "name" in node && node.name !== undefined ? node : node.parent;
  const name = "name" in named ? (named.name as Node | undefined) : undefined;
  return name?.getText(source) ?? (node.kind === SyntaxKind.Constructor ? "constructor" : "(no name)");
}
