/** A run of the demo as it might have been, for tests of what is shown. */
import type { Facts } from "../../demo/report.ts";
import type { Snapshot } from "../../demo/tally.ts";
import type { Moment } from "../../demo/view.ts";
import { CallTimeoutError, PortExitError } from "../../src/errors.ts";

export const snapshot: Snapshot = {
  calls: 22_400,
  answered: 22_400,
  failed: {},
  open: 0,
  latency: { p50: 0.2, p99: 4 },
  longestGap: 93.5,
  recent: { rate: 398, latency: { p50: 0.3, p99: 5 } },
};

const crash = new PortExitError("segfault: its worker was killed by SIGSEGV", { signal: "SIGSEGV" });
const abort = new PortExitError("abort: its worker was killed by SIGABRT", { signal: "SIGABRT" });
const hang = new CallTimeoutError("loop_forever: no answer within 1000 ms");

export const facts: Facts = {
  workers: 3,
  port: snapshot,
  verdict: { submitted: 11_200, verified: 11_200, refused: {} },
  restarts: 2,
  retired: 1,
  strikes: [
    { what: "segfault", at: 3500, error: crash, failedBefore: 0 },
    { what: "abort", at: 8500, error: abort, failedBefore: 0 },
    { what: "loop_forever", at: 13_500, error: hang, failedBefore: 0 },
  ],
  alone: 0.05,
  together: { p50: 1, p99: 20 },
  inProcess: { ...snapshot, calls: 3123, answered: 2961, open: 162 },
  inProcessVerdict: { submitted: 1507, verified: 1208, refused: {} },
  inProcessAlone: 0.045,
  end: { at: 3700, exitCode: 139, signal: "SIGSEGV", handlers: [], stderr: "" },
};

export const moment: Moment = {
  elapsed: 4000,
  length: 20_000,
  rate: 2000,
  isBurst: true,
  workers: 3,
  restarts: 1,
  struck: 1,
  port: { ...snapshot, open: 17 },
  verdict: facts.verdict,
  inProcess: snapshot,
  inProcessVerdict: facts.inProcessVerdict,
  end: undefined,
};
