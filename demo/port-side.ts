/** Our side: the token service in a port, and what is done to its workers meanwhile. */

import { open, type Port } from "portreeve";
import type { Accident } from "./schedule.ts";
import { ALGORITHM, type Claims, type Keys, type TokenService } from "./service.ts";

/** The functions of the port program that the demo uses. */
export interface Compute {
  sign(claims: Claims, algorithm: string, key: string): string;
  verify(token: string, algorithm: string, key: string): Claims;
  segfault(): void;
  abort(): void;
  loop_forever(): void;
}

/** A call that took its worker with it, and the error that it got. */
export interface Crash {
  readonly what: Accident;
  /** When, in ms since the traffic began. */
  readonly at: number;
  readonly error: unknown;
}

/** A call to the function that never ends is given up after this long, in ms. */
const HANG_TIMEOUT = 1000;

export interface PortSide {
  readonly port: Port<Compute>;
  readonly service: TokenService;
}

/**
 * Starts the port.
 * @param tell gets one line for each thing that happens to a worker
 */
export async function openPort(
  program: string,
  workers: number,
  keys: Keys,
  tell: (line: string) => void,
): Promise<PortSide> {
  const port = await open<Compute>(program, {
    workers,
    callTimeout: 10_000,
    cancelGrace: 500,
    shutdown: 2000,
    // The display has the terminal. What the workers write last is in the errors all the same.
    stderr: "ignore",
  });
  port.on("restart", ({ worker, reason }) => tell(`worker ${worker} ${reason}, and is restarted`));
  port.on("retire", ({ worker, reason }) => tell(`worker ${worker} is replaced, for it ${reason}`));
  return { port, service: serviceOf(port, keys) };
}

function serviceOf(port: Port<Compute>, keys: Keys): TokenService {
  return {
    sign: (claims) => port.call("sign", [claims, ALGORITHM, keys.private]),
    verify: (token) => port.call("verify", [token, ALGORITHM, keys.public]),
  };
}

/** Calls a function that ends badly, and gives the error. */
export async function strike(port: Port<Compute>, what: Accident): Promise<unknown> {
  try {
    await port.call(what, [], what === "loop_forever" ? { timeout: HANG_TIMEOUT } : {});
  } catch (error) {
    return error;
  }
  throw new Error(`${what} came back, though it never can`);
}

/** The error that a user gets for an argument that does not fit. */
export async function argumentError(port: Port<Compute>, claims: Claims, keys: Keys): Promise<unknown> {
  try {
    await port.call("sign", [claims, "EdDSB", keys.private]);
  } catch (error) {
    return error;
  }
  throw new Error("an unknown algorithm was accepted");
}
