/** npm packages of the contenders: they are installed beside the sources, not where the compiled files lie. */

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { fromRoot } from "../programs.ts";

const { resolve } = createRequire(fromRoot("bench/compare/package.json"));

/** Loads a package, only now, so that one that is missing leaves out its own contender. */
export function load<T>(name: string): Promise<T> {
  return import(pathToFileURL(resolve(name)).href);
}
