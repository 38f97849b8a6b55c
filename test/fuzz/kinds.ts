/** The kinds there are. */
import { callbacks } from "./callbacks.ts";
import type { FuzzKind } from "./kind.ts";
import { readers } from "./readers.ts";
import { surroundings } from "./surroundings.ts";
import { values } from "./values.ts";

export const KINDS: readonly FuzzKind[] = [values, readers, callbacks, surroundings];
