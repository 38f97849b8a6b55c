/**
 * The host of the kind "surroundings" (surroundings.ts): opens a port, and for each line of its stdin does what stands
 * there to its own surroundings while calls run. A line is a list of acts, `[name, number]`; its answer is `ok`, or what
 * is wrong. Arguments: the URL of the package's entry, the program, a folder of its own.
 */
import { closeSync, copyFileSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [entry, original, folder] = process.argv.slice(2);
const { open } = await import(entry);
const program = join(folder, "program.mjs");
const broken = join(folder, "broken.mjs");
const real = { setTimeout, setInterval, setImmediate, nextTick: process.nextTick, dateNow: Date.now };
const clock = performance.now.bind(performance);
const taken = [];
const reloads = [];
let writing;

/** No call may take longer than this, whatever was done, in ms. */
const LONGEST = 20_000;
/** What may become of a call meanwhile. */
const CODES = new Set(["PORT_EXIT", "PORT_RESTART_LIMIT", "CALL_TIMEOUT", "PORT_SPAWN", "PORT_HANDSHAKE"]);

const fail = (text) => {
  throw new Error(text);
};

const ACTS = {
  /** Takes all descriptors but so many. */
  exhaust(spare) {
    try {
      for (;;) taken.push(openSync("/dev/null"));
    } catch (error) {
      if (error.code !== "EMFILE") throw error;
    }
    free(spare % 16);
  },
  free: () => free(taken.length),
  temporary(n) {
    const path = join(folder, "tmp");
    if (n % 2 === 0) rmSync(path, { recursive: true, force: true });
    else mkdirSync(path, { recursive: true });
  },
  folder() {
    const path = join(folder, "cwd");
    mkdirSync(path, { recursive: true });
    process.chdir(path);
    rmSync(path, { recursive: true });
  },
  /** The same program as another file. */
  replace() {
    copyFileSync(original, `${program}.new`);
    renameSync(`${program}.new`, program);
  },
  write() {
    writing ??= openSync(program, "r+");
  },
  fakes() {
    globalThis.setTimeout = () => ({ unref() {}, ref() {} });
    globalThis.setInterval = globalThis.setTimeout;
    globalThis.setImmediate = () => {};
    process.nextTick = () => {};
    Date.now = () => 0;
    performance.now = () => 0;
  },
  realTimers,
  kill(n, port) {
    const pids = port.stats().workers.flatMap(({ pid }) => pid ?? []);
    if (pids.length > 0) process.kill(pids[n % pids.length], n % 3 === 0 ? "SIGSEGV" : "SIGKILL");
  },
  /** A new build that fails when it begins: everything stays as it was. */
  reload(_n, port) {
    reloads.push(port.reload(broken).then(() => fail("a broken program was taken"), isExpected));
  },
  print(n, port) {
    port.cast("stderr", [`${"\u001b[31m".repeat(n % 50)}${"x".repeat(n % 3000)}\n`]);
  },
};

/** What an act meets in the surroundings that others made: no descriptors, a folder or a process that is gone. */
const HINDRANCES = new Set(["EMFILE", "ESRCH", "ENOENT", "ETXTBSY"]);

function act(name, n, port) {
  try {
    ACTS[name](n, port);
  } catch (error) {
    if (!HINDRANCES.has(error.code) && !CODES.has(error.code)) throw error;
  }
}

function free(count) {
  for (const fd of taken.splice(0, count)) closeSync(fd);
}

function realTimers() {
  Object.assign(globalThis, {
    setTimeout: real.setTimeout,
    setInterval: real.setInterval,
    setImmediate: real.setImmediate,
  });
  process.nextTick = real.nextTick;
  Date.now = real.dateNow;
  performance.now = clock;
}

function heal() {
  free(taken.length);
  realTimers();
  if (writing !== undefined) closeSync(writing);
  writing = undefined;
}

/** Fails when the promise is not settled in time. */
function bounded(promise, what) {
  return new Promise((resolve, reject) => {
    const timer = real.setTimeout(
      () => reject(new Error(`${what} is not settled after ${LONGEST} ms`)),
      LONGEST,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function isExpected(error) {
  if (!CODES.has(error?.code)) throw error;
}

/** A call that is answered rightly, or fails with an error of a port's. */
async function echo(port, value) {
  try {
    const answer = await port.call("echo", [value], { timeout: LONGEST / 2 });
    if (answer !== value) fail(`echo of ${value} gave ${answer}`);
  } catch (error) {
    if (!CODES.has(error?.code)) throw error;
  }
}

async function play(port, acts) {
  const calls = [];
  for (const [name, n] of acts) {
    calls.push(echo(port, n), echo(port, `text ${n}`));
    if (n % 4 === 0) await new Promise((resolve) => real.setImmediate(resolve));
    act(name, n, port);
    calls.push(echo(port, -n));
  }
  if (acts.length % 2 === 0) await bounded(echo(port, 1), "a call in the middle");
  heal();
  await bounded(Promise.all(calls), "a call beside the acts");
  await bounded(Promise.all(reloads.splice(0)), "a reload");
  await bounded(recovered(port), "the first good call after all is well again");
}

/** Until a call gets through: the backoff or a restart limit may stand in the way for a moment. */
async function recovered(port) {
  for (let error; ; ) {
    error = undefined;
    const answer = await port.call("echo", ["well"]).catch((reason) => {
      error = reason;
    });
    if (answer === "well") return;
    if (!CODES.has(error?.code)) throw error;
    await new Promise((resolve) => real.setTimeout(resolve, 5));
  }
}

copyFileSync(original, program);
copyFileSync(original, broken);
mkdirSync(join(folder, "tmp"), { recursive: true });
const port = await open(program, {
  workers: 2,
  maxRestarts: 1000,
  backoff: { initial: 1, max: 20, jitter: 0 },
  callTimeout: LONGEST / 2,
  stderr: "inherit",
});
const say = (text) => writeSync(1, `${text}\n`);
say("ready");
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await play(port, JSON.parse(line));
    say("ok");
  } catch (error) {
    heal();
    say(JSON.stringify(String(error?.stack ?? error)));
  }
}
await port.close();
