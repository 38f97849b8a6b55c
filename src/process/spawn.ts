/**
 * Starts a process by Node's own spawn, and says why when that fails. Whatever it needs is loaded with this module: a
 * worker dies when there are no descriptors left, or when the package was replaced on the disk, and has to be started again
 * all the same.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { describeSpawnFailure } from "../diagnose/diagnose.ts";
import { gatherFacts } from "../diagnose/facts.ts";
import { hasPassed, refusal } from "../diagnose/foreign.ts";
import { environment } from "../environment.ts";
import { SpawnError } from "../errors.ts";
import { errnoOf } from "../reason.ts";
import { monotonic, setTimeout } from "../timers.ts";
import { type Child, type ChildListener, type ChildOptions, RunningChild } from "./child.ts";

/** ms between two tries. */
const PAUSE = 20;
/** Node tells of a failure a turn later; with process.nextTick replaced (fake timers) it never does. */
const ERROR_PATIENCE = 1000;

/**
 * Starts a process: from the second time on before it returns, and not only before it resolves. Rejects with a {@link SpawnError} that says what is wrong with the program.
 * It must be called with the listener ready: bytes come as soon as it resolves.
 */
export async function spawnChild(options: ChildOptions, listener: ChildListener): Promise<Child> {
  const { path, wrap = [], drainTimeout = 1000, retry } = options;
  if (wrap.length === 0 && !hasPassed(path)) await refuse(path);
  const lastTry = monotonic() + (retry?.ms ?? 0) - PAUSE;
  for (;;) {
    const started = start(options);
    if (!(started instanceof Promise)) return new RunningChild(started, drainTimeout, listener);
    const cause = await started;
    const mayRetry = retry?.errnos.has(errnoOf(cause) ?? "") === true && retry.isWanted();
    if (!mayRetry || monotonic() > lastTry) throw await explain(options, cause);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** @returns the process, or why there is none */
function start(options: ChildOptions): Started | Promise<unknown> {
  const { path, args, fds = [], cwd, wrap = [] } = options;
  const [file = path, ...rest] = [...wrap, path, ...args];
  try {
    const started = spawn(file, rest, {
      stdio: ["pipe", "pipe", "pipe", ...fds],
      env: environment(options),
      ...(cwd === undefined ? {} : { cwd }),
      windowsHide: true,
    });
    return isStarted(started) ? started : failure(started);
  } catch (error) {
    // Node throws what it does not expect of spawn(2), such as ENOMEM and E2BIG.
    return Promise.resolve(error);
  }
}

/** A process that runs, with all its pipes. */
export type Started = ChildProcess & { readonly pid: number };

function isStarted(started: ChildProcess): started is Started {
  return started.pid !== undefined;
}

function failure(started: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    started.on("error", resolve);
    setTimeout(() => resolve(new Error("the system does not say why")), ERROR_PATIENCE).unref();
  });
}

async function explain(options: ChildOptions, cause: unknown): Promise<SpawnError> {
  const { path, cwd, wrap } = options;
  const facts = await gatherFacts(path, { cwd, wrap: wrap?.[0], error: cause, given: options });
  return new SpawnError(describeSpawnFailure(facts), { path, cause });
}

async function refuse(path: string): Promise<void> {
  const message = await refusal(path);
  if (message !== undefined) throw new SpawnError(message, { path });
}
