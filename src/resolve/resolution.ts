/** What a search finds. */
import type { Tried } from "../errors.ts";

/** Where a program is, and why there. */
export interface Resolution {
  /** Absolute. */
  readonly path: string;
  /**
   * What decided: the path itself, the package's variable in the environment, the build of a checkout, a program that the
   * package carries, or a crate that was built for it.
   */
  readonly from: "path" | "variable" | "checkout" | "prebuilds" | "crate";
  /** The places that come before it, and what was found there. */
  readonly tried: readonly Tried[];
}
