/**
 * Code of the user's that runs in the middle of ours: listeners of a port's events, `onProgress`. What it throws is an
 * uncaught exception, as for any listener, but a turn later, so that nothing here is left half done and no program is
 * blamed for it.
 */

/** Runs `code`; what it throws surfaces as an uncaught exception. */
export function isolate(code: () => void): void {
  try {
    code();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
