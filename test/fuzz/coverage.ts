/** What of the code was reached, by V8's own count: each function and each branch in it, mapped back to the sources. */
import { readdirSync, readFileSync } from "node:fs";
import { type Profiler, Session } from "node:inspector";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** What was reached of one file. */
export interface Reached {
  /** Its path from the project's root. */
  readonly file: string;
  readonly functions: number;
  readonly functionsReached: number;
  readonly branches: number;
  readonly branchesReached: number;
  /** The lines on which branches begin that were not reached. */
  readonly missing: readonly number[];
}

/** Where the compiled sources lie, and what of them is counted. */
const ROOT = new URL("../../", import.meta.url).href;
const FOLDERS = ["codec/", "src/wire/"];

/** Starts counting what is loaded from now on. */
export function startCoverage(): { take(): readonly Reached[] } {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  return { take: () => take(session) };
}

/** Loads all that is counted, so that what is never used counts as well. */
export async function loadAll(): Promise<void> {
  for (const folder of FOLDERS) {
    const files = readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith(".js"));
    for (const name of files) await import(ROOT + folder + name);
  }
}

function take(session: Session): Reached[] {
  const reached: Reached[] = [];
  // The inspector of one's own process answers before `post` returns.
  session.post("Profiler.takePreciseCoverage", (error, { result }) => {
    if (error !== null) throw error;
    for (const script of result) if (isOurs(script.url)) reached.push(reachedOf(script));
  });
  session.disconnect();
  return reached.sort((a, b) => (a.file < b.file ? -1 : 1));
}

function isOurs(url: string): boolean {
  return FOLDERS.some((folder) => url.startsWith(ROOT + folder));
}

function reachedOf({ url, functions }: Profiler.ScriptCoverage): Reached {
  const branches = functions.flatMap(({ ranges }) => ranges);
  const missed = branches.filter(({ count }) => count === 0);
  const functionsReached = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length;
  return {
    file: url.slice(ROOT.length).replace(/\.js$/, ".ts"),
    functions: functions.length,
    functionsReached,
    branches: branches.length,
    branchesReached: branches.length - missed.length,
    missing: linesOf(
      fileURLToPath(url),
      missed.map(({ startOffset }) => startOffset),
    ),
  };
}

/** The lines of the source on which what begins at these places of the compiled file is. */
function linesOf(path: string, offsets: readonly number[]): number[] {
  if (offsets.length === 0) return [];
  const text = readFileSync(path, "utf8");
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")));
  const lines = offsets.map((offset) => {
    // A branch begins at its brace: what is in it begins behind.
    const before = text.slice(0, offset + 1).split("\n");
    const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
    return "originalLine" in entry ? entry.originalLine + 1 : 0;
  });
  return [...new Set(lines)].sort((a, b) => a - b);
}
