/** One line to the run, at once: see ../plan.ts. */

import { writeSync } from "node:fs";

/** Where the run listens; ../process.ts opens it. */
const LINES = 3;

export function say<Event extends { readonly say: string }>(event: Event): void {
  writeSync(LINES, `${JSON.stringify(event)}\n`);
}
