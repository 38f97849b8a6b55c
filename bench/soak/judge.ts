/**
 * What may become of a call, whatever happens to the workers: the right answer, or an error that is true. The promises
 * are those of the documentation; whatever is not among them is a violation.
 */
import { statSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

/** One call: what is called, and what is known of it beforehand. */
export interface Attempt {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly options: CallOptions;
  /** The answer; undefined when any will do. A function that ends its worker has `never`. */
  readonly answer?: unknown;
  /** The function cannot come back: its worker ends. */
  readonly never?: boolean;
  /** The code of the error that the function itself can give. */
  readonly code?: string;
  /** A file that grows by one byte each time that the function begins. */
  readonly mark?: string;
  /** Aborts the call after so many ms. */
  readonly abortAfter?: number;
  readonly kind: "call" | "cast" | "broadcast";
}

/** As far as they are used here. */
export interface CallOptions {
  readonly timeout?: number;
  readonly idempotent?: boolean;
  readonly key?: string | number;
  readonly signal?: AbortSignal;
}

/** How a call ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** How often a call that may run again is sent. */
const MOST_SENDS = 3;

/** What is wrong with the way in which a call ended; undefined when nothing is. */
export function judge(attempt: Attempt, outcome: Outcome): string | undefined {
  if ("value" in outcome) return judgeValue(attempt, outcome.value);
  const error = facts(outcome.error);
  const { options, code } = attempt;
  if (options.signal?.aborted === true && outcome.error === options.signal.reason) return undefined;
  if (code !== undefined && error.code === code) return undefined;
  if (error.code === "CALL_TIMEOUT" && options.timeout !== undefined) return undefined;
  // The worker broke the protocol: it was told to, by this call or by another one.
  if (error.code === "PORT_PROTOCOL") return undefined;
  if (error.code === "PORT_EXIT") return judgeExit(attempt, error);
  return `unexpected ${String(outcome.error)}`;
}

function judgeValue({ never, answer, kind }: Attempt, value: unknown): string | undefined {
  if (never === true) return `answered ${String(value)}, and cannot have come back`;
  if (kind === "cast" || answer === undefined) return undefined;
  const values = kind === "broadcast" ? (value as unknown[]) : [value];
  return values.every((one) => isDeepStrictEqual(one, answer)) ? undefined : `wrong answer ${String(value)}`;
}

/** A death fails what was running. The others were sent three times, and those that may run twice more than once. */
function judgeExit({ kind, options }: Attempt, { began, attempts = 0 }: Facts): string | undefined {
  if (kind === "broadcast") return attempts === 1 ? undefined : `a broadcast was sent ${attempts} times`;
  if (began === false && attempts !== MOST_SENDS)
    return `never began, and was given up after ${attempts} sends`;
  if (began === true && options.idempotent === true && attempts < 2)
    return "may run twice, and was not tried again";
  return undefined;
}

/** What is wrong with the number of times that the function began; undefined when nothing is. */
export function judgeMark(attempt: Attempt, outcome: Outcome, workers: number): string | undefined {
  if (attempt.mark === undefined) return undefined;
  const marks = statSync(attempt.mark, { throwIfNoEntry: false })?.size ?? 0;
  const most = attempt.kind === "broadcast" ? workers : attempt.options.idempotent === true ? MOST_SENDS : 1;
  if (marks > most) return `began ${marks} times, where ${most} is the most`;
  if (attempt.kind !== "call") return undefined;
  if ("value" in outcome) return marks > 0 ? undefined : "was answered, and never began";
  const { began } = facts(outcome.error);
  return began === false && marks > 0 ? `began is false, and it began ${marks} times` : undefined;
}

interface Facts {
  readonly code?: string;
  readonly began?: boolean;
  readonly attempts?: number;
}

function facts(error: unknown): Facts {
  return error instanceof Error ? (error as Facts) : {};
}
