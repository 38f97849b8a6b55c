/** When it is enough: the circuit breaker of a pool, with its wait, and the deaths that opened it. */

import { type Death as DeathRecord, RestartLimitError } from "../errors.ts";
import type { Settings } from "../options/settings.ts";
import { defaultBackoff } from "../restart/backoff.ts";
import { Breaker } from "../restart/breaker.ts";
import { clearTimeout, setTimeout, wallClock } from "../timers.ts";

/** Deaths that are remembered. */
const HISTORY = 32;

export class RestartLimit {
  /** No worker runs: from the last death that was too many until one is ready again. */
  isDown = false;
  readonly #settings: Settings;
  readonly #tryAgain: () => void;
  readonly #breaker: Breaker;
  readonly #history: DeathRecord[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param tryAgain starts a worker wherever there is none: one attempt each */
  constructor(settings: Settings, tryAgain: () => void) {
    this.#settings = settings;
    this.#tryAgain = tryAgain;
    this.#breaker = new Breaker(settings.maxRestarts * settings.workers, settings.period);
  }

  /** Deaths are followed by restarts. */
  get isClosed(): boolean {
    return this.#breaker.state === "closed";
  }

  /** A worker died, or did not start. @param at ms of the monotonic clock @returns whether it may be restarted */
  failed(reason: string, at: number): boolean {
    this.#history.push({ at: wallClock(), reason });
    if (this.#history.length > HISTORY) this.#history.shift();
    if (this.#breaker.failed(at)) return true;
    const wait = this.#settings.backoff.max ?? defaultBackoff.max;
    this.#timer ??= setTimeout(() => this.#halfOpen(), wait).unref();
    return false;
  }

  #halfOpen(): void {
    this.#timer = undefined;
    this.#breaker.tryAgain();
    this.#tryAgain();
  }

  /** A worker is ready. */
  succeeded(): void {
    this.#breaker.succeeded();
    this.isDown = false;
  }

  /** The death at this time does not count after all. */
  uncount(at: number): void {
    this.#breaker.uncount(at);
  }

  /** Nothing is tried again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The error for calls while no worker runs. @param port its name @param name the function that is called */
  error(port: string, name: string | undefined): RestartLimitError {
    const { maxRestarts, workers, period } = this.#settings;
    const last = this.#history.at(-1)?.reason ?? "unknown";
    const message = `${name === undefined ? "" : `${name}: `}${port} failed more than ${maxRestarts * workers} times within ${period} ms; the last time: ${last}`;
    return new RestartLimitError(message, { function: name, history: [...this.#history] });
  }
}
