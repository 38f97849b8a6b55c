/**
 * Ports on the compute program, for tests of death: each test file gets its own, all are closed after every test, and a
 * folder of marks says from outside which functions began, whatever their callers were told.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { type OpenOptions, open, type Port, PortExitError } from "../../../src/index.ts";
import { BUILD_TIMEOUT, computeProgram } from "../../fixtures/compute.ts";
import { until } from "../ports.ts";

/** Longer than any test: a function that sleeps so long is there when its worker dies. */
export const LONG = 600_000;

/** What became of a call. */
export type Outcome =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly error: Error & Record<string, unknown> };

export interface Compute {
  /** Opens the compute program, or a copy of it, with its stderr out of the way unless said otherwise. */
  open(options?: OpenOptions, path?: string): Promise<Port>;
  /** Where the program lies. */
  readonly program: string;
  /** A folder of this test, removed after it. */
  readonly folder: string;
  /** Calls a function that leaves its mark and then sleeps for so many ms. */
  mark(port: Port, name: string | number, ms?: number, options?: object): Promise<Outcome>;
  /** How often the function began that leaves this mark. */
  marks(name: string | number): number;
  /** Calls as many functions as the worker has threads for them; resolves when all of them run. */
  occupy(port: Port, options?: object): Promise<Promise<Outcome>[]>;
}

/** To be called once, at the top of a test file. */
export function compute(): Compute {
  const ports: Port[] = [];
  let program = "";
  let folder = "";
  beforeAll(async () => {
    program = await computeProgram();
  }, BUILD_TIMEOUT);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "portreeve-deaths-"));
  });
  afterEach(async () => {
    await Promise.all(ports.splice(0).map((port) => port.close()));
    rmSync(folder, { recursive: true, force: true });
  });
  const self: Compute = {
    get program() {
      return program;
    },
    get folder() {
      return folder;
    },
    async open(options = {}, path = program) {
      const port = await open(path, { stderr: "ignore", shutdown: 0, ...options });
      ports.push(port);
      return port;
    },
    mark: (port, name, ms = 0, options = {}) =>
      outcome(port.call("count_on_disk", [join(folder, String(name)), ms], options)),
    marks: (name) => statSync(join(folder, String(name)), { throwIfNoEntry: false })?.size ?? 0,
    async occupy(port, options) {
      const names = Array.from({ length: threadsOf(port) }, (_, i) => `occupied-${i}`);
      const calls = names.map((name) => self.mark(port, name, LONG, options));
      await until(() => names.every((name) => self.marks(name) > 0));
      return calls;
    },
  };
  return self;
}

/** How many calls of one worker run at the same time: a port divides the cores, and each worker has one thread more. */
export function threadsOf(port: Port): number {
  return Math.max(1, Math.floor(availableParallelism() / port.stats().workers.length)) + 1;
}

/** Waits for a call without throwing. */
export async function outcome(call: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await call };
  } catch (error) {
    return { error: error as Error & Record<string, unknown> };
  }
}

/** The error of a call that must have been lost with its worker. */
export function exitError(outcome: Outcome | undefined): PortExitError {
  if (outcome?.error instanceof PortExitError) return outcome.error;
  throw new Error("the call was not lost with its worker", { cause: outcome?.error });
}

/** Resolves when every worker takes calls. */
export function allReady(port: Port): Promise<void> {
  return until(() => port.stats().workers.every(({ state }) => state === "ready"));
}
