/**
 * The one guard for code of the user's that runs in the middle of ours: listeners, `onProgress`, a `stderr` function,
 * the `progress` of a build. What it throws is an uncaught exception, as for any listener, but a turn later, so that
 * nothing here is left half done and no program is blamed for it. Settle first, then call the user.
 */

import { nextTick } from "./timers.ts";

/** Runs `code`; what it throws surfaces as an uncaught exception. */
export function callUser(code: () => void): void {
  try {
    code();
  } catch (error) {
    nextTick(() => {
      throw error;
    });
  }
}
