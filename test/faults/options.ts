/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const options: Readonly<Record<string, readonly string[]>> = {
  F14: [
    "test/port/options.test.ts: a wrong option names itself, what it may be and what it is",
    "test/port/call-options.test.ts: call() refuses the options %j",
    "test/port/call-options.test.ts: cast, broadcast, restart and reload refuse theirs",
    "test/supervise/suite/spec.test.ts: sup_flags: what is not known is refused, with the nearest that is",
  ],
  "timeout Infinity and 0": [
    "test/port/options.test.ts: a time may be Infinity, and a timeout of calls may be 0: both mean that there is none",
    "test/port/call-options.test.ts: a timeout of %d is none, whatever callTimeout is",
    "test/supervise/spec.test.ts: a call that waits for a start has its options checked, and a timeout of Infinity is none",
  ],
  "lock files": ["test/scripts/lock-files.test.ts: npm ci takes %s"],
  "errors for a service": [
    "test/errors.test.ts: the page has every code, and no other",
    "test/errors.test.ts: the row of %s %s is true",
    "test/errors.test.ts: errors of real calls say whose fault they are and whether anything began",
  ],
  numbers: [
    "test/port/observe.test.ts: failures are counted by function and code, those that were refused at once too",
    "test/port/observe.test.ts: a histogram's buckets grow with their bounds, and the last holds all",
    "test/supervise/port-child.test.ts: a port is called by the id of its child, whatever program it runs: its numbers keep their label",
  ],
  "limits.cpuSeconds": [
    "test/port/deaths/limits.test.ts: processor time that is used up is told by name, with the limit",
    "rust-port/portreeve/tests/port/opening.rs: processor_time_that_is_used_up_is_told",
  ],
  "wrong shape is a TypeError": ["test/arguments.test.ts: %s says what it takes"],
};
