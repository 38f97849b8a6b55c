/**
 * What lets stopped hosts go on when the run is gone without having ended them (SIGKILL): a shell that waits for the end
 * of its stdin, and then continues every group that it was told of. A host that runs notices by itself that nobody
 * gives it orders any more, and ends; a stopped one cannot.
 */

import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

/** A signal from the terminal is the run's to deal with. */
const SCRIPT =
  'trap \'\' HUP INT TERM; while read -r pid; do set -- "$@" "-$pid"; done; kill -s CONT -- "$@" 2>/dev/null';

let told: Writable | undefined;

/** @param pid of the leader of a group that is going to be stopped */
export function wakeWithoutUs(pid: number): void {
  told ??= start();
  told.write(`${pid}\n`);
}

/** It keeps nobody alive, and ends with this process. */
function start(): Writable {
  const shell = spawn("sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"] });
  shell.unref();
  const { stdin } = shell;
  // What a socket has and `Writable` does not say; a run that waits for nothing else may end.
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return stdin;
}
