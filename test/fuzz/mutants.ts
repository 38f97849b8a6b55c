/**
 * That the fuzzers can find something: each mutant puts the old code of a fault back into a copy of the sources, and its
 * kind must find it there. `npm run fuzz -- --mutants` shows it, and fuzz.test.ts does with few cases.
 */
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MUTANTS, type Mutant } from "./faults.ts";
import type { Options } from "./options.ts";

/** What of the project a copy needs, from its root. */
const SOURCES = ["codec", "src", "test", "tsconfig.json", "tsconfig.fuzz.json", "package.json"];

/** What looking for a mutant came to. */
export interface Search {
  /** In which case it was found, or `undefined` when it was not. */
  readonly case: number | undefined;
  /** The error that showed it. */
  readonly error: string;
}

/** Looks for each mutant of the kinds that were asked for. @returns the exit code: 1 when one was not found */
export async function checkMutants({ kinds, seed, to }: Options): Promise<number> {
  let missed = 0;
  for (const mutant of MUTANTS.filter(({ kind }) => kinds.some(({ name }) => name === kind))) {
    const found = await search(mutant, seed, to);
    if (found.case === undefined) missed++;
    process.stdout.write(`${mutant.name} (${mutant.kind}): ${summary(found, to)}\n`);
  }
  return missed === 0 ? 0 : 1;
}

function summary({ case: n, error }: Search, cases: number): string {
  if (n === undefined) return `NOT found in ${cases} cases`;
  return `found in case ${n}: ${error.split("\n")[0]?.slice(0, 100)}`;
}

/** Runs a mutant's kind on a copy with the mutant in it, for at most `cases` cases. */
export async function search(mutant: Mutant, seed: number, cases: number): Promise<Search> {
  // Inside the project, where modules find node_modules.
  await mkdir("build", { recursive: true });
  const copy = await mkdtemp(join("build", "mutant-"));
  try {
    for (const name of SOURCES) await cp(name, join(copy, name), { recursive: true });
    for (const change of mutant.changes) await apply(copy, change);
    const tsc = join("node_modules", "typescript", "bin", "tsc");
    // The old code need not fit the types of the new.
    await run([tsc, "-p", join(copy, "tsconfig.fuzz.json"), "--noCheck"]);
    const main = join(copy, "build", "fuzz", "test", "fuzz", "main.js");
    const args = ["--json", "--kind", mutant.kind, "--seed", String(seed), "--cases", String(cases)];
    return outcome(await run([main, ...args], [0, 1]));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function apply(copy: string, { file, from, to }: Mutant["changes"][number]): Promise<void> {
  const path = join(copy, file);
  const parts = (await readFile(path, "utf8")).split(from);
  if (parts.length !== 2)
    throw new Error(
      `${file} has the code that a mutant changes ${parts.length - 1} times, not once:\n${from}`,
    );
  await writeFile(path, parts.join(to));
}

function outcome(output: string): Search {
  const { cases, error } = JSON.parse(output) as { cases: number; error?: string };
  return error === undefined ? { case: undefined, error: "" } : { case: cases - 1, error };
}

/** What a Node program writes to stdout. @throws Error with what it wrote to stderr when it ends in another way */
function run(args: readonly string[], codes: readonly number[] = [0]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const text = Buffer.concat(out).toString();
      if (code !== null && codes.includes(code)) resolve(text);
      else reject(new Error(`${args[0]} ended with ${code ?? signal}:\n${text}${Buffer.concat(err)}`));
    });
  });
}
