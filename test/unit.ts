/** What `npm run test:unit` runs: tests that start no process and need nothing built. test/README.md says what the others are. */

/** Folders and files below test/. */
export const UNIT: readonly string[] = [
  "{instanceof,nearest,reason,titles}.test.ts",
  "codec/*.test.ts",
  "options/{codec,table}.test.ts",
  "port/{abort,backoff,balance,breaker,histogram,intensity,options,queue,recycle,wheel}.test.ts",
  "port/deaths/outcome.test.ts",
  "process/{build-display,executable,runtime-crate}.test.ts",
  "rooms/rooms.test.ts",
  "supervise/**/*.test.ts",
  "wire/*.test.ts",
];

/** Of those, the files that do start processes, or take more than a few seconds. */
export const NOT_UNIT: readonly string[] = [
  "codec/erlang.test.ts",
  "codec/memory.test.ts",
  "codec/mutations.test.ts",
  "codec/package.test.ts",
  "codec/properties.test.ts",
  "codec/realms.test.ts",
  "codec/runtime.test.ts",
  "codec/sequences.test.ts",
  "codec/streams.test.ts",
  "supervise/docs.test.ts",
  "supervise/ending.test.ts",
  "supervise/oracle.test.ts",
  "supervise/port-child.test.ts",
  "supervise/spec.test.ts",
  "supervise/supervisor.test.ts",
];
