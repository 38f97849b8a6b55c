/** Whatever may be thrown, and what becomes of it: what a user's code throws ends up where it belongs, or surfaces as its own. */
import { inspect } from "node:util";
import type { Random } from "./random.ts";

function fails(): never {
  throw new Error("it throws when it is looked at");
}

const MAKERS: readonly (() => unknown)[] = [
  () => new Error("an error"),
  () => new Error("half \ud83d"),
  () => "text",
  () => "",
  () => undefined,
  () => null,
  () => 7n,
  () => Symbol("x"),
  () => () => {},
  () => Object.create(null),
  () => ({ toString: fails }),
  () => ({ message: { toString: fails } }),
  () => Object.defineProperty(new Error(), "message", { get: fails }),
  () => Object.defineProperty(new Error("named"), "name", { get: fails }),
  () => Object.defineProperty(new Error("stacked"), "stack", { get: fails }),
  () => Object.defineProperty(new Error("coded"), "code", { get: fails }),
  () => Object.defineProperty({}, Symbol.toPrimitive, { get: fails }),
  () => Object.freeze(new TypeError("frozen")),
  () => new AggregateError([new Error("one")], "several"),
  () => new Proxy({}, { get: fails, has: fails, getPrototypeOf: fails, ownKeys: fails }),
  () => {
    const { proxy, revoke } = Proxy.revocable(new Error("revoked"), {});
    revoke();
    return proxy;
  },
];

/** Something to throw. */
export function thing(random: Random): unknown {
  return random.pick(MAKERS)();
}

/** It in words, for a report. */
export function shown(thrown: unknown): string {
  try {
    return inspect(thrown, { depth: 0, getters: false });
  } catch {
    return `a ${typeof thrown} that cannot be shown`;
  }
}

/**
 * What surfaces while it watches. An exception that user code threw is the user's, and surfaces as that; any other one, and
 * every rejection that nobody handles, would have ended the host for a reason that is none of the user's.
 */
export class Surface {
  readonly #own = new Set<unknown>();
  readonly #wrong: string[] = [];
  readonly #rejected = (reason: unknown): void => {
    this.#wrong.push(`a rejection that nobody handled: ${shown(reason)}`);
  };

  watch(): void {
    process.setUncaughtExceptionCaptureCallback((error) => {
      if (!this.#own.has(error)) this.#wrong.push(`an exception of our own: ${shown(error)}`);
    });
    process.prependListener("unhandledRejection", this.#rejected);
  }

  unwatch(): void {
    process.setUncaughtExceptionCaptureCallback(null);
    process.removeListener("unhandledRejection", this.#rejected);
  }

  /** Throws it as user code does: it may surface. */
  raise(thrown: unknown): never {
    this.#own.add(thrown);
    throw thrown;
  }

  /** @throws Error when something surfaced that must not */
  check(): void {
    if (this.#wrong.length > 0) throw new Error(this.#wrong.join("; "));
    this.#own.clear();
  }
}
