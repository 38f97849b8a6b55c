/**
 * The options of `open` as the rest of the port reads them: checked, copied, with every default in place. A wrong option
 * is a TypeError or RangeError at once, that names the option and what it may be.
 */

import { availableParallelism } from "node:os";
import { Codec } from "../../codec/index.ts";
import type { BackoffOptions } from "../restart/backoff.ts";
import { encodeStart, type Limits } from "../wire/hello.ts";
import type { Handlers } from "../wire/served.ts";
import { HEARTBEAT, type Heartbeat, type LogLevel, OPEN, type OpenOptions, type Recycle } from "./open.ts";
import { isSought, type Program, programPath, type Sought, soughtOf } from "./program.ts";
import { hostFolder, snapshot } from "./snapshot.ts";
import { checkOptions, withDefaults } from "./table.ts";

/** Options with all defaults in place. */
export interface Settings {
  /** Empty while there is something to be sought. */
  readonly path: string;
  /** The program, where it is not given by its path. */
  readonly sought: Sought | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly extendEnv: boolean;
  readonly cwd: string | undefined;
  /** Where the host was at `open`. */
  readonly hostFolder: string | undefined;
  readonly name: string | undefined;
  /** Encoded. */
  readonly start: Uint8Array | undefined;
  readonly wrap: readonly string[] | undefined;
  readonly limits: Limits | undefined;
  readonly stderr: "inherit" | "ignore" | ((line: string) => void);
  readonly log: LogLevel;
  readonly workers: number;
  readonly threads: number;
  readonly maxInFlight: number;
  readonly maxQueue: number;
  readonly maxQueueBytes: number;
  readonly maxRestarts: number;
  readonly period: number;
  readonly backoff: Partial<BackoffOptions>;
  readonly startTimeout: number;
  readonly callTimeout: number;
  readonly cancelGrace: number;
  readonly shutdown: number;
  readonly drain: number;
  readonly heartbeat: Required<Heartbeat> | undefined;
  readonly recycle: Recycle;
  readonly handlers: Handlers;
  readonly maxFrameBytes: number;
  readonly maxHeldBytes: number;
  readonly codec: Codec;
}

/**
 * Checks the options and fills in what was left out. What they hold is copied, and paths are resolved: what happens to
 * them, or to the host's folder, afterwards is nothing to a port that is open.
 * @throws TypeError, RangeError that name the option; EtfError ETF_OPTION for one of the codec's
 */
export function settle(program: Program, given: OpenOptions): Settings {
  checkOptions("open()", "", OPEN, given);
  const options = snapshot(given);
  const settings = withDefaults(OPEN, options) as unknown as Omit<Settings, "heartbeat"> & OpenOptions;
  const { workers, maxFrameBytes, callTimeout } = settings;
  const codec = new Codec({
    ...(options.codec?.exact === true ? {} : { bytes: "bit_binary_always" }),
    ...options.codec,
  });
  return {
    ...settings,
    ...placeOf(program),
    hostFolder: hostFolder(),
    threads: Math.max(1, Math.floor(availableParallelism() / workers)),
    backoff: options.backoff ?? {},
    callTimeout: timeoutOf(callTimeout),
    heartbeat: heartbeatOf(options.heartbeat),
    maxHeldBytes: options.maxHeldBytes ?? 4 * maxFrameBytes,
    codec,
    start: encodeStart(codec, options.start),
  };
}

function placeOf(program: Program): Pick<Settings, "path" | "sought"> {
  if (isSought(program)) return { path: "", sought: soughtOf(program) };
  return { path: programPath(program), sought: undefined };
}

/** A timeout of a call: `Infinity` and 0 both mean that it has none, which is 0 inside. */
export function timeoutOf(ms: number): number {
  return ms === Number.POSITIVE_INFINITY ? 0 : ms;
}

function heartbeatOf(heartbeat: OpenOptions["heartbeat"]): Required<Heartbeat> | undefined {
  if (heartbeat === false) return undefined;
  return withDefaults(HEARTBEAT, heartbeat ?? {}) as unknown as Required<Heartbeat>;
}
