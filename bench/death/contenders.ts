/** Ways to lose a process and to get an answer from the next one. Each gives the ms from the one to the other. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, type Port } from "portreeve";

export interface Contender {
  readonly name: string;
  /** Once, in ms. */
  run(): Promise<number>;
  close(): Promise<void>;
}

/** The floor: the start of a program that does next to nothing, up to the first bytes that come back. */
export function emptyProgram(path: string): Contender {
  return {
    name: "start of an empty Rust program, to its first bytes",
    run: async () => {
      const start = performance.now();
      const child = spawn(path, { stdio: ["pipe", "pipe", "inherit"] });
      child.stdin.write(Buffer.from([0, 0, 0, 1, 106]));
      await once(child.stdout, "data");
      const end = performance.now();
      child.stdin.end();
      await once(child, "close");
      return end - start;
    },
    close: async () => {},
  };
}

/** The same with all that a port does: the black box, both hellos, ready. */
export function opening(path: string): Contender {
  return {
    name: "open, to the first answer",
    run: async () => {
      const start = performance.now();
      const port = await open(path, { stderr: "ignore", shutdown: 0 });
      await port.call("add", [1, 2]);
      const end = performance.now();
      await port.close();
      return end - start;
    },
    close: async () => {},
  };
}

/** A worker is killed; a call that is made at that moment is answered by the next one. */
export async function killed(path: string): Promise<Contender> {
  const port = await lasting(path);
  return {
    name: "SIGKILL, to the first answer",
    run: async () => {
      const pid = port.stats().workers[0]?.pid;
      if (pid === undefined) throw new Error("the worker has no pid");
      const start = performance.now();
      process.kill(pid, "SIGKILL");
      // The pid of the dead worker would answer nothing: whatever comes is of its successor.
      await answer(port);
      return performance.now() - start;
    },
    close: () => port.close(),
  };
}

/** A function crashes; the record of the crash is written by the dying program, and read. */
export async function crashed(path: string, until: "error" | "answer"): Promise<Contender> {
  const port = await lasting(path);
  const what = until === "error" ? "the named error of its call" : "the first answer";
  return {
    name: `SIGSEGV in a function, to ${what}`,
    run: async () => {
      const dead = new Promise((resolve) => port.once("exit", resolve));
      const start = performance.now();
      const crash = port.call("segfault").then(
        () => Promise.reject(new Error("segfault came back")),
        () => performance.now() - start,
      );
      await dead;
      const answered = answer(port).then(() => performance.now() - start);
      const [error, next] = await Promise.all([crash, answered]);
      return until === "error" ? error : next;
    },
    close: () => port.close(),
  };
}

/** However often its worker dies, the next one starts at once. */
function lasting(path: string): Promise<Port> {
  return open(path, { stderr: "ignore", maxRestarts: 1e6, backoff: { initial: 0, max: 0 }, shutdown: 0 });
}

/** An idempotent call: when the dying worker has got it, it is sent again. */
async function answer(port: Port): Promise<void> {
  const sum = await port.call("add", [1, 2]);
  if (sum !== 3) throw new Error(`add gave ${String(sum)}`);
}
