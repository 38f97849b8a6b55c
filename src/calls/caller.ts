/** What a caller sees of an error: a stack that ends in its own line, and a sentence about a port that is no more. */

import { EtfError } from "../../codec/index.ts";
import { PortClosedError, PortError } from "../errors.ts";
import { isA } from "../reason.ts";

/**
 * Cuts portreeve's own frames off the stack.
 * @param call what the stack begins behind
 * @param name the function that was called: an error of the codec does not know it
 */
export function withCallersStack(
  error: unknown,
  call: (...args: never[]) => unknown,
  name?: string,
): unknown {
  const isCodecs = isA(error, EtfError);
  // What user code threw may be frozen.
  if (!(isCodecs || isA(error, PortError)) || !Object.isExtensible(error)) return error;
  if (isCodecs && name !== undefined) nameFunction(error, name);
  Error.captureStackTrace(error, call);
  return error;
}

/** Once: an error passes here several times on its way through a broadcast or a trace. */
function nameFunction(error: EtfError, name: string): void {
  if (Object.hasOwn(error, "function")) return;
  Object.defineProperty(error, "function", { value: name, enumerable: true, configurable: true });
  error.message = `${name}: ${error.message}`;
}

/** The error of a call to a port that is closed, or of one that waited for a worker when it was. */
export function closedError(name: string): PortClosedError {
  return new PortClosedError(`${name}: the port is closed`, { function: name });
}

/** The error of a call that was lost with its worker while the port was being closed. @param exit what became of the worker */
export function closedOverError(name: string, exit: PortError): PortClosedError {
  const what = exit.message.slice(name.length + 2);
  const { began } = exit;
  return new PortClosedError(`${name}: the port was closed; ${what}`, { function: name, cause: exit, began });
}
