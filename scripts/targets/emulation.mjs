/** What qemu-user makes impossible: tests that fail under it, each with its reason. */
import { countCargo } from "../test/counts.mjs";

export const IMPOSSIBLE = {
  "opening::a_function_that_takes_more_memory_than_its_limit_ends_its_program_alone":
    "the emulator does not pass bounds of memory on to the kernel, for they would end the emulator itself",
  "lasting::without_threads::a_blocking_call_that_gets_no_thread_is_refused":
    "prlimit(2) bounds the emulator, which has reserved the program's addresses before",
};

/**
 * Arguments of the test programs: all tests but those of the list, one at a time. Where several threads run, a fork
 * under qemu-user sometimes leaves a child that waits for ever for a lock of the emulator's.
 */
export const possible = ["--test-threads=1", ...Object.keys(IMPOSSIBLE).flatMap((name) => ["--skip", name])];

/**
 * A step that runs the tests of the list alone, each of which has to fail: one that passes, or is gone, no longer
 * belongs there.
 * @param command cargo's, up to the names of the tests
 */
export function leftovers(name, command, cwd, env) {
  const names = Object.keys(IMPOSSIBLE);
  const run = async (runCommand) => {
    const all = [...command, "--", "--exact", ...names];
    const { stdout } = await runCommand(all, cwd, { env, count: countCargo });
    const { failures } = countCargo(0, stdout);
    const wrong = names.filter((test) => !failures.includes(test));
    return {
      failed: wrong.length,
      failures: wrong.map((test) => `${test}: on the list of what is impossible, and does not fail`),
      skipped: names.map((test) => `${test}: ${IMPOSSIBLE[test]}`),
    };
  };
  return { name, run };
}
