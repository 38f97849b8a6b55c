/**
 * The file of a black box, and how a program finds it: as a descriptor that it inherits, of a file without a name, or by
 * a path, for systems where descriptors cannot be handed over. The program reads the name in
 * rust-port/portreeve/src/blackbox/attach.rs.
 */

import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errnoOf } from "../reason.ts";

/** The file while it is open. */
export interface BoxFile {
  readonly fd: number;
  /** Descriptors that the program is to inherit, from 3 on. */
  readonly inherited: readonly number[];
  /** The value of `PORTREEVE_BOX`: `fd:<number>:<inode>` or `path:<absolute path>`. */
  readonly name: string;
  /** Takes away what is left of it. */
  readonly close: () => void;
}

/** Of the folders made here: the process that made it, and something random. */
const FOLDER = /^portreeve-(\d+)-[0-9a-f]{16}$/;
const READ_WRITE_NEW = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;

/**
 * A file without a name, in /dev/shm or else in the temporary folder.
 * @param content all of it
 * @returns undefined where neither has room
 */
export function unlinkedFile(content: Buffer): BoxFile | undefined {
  for (const folder of ["/dev/shm", tmpdir()]) {
    const fd = written(unique(folder), content, true);
    if (fd === undefined) continue;
    // The inode tells the program that the descriptor is the one that is meant.
    const name = `fd:3:${fstatSync(fd, { bigint: true }).ino}`;
    return { fd, inherited: [fd], name, close: () => closeSync(fd) };
  }
  return undefined;
}

/**
 * A file with a name, for its owner alone (0600) in a folder for its owner alone (0700). First it takes away what hosts
 * left that are dead.
 * @param content all of it
 * @param temporary where such folders are
 * @returns undefined when there is no room
 */
export function namedFile(content: Buffer, temporary = tmpdir()): BoxFile | undefined {
  sweep(temporary);
  const folder = unique(temporary);
  const path = join(folder, "box");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    return undefined;
  }
  const fd = written(path, content, false);
  if (fd === undefined) {
    remove();
    return undefined;
  }
  const close = () => {
    closeSync(fd);
    remove();
  };
  return { fd, inherited: [], name: `path:${path}`, close };
}

function sweep(temporary: string): void {
  for (const entry of readdirSync(temporary)) {
    const pid = FOLDER.exec(entry)?.[1];
    if (pid !== undefined && isDead(Number(pid))) removed(join(temporary, entry));
  }
}

/** Somebody else's, or gone already: not ours to take away. */
function removed(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It stays.
  }
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === "ESRCH";
  }
}

function unique(folder: string): string {
  return join(folder, `portreeve-${process.pid}-${randomBytes(8).toString("hex")}`);
}

/** All of it is written, not only claimed: on a full tmpfs a store into a hole is a SIGBUS. */
function written(path: string, content: Buffer, isUnlinked: boolean): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, READ_WRITE_NEW, 0o600);
    if (isUnlinked) unlinkSync(path);
    for (let at = 0; at < content.length; ) at += writeSync(fd, content, at, content.length - at, at);
    return fd;
  } catch {
    // No such folder, not writable, or full.
    if (fd !== undefined) closeSync(fd);
    return undefined;
  }
}
