/**
 * What `open` was given, as it was then: workers that are started later get the same, whatever the host does to its objects
 * and to its own folder meanwhile.
 */

import { resolve } from "node:path";
import type { OpenOptions } from "./open.ts";

/** Copies of the lists and objects among the options, and a `cwd` that does not depend on the host's. */
export function snapshot(options: OpenOptions): OpenOptions {
  const { args, env, cwd, wrap, limits, backoff, heartbeat, recycle, handlers } = options;
  return {
    ...options,
    ...(args === undefined ? {} : { args: [...args] }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(cwd === undefined ? {} : { cwd: resolve(cwd) }),
    ...(wrap === undefined ? {} : { wrap: [...wrap] }),
    ...(limits === undefined ? {} : { limits: { ...limits } }),
    ...(backoff === undefined ? {} : { backoff: { ...backoff } }),
    ...(heartbeat === undefined || heartbeat === false ? {} : { heartbeat: { ...heartbeat } }),
    ...(recycle === undefined ? {} : { recycle: { ...recycle } }),
    ...(handlers === undefined ? {} : { handlers: { ...handlers } }),
  };
}

/** The host's own folder; undefined when it was deleted. */
export function hostFolder(): string | undefined {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Where a worker is started: in the folder of the option, or in that which was the host's at `open`.
 * @returns undefined for the folder in which the host still is, which goes on when that was deleted
 */
export function folderFor(cwd: string | undefined, opened: string | undefined): string | undefined {
  const now = hostFolder();
  return cwd ?? (now === undefined || now === opened ? undefined : opened);
}
