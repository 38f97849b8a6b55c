/** rust-port/examples/traced: a program with spans of its own. */
import { build } from "../../src/build/build.ts";
import { fixture } from "../fixtures/fixture.ts";

/** For the hook that calls {@link tracedProgram}. */
export const BUILD_TIMEOUT = 900_000;

/** @returns its path */
export function tracedProgram(): Promise<string> {
  return build({
    crate: fixture("../../rust-port/examples/traced"),
    bin: "traced",
    progress: process.env.CI === undefined ? "silent" : "show",
  });
}
