/** Ranges of bytes that are to be read: there, and beginning as a term does. */

import { wrongArgument } from "./arguments.ts";
import { isBytes } from "./bytes.ts";
import { EtfError } from "./error.ts";
import { VERSION } from "./limits.ts";

/** Refuses what is no range of bytes. @throws TypeError, or EtfError ETF_OPTION when the range is not in the bytes. */
export function checkRange(bytes: Uint8Array, start: number, end: number): void {
  if (!(bytes instanceof Uint8Array || isBytes(bytes))) wrongArgument("bytes", "a Uint8Array", bytes);
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= bytes.length)
    return;
  throw new EtfError("ETF_OPTION", `[${start}, ${end}) is no range of ${bytes.length} bytes`);
}

/** Refuses bytes that do not begin with 131. */
export function checkVersion(bytes: Uint8Array, start: number, end: number): void {
  if (end === start) throw new EtfError("ETF_TRUNCATED", "there are no bytes", { offset: 0, path: "" });
  if (bytes[start] === VERSION) return;
  throw new EtfError("ETF_VERSION", `a term begins with ${VERSION}, not ${bytes[start]} (byte 0)`, {
    offset: 0,
    path: "",
  });
}
