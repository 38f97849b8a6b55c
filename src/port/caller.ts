/** What a caller sees of an error: a stack that ends in its own line, and a sentence about a port that is no more. */

import { EtfError } from "../../codec/index.ts";
import { PortClosedError, PortError } from "../errors.ts";

/** Cuts portreeve's own frames off the stack. */
export function withCallersStack(error: unknown, call: (...args: never[]) => unknown): unknown {
  if (error instanceof PortError || error instanceof EtfError) Error.captureStackTrace(error, call);
  return error;
}

/** The error of a call to a port that is closed, or was closed over it. @param how the call's worker ended */
export function closedError(name: string, how = "is closed"): PortClosedError {
  const message = how === "is closed" ? "the port is closed" : `the port was closed; its worker ${how}`;
  return new PortClosedError(`${name}: ${message}`, { function: name });
}
