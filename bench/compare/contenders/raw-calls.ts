/** Calls as {packet,4} frames, ready made: `{call, Id, sum, [[1,2,3]]}` and `{call, Id, empty, []}`, Id 0. */

import type { Without } from "./contender.ts";

const CALL = "83680477046361" + "6c6c6200000000";

export const CALL_SUM = Buffer.from(`0000001f${CALL}770373756d6c000000016b00030102036a`, "hex");
export const CALL_EMPTY = Buffer.from(`00000016${CALL}7705656d7074796a`, "hex");

const NUMBERS_AT = 31;

/** What the program would answer, from the frame that came back. */
export function sumOf(bytes: Buffer, at: number): number {
  const first = at + NUMBERS_AT;
  return (bytes[first] ?? 0) + (bytes[first + 1] ?? 0) + (bytes[first + 2] ?? 0);
}

export const ONLY_ECHO: Without = { without: "the echo gives back bytes, and does nothing with them" };
