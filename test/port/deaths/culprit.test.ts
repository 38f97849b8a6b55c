/** What the error of a death says: how the program ended, whose call it was, and what it said last. */
import { expect, test } from "vitest";
import type { PortExitError, PortExitInfo } from "../../../src/index.ts";
import { event, pidOf } from "../ports.ts";
import { compute, exitError, outcome } from "./compute-port.ts";

const program = compute();

interface End {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly facts: PortExitInfo;
  readonly message: RegExp;
  /** The signal in the black box, when the function is to be named as the culprit. */
  readonly culprit?: string;
  readonly stderr?: RegExp;
}

const ENDS: readonly End[] = [
  {
    name: "segfault",
    args: [],
    facts: { signal: "SIGSEGV", exitCode: null },
    message: /^segfault: it crashed its worker, which was killed by SIGSEGV at address 0x2a/,
    culprit: "SIGSEGV",
    stderr: /portreeve: SIGSEGV at 0x2a in `segfault`/,
  },
  {
    name: "abort",
    args: [],
    facts: { signal: "SIGABRT", exitCode: null },
    message: /^abort: it crashed its worker, which was killed by SIGABRT \(/,
    culprit: "SIGABRT",
    stderr: /portreeve: SIGABRT in `abort`/,
  },
  {
    name: "overflow_stack",
    args: [],
    facts: { signal: "SIGSEGV", exitCode: null },
    message:
      /^overflow_stack: it crashed its worker, which was killed by SIGSEGV at address 0x[0-9a-f]+: the stack overflowed \(/,
    culprit: "SIGSEGV",
    stderr: /in `overflow_stack`: the stack overflowed/,
  },
  {
    name: "kill",
    args: [9],
    facts: { signal: "SIGKILL", exitCode: null },
    message: /^kill: its worker was killed by SIGKILL before it answered/,
  },
  {
    name: "exit",
    args: [0],
    facts: { signal: null, exitCode: 0 },
    message: /^exit: its worker exited with code 0 before it answered/,
  },
  {
    name: "exit",
    args: [7],
    facts: { signal: null, exitCode: 7 },
    message: /^exit: its worker exited with code 7 before it answered/,
  },
];

test.each(ENDS)("$name $args", async ({ name, args, facts, message, culprit, stderr = /^$/ }) => {
  const port = await program.open();
  const pid = pidOf(port);
  const ready = performance.now();
  const exit = event(port, "exit");
  const error = exitError(await outcome(port.call(name, args)));
  expect(error).toMatchObject({ ...facts, code: "PORT_EXIT", function: name, pid, began: true, attempts: 1 });
  expect(error.message).toMatch(message);
  expect(error.message).toContain(`(worker 0, pid ${pid})`);
  expect(error.stderr).toMatch(stderr);
  checkCulprit(error, name, culprit);
  // `open` returned a moment after it was ready.
  expect(error.uptime).toBeGreaterThan(0);
  expect(error.uptime).toBeLessThan(performance.now() - ready + 1000);
  expect(await exit).toMatchObject([{ worker: 0, pid, ...facts, unanswered: 1, uptime: error.uptime }]);
  expect(await port.call("add", [1, 2]), "the next life").toBe(3);
});

function checkCulprit({ culprit }: PortExitError, name: string, signal: string | undefined): void {
  if (signal === undefined) {
    expect(culprit).toBeUndefined();
    return;
  }
  expect(culprit).toMatchObject({ function: name, signal });
  expect(culprit?.isStackOverflow).toBe(name === "overflow_stack" ? true : undefined);
  // An address belongs to a fault, not to a signal that somebody sent.
  if (signal === "SIGSEGV") expect(culprit?.address).toMatch(/^0x[0-9a-f]+$/);
  else expect(culprit?.address).toBeUndefined();
  // The program is built with debug information: the user's own function has its name, file and line.
  expect(culprit?.backtrace.join("\n")).toMatch(/misbehave::death::\w+ \(.*death\.rs:\d+\)/);
}

test("an abort says what it was called for", async () => {
  const port = await program.open();
  const error = exitError(await outcome(port.call("out_of_memory")));
  expect(error.message).toMatch(
    /, which was killed by SIGABRT: memory allocation of \d+ bytes failed \(worker 0, pid \d+\)$/,
  );
});

test("the calls beside the culprit name it, too", async () => {
  const port = await program.open();
  const beside = program.mark(port, "beside", 600_000);
  const crash = outcome(port.call("segfault"));
  const [one, other] = [exitError(await beside), exitError(await crash)];
  // Names are looked up for the one that crashed; nobody else waits for them.
  expect(one.culprit).toEqual({ ...other.culprit, backtrace: one.culprit?.backtrace });
  for (const line of one.culprit?.backtrace ?? []) expect(line).toMatch(/^0x[0-9a-f]+$/);
  expect(one.culprit).toMatchObject({ function: "segfault", signal: "SIGSEGV", address: "0x2a" });
  expect(one.message).toMatch(/^count_on_disk: its worker was killed by SIGSEGV because segfault crashed/);
  expect(one.began).toBe(true);
});

test("the last words on stderr come with the error, 8 KiB at most", async () => {
  const port = await program.open();
  await port.call("flood_stderr", [100_000]);
  await port.call("print_line", ["the last words"]);
  const { stderr } = exitError(await outcome(port.call("exit", [7])));
  expect(stderr).toMatch(/more than enough of\nthe last words\n$/);
  expect(Buffer.byteLength(stderr), "with the mark of what was cut off").toBeLessThanOrEqual(8192 + 4);
});
