/**
 * Stands in for src/timers.ts in tests of units that wait: `vi.mock("…/src/timers.ts", () => import("…/late-timers.ts"))`.
 * Every call goes to what the globals are at that moment, so that vitest's fake timers work there. The tests in
 * test/port/fake-timers.test.ts show that the real one is out of their reach.
 */
export const setTimeout: typeof globalThis.setTimeout = ((
  ...args: Parameters<typeof globalThis.setTimeout>
) => globalThis.setTimeout(...args)) as typeof globalThis.setTimeout;
export const setInterval = (act: () => void, ms: number) => globalThis.setInterval(act, ms);
export const setImmediate = (act: (...args: unknown[]) => void, ...args: unknown[]) =>
  globalThis.setImmediate(act, ...args);
export const clearTimeout = (timer: NodeJS.Timeout | undefined) => globalThis.clearTimeout(timer);
export const clearInterval = (timer: NodeJS.Timeout | undefined) => globalThis.clearInterval(timer);
export const clearImmediate = (timer: NodeJS.Immediate | undefined) => globalThis.clearImmediate(timer);
export const nextTick = (act: (...args: unknown[]) => void, ...args: unknown[]) =>
  process.nextTick(act, ...args);
export const enqueueMicrotask = (act: () => void) => globalThis.queueMicrotask(act);
export const monotonic = () => performance.now();
export const wallClock = () => Date.now();
