/** Orders and rows as JSON text, for contenders whose other end reads just that. */

import type { Call } from "./by-name.ts";
import type { Job, JobId } from "./contender.ts";

export function jsonRecords(call: Call): Pick<Readonly<Record<JobId, Job>>, "object" | "rows"> {
  return {
    object: async (order) => JSON.parse((await call("order", [JSON.stringify(order)])) as string),
    rows: async (rows) => JSON.parse((await call("rows", [JSON.stringify(rows)])) as string),
  };
}
