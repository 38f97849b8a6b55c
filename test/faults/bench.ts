/** Which tests hold which faults of the benchmarks. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const bench: Readonly<Record<string, readonly string[]>> = {
  "measured beside others": [
    "test/bench/host.test.ts: runs while it has an order: then it is stopped, with the program that it started",
    "test/bench/host.test.ts: does not outlive a run that is killed while it is stopped",
    "test/bench/plan.test.ts: a contender is warmed up with as many calls on their way as it is measured with",
    "test/bench/party.test.ts: is warmed up under each load that it is measured under, before its first round",
    "test/bench/hand.test.ts: computes, and each call has a promise and an answer of its own",
    "test/bench/hand.test.ts: writes the frame that the codec writes for the same call, out of the caller's values",
  ],
};
