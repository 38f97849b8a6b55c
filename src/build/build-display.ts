/**
 * Shows how a build goes on: one live line on a terminal, a plain line every few seconds elsewhere.
 * Compiler messages scroll by above it.
 */

import { stripVTControlCharacters } from "node:util";
import { monotonic } from "../timers.ts";
import type { BuildProgress } from "./cargo.ts";

/** Where it is shown: the host's stderr. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Somebody who follows a build. */
export interface BuildWatcher {
  progress(progress: BuildProgress): void;
  /** One line of the compiler's or cargo's own words: a warning, an error. */
  diagnostic(line: string): void;
  /** It is over. */
  finish(outcome: "built" | "failed"): void;
}

/** ms between two plain lines. */
const PLAIN_INTERVAL = 5000;

/** Follows a build of `name` on `screen`. `now` is a clock in ms. */
export function showBuild(name: string, screen: Screen, now: () => number = monotonic): BuildWatcher {
  const started = now();
  const seconds = () => `${((now() - started) / 1000).toFixed(1)} s`;
  return screen.isTTY === true ? liveLine(name, screen, seconds) : plainLines(name, screen, seconds, now);
}

function liveLine(name: string, screen: Screen, seconds: () => string): BuildWatcher {
  const clear = "\r\u001b[K";
  let shown = "";
  const show = () => screen.write(`${clear}${shown.slice(0, (screen.columns ?? 80) - 1)}`);
  return {
    progress: (progress) => {
      shown = `${name}: ${describe(progress)}`;
      show();
    },
    diagnostic: (line) => {
      screen.write(`${clear}${line}\n`);
      show();
    },
    finish: (outcome) => screen.write(`${clear}${name}: ${outcome} in ${seconds()}\n`),
  };
}

function plainLines(name: string, screen: Screen, seconds: () => string, now: () => number): BuildWatcher {
  let last = Number.NEGATIVE_INFINITY;
  return {
    progress: (progress) => {
      if (now() - last < PLAIN_INTERVAL) return;
      last = now();
      screen.write(`${name}: ${describe(progress)}\n`);
    },
    diagnostic: (line) => screen.write(`${stripVTControlCharacters(line)}\n`),
    finish: (outcome) => screen.write(`${name}: ${outcome} in ${seconds()}\n`),
  };
}

function describe({ phase, done, total, current }: BuildProgress): string {
  if (phase === "compiling") return `compiling ${done} of ${total}${current === "" ? "" : `: ${current}`}`;
  return phase === "waiting" ? current : `fetching ${current}`.trimEnd();
}
