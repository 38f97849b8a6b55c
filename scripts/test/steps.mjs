/** Runs the steps of `npm test` one after the other, shows them, and adds up what came of them. */
import { spawn } from "node:child_process";

/**
 * A step is `{ name, command, cwd?, env?, count? }` or `{ name, run }`. Its output goes to the terminal as it comes;
 * `count` gets the exit code and the text of stdout, and says how many tests passed, failed and were skipped.
 */
export async function runSteps(steps, root) {
  for (const signal of SIGNALS) process.on(signal, interrupt);
  const results = [];
  for (const step of steps) {
    if (interrupted) break;
    process.stdout.write(`\n── ${step.name}${step.command ? `: ${shown(step.command, root)}` : ""}\n`);
    const result = await runStep(step, root);
    process.stdout.write(
      `── ${step.name}: ${result.failed === 0 ? "ok" : "FAILED"} in ${result.seconds} s\n`,
    );
    results.push(result);
  }
  for (const signal of SIGNALS) process.off(signal, interrupt);
  return results;
}

const SIGNALS = ["SIGINT", "SIGTERM"];
let interrupted = false;
let current;

/** The step gets a Ctrl-C as well, from the terminal. It ends, the rest does not begin, and the end is told. */
function interrupt(signal) {
  interrupted = true;
  current?.kill(signal);
}

async function runStep(step, root) {
  const began = performance.now();
  const outcome = await outcomeOf(step, root);
  return {
    name: step.name,
    passed: 0,
    failures: [],
    skipped: [],
    repeated: [],
    ...outcome,
    seconds: ((performance.now() - began) / 1000).toFixed(1),
  };
}

async function outcomeOf(step, root) {
  try {
    if (step.run !== undefined) return { failed: 0, ...(await step.run(runCommand)) };
    const { code, stdout } = await runCommand(step.command, step.cwd ?? root, step);
    const counted = step.count?.(code, stdout) ?? {};
    // A step that failed has failed once at least, whatever its counts say: a crash has no line of its own.
    const told = counted.failed ?? counted.failures?.length ?? 0;
    const failed = Math.max(told, code === 0 ? 0 : 1);
    return { ...counted, failed };
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    return { failed: 1, note: error.message };
  }
}

/** Runs a command, shows what it writes, and resolves with its exit code and its stdout. */
export function runCommand([file, ...args], cwd, { env = {}, count } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", count === undefined ? "inherit" : "pipe", "inherit"];
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio });
    current = child;
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      process.stdout.write(text);
    });
    child.once("error", (error) =>
      reject(new Error(error.code === "ENOENT" ? missing(file) : error.message)),
    );
    child.once("close", (code) => resolve({ code, stdout }));
  });
}

function missing(file) {
  return file === "cargo"
    ? "cargo was not found in the PATH: Rust is installed from https://rustup.rs"
    : `${file} was not found`;
}

function shown(command, root) {
  return command.join(" ").replaceAll(`${root}/node_modules/.bin/`, "");
}

/** A table of the steps with their times, and by name what failed, was skipped, or had to run again to pass. */
export function report(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map((result) => {
    const { name, seconds, passed, failed, note } = result;
    const tests = passed > 0 ? `${passed} of ${passed + failed} tests` : "";
    const state = failed > 0 ? "FAILED" : "ok";
    return `${name.padEnd(width)}  ${seconds.padStart(7)} s  ${state.padEnd(6)}  ${note ?? tests}`.trimEnd();
  });
  const named = (words, key) =>
    results.flatMap((result) => result[key].map((test) => `${words} in ${result.name}: ${test}`));
  const names = [
    ...named("skipped", "skipped"),
    ...named("passed only at the second attempt", "repeated"),
    ...named("FAILED", "failures"),
  ];
  return `\n${[...lines, ...names].join("\n")}\n`;
}

/** The one line that says it all. */
export function closingLine(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return `${sum("passed")} passed, ${sum("failed") + (interrupted ? 1 : 0)} failed`;
}
