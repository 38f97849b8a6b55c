/**
 * Where the port of a supervisor is at the moment, and how a call waits for one that is being started (port-handle.ts).
 */

import type { OpenPort } from "../port/open-port.ts";
import { clearTimeout, setTimeout } from "../timers.ts";

/** The port runs; or it may when `soon` resolves, which is to be looked at again; or it does not, for this reason. */
export type PortLookup =
  | { readonly port: OpenPort }
  | { readonly soon: Promise<unknown>; readonly callTimeout: number }
  | { readonly error: Error };

/**
 * Waits until the port runs.
 *
 * @param timeout ms; 0: none
 * @returns the port, or `undefined` when the time is over
 * @throws why it does not run, or the reason of `signal`
 */
export function waitForPort(
  locate: () => PortLookup,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<OpenPort | undefined> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const settle = (act: () => void) => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      act();
    };
    const onAbort = () => settle(() => reject(signal?.reason));
    const look = () => {
      if (isOver) return;
      const where = locate();
      if ("soon" in where) void where.soon.then(look);
      else if ("port" in where) settle(() => resolve(where.port));
      else settle(() => reject(where.error));
    };
    const timer = timeout === 0 ? undefined : setTimeout(() => settle(() => resolve(undefined)), timeout);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    look();
  });
}
