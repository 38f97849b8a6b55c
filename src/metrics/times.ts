/** How long calls took, and how many failed of what: of one function, or of one worker. */

import { Failures } from "./failures.ts";
import { type Distribution, Histogram } from "./histogram.ts";

/** What is known of the calls of one function, or of one worker; times in ms. */
export interface TimesStats {
  readonly calls: number;
  readonly failed: number;
  /** Those that failed by the code of their error; `ABORTED` where their signal was. Of a worker: nothing. */
  readonly failures: Readonly<Record<string, number>>;
  /** From the call to its being sent to a worker. */
  readonly wait: Distribution;
  /** From its being sent to the answer. */
  readonly run: Distribution;
}

/** The times of one function's calls, or one worker's. */
export class Times {
  calls = 0;
  failed = 0;
  readonly failures = new Failures();
  /** From the call to its being sent. */
  readonly wait = new Histogram();
  /** From its being sent to the answer. */
  readonly run = new Histogram();

  /** `calls` of them took the same time. */
  record(wait: number, run: number, failed: boolean, calls: number): void {
    this.calls += calls;
    if (failed) this.failed += calls;
    this.wait.record(wait, calls);
    this.run.record(run, calls);
  }

  stats(): TimesStats {
    const { calls, failed } = this;
    const failures = Object.fromEntries(this.failures.counts);
    return { calls, failed, failures, wait: this.wait.distribution(), run: this.run.distribution() };
  }
}
