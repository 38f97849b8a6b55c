/** Writes what a run came to as a page. */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import type { Reached } from "./coverage.ts";
import { type Outcome, repeatCommand } from "./run.ts";

/** Writes the page. @param args the arguments that the run was made with */
export async function record(
  file: string,
  args: readonly string[],
  outcomes: readonly Outcome[],
  reached: readonly Reached[],
): Promise<void> {
  await writeFile(file, page(args, outcomes, reached));
}

function page(args: readonly string[], outcomes: readonly Outcome[], reached: readonly Reached[]): string {
  return `# What the fuzzers found

Written by \`npm run fuzz -- ${args.join(" ")}\`, on Node ${process.versions.node}, ${cpus()[0]?.model ?? process.arch}.

| kind | seed | cases | minutes | found |
| --- | --- | --- | --- | --- |
${outcomes.map(outcomeRow).join("\n")}

Reached of codec/ and src/wire by these kinds together, by V8's count of functions and branches; behind them the lines
on which branches begin that were not reached.

| file | functions | branches | not reached |
| --- | --- | --- | --- |
${reached.map(reachedRow).join("\n")}
| **all** | ${total(reached, "functionsReached", "functions")} | ${total(reached, "branchesReached", "branches")} | |
`;
}

function outcomeRow({ kind, seed, cases, ms, finding }: Outcome): string {
  const found = finding === undefined ? "nothing" : `\`${repeatCommand(finding)}\``;
  return `| ${kind} | ${seed} | ${cases} | ${(ms / 60_000).toFixed(1)} | ${found} |`;
}

function reachedRow(file: Reached): string {
  const functions = `${file.functionsReached} of ${file.functions}`;
  const branches = `${file.branchesReached} of ${file.branches}`;
  return `| ${file.file} | ${functions} | ${branches} | ${file.missing.join(", ")} |`;
}

type Count = "functions" | "functionsReached" | "branches" | "branchesReached";

function total(reached: readonly Reached[], part: Count, whole: Count): string {
  const sum = (count: Count) => reached.reduce((all, file) => all + file[count], 0);
  return `${sum(part)} of ${sum(whole)} (${((100 * sum(part)) / Math.max(1, sum(whole))).toFixed(1)} %)`;
}
