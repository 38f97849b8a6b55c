/**
 * A worker's way to `ready`, and what is to be said when it does not get there: the evidence is collected here, the
 * sentence is made in process/diagnose.ts.
 */

import { describeExit, describeOpeningFailure, describeStderr } from "../diagnose/diagnose.ts";
import { gatherFacts } from "../diagnose/facts.ts";
import { HandshakeError } from "../errors.ts";
import type { ExitReason } from "../exit-reason.ts";
import { spanChannel } from "../metrics/channels.ts";
import type { Settings } from "../options/settings.ts";
import { printableBlock } from "../printable.ts";
import { reasonOf } from "../reason.ts";
import { clearTimeout, setImmediate, setTimeout } from "../timers.ts";
import type { Hello, HostHello } from "../wire/hello.ts";

/** As much of its first output is kept, to say what it is that is no port program. */
const FIRST_BYTES = 256;

export class Handshake {
  /** Resolves when the program said ready, or is gone. */
  readonly done: Promise<void>;
  readonly #settings: Settings;
  readonly #timer: NodeJS.Timeout | undefined;
  #resolve: () => void = () => {};
  /** What the program said of itself. */
  said: Hello | undefined;
  #refusal: string | undefined;
  #error: Error | undefined;
  #waited: number | undefined;
  #isOver = false;
  #stdout = Buffer.alloc(0);
  #sent = Buffer.alloc(0);
  #stdoutEnded = false;
  #stdinClosed = false;

  /** @param late is called when `startTimeout` is over; the worker then ends, and `ended` is called */
  constructor(settings: Settings, late: () => void) {
    this.#settings = settings;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { startTimeout } = settings;
    if (startTimeout === Number.POSITIVE_INFINITY) return;
    // After the loop was blocked, the timer comes before the bytes that lie ready: they are read once more.
    this.#timer = setTimeout(() => {
      setImmediate(() => {
        if (this.#isOver) return;
        this.#waited = startTimeout;
        late();
      });
    }, startTimeout).unref();
  }

  /** What the host says first. */
  hostHello(): HostHello {
    const { maxFrameBytes, log, handlers, threads, limits, start } = this.#settings;
    const spans = spanChannel.hasSubscribers;
    return { maxFrameBytes, log, handlers: Object.keys(handlers), threads, limits, spans, start };
  }

  sent(bytes: Uint8Array): void {
    if (!this.#isOver && this.#sent.length < FIRST_BYTES)
      this.#sent = Buffer.concat([this.#sent, bytes.subarray(0, FIRST_BYTES)]);
  }

  received(bytes: Uint8Array): void {
    if (!this.#isOver && this.#stdout.length < FIRST_BYTES)
      this.#stdout = Buffer.concat([this.#stdout, bytes.subarray(0, FIRST_BYTES)]);
  }

  stdoutEnded(): void {
    this.#stdoutEnded = true;
  }

  stdinClosed(): void {
    this.#stdinClosed = true;
  }

  hello(hello: Hello): void {
    this.said = hello;
  }

  ready(): void {
    if (this.said !== undefined) this.#finish();
  }

  /** `on_start` failed: the program says why and exits. */
  failed(message: string): void {
    this.#refusal = message;
  }

  broken(error: Error): void {
    this.#error = error;
  }

  /** The process is gone and all that it wrote was read. */
  ended(): void {
    this.#finish();
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#resolve();
  }

  /** Why it did not become ready. */
  async failure(
    stderr: string,
    reason: ExitReason | undefined,
    killReason: string | undefined,
  ): Promise<HandshakeError> {
    return new HandshakeError(await this.#describe(stderr, reason, killReason), {
      stderr,
      cause: this.#error,
    });
  }

  async #describe(
    stderr: string,
    reason: ExitReason | undefined,
    killReason: string | undefined,
  ): Promise<string> {
    const { path } = this.#settings;
    const said = describeStderr(stderr);
    if (this.#refusal !== undefined)
      return `${path} could not start: ${printableBlock(this.#refusal)}${said}`;
    if (this.#error instanceof HandshakeError) return `${path}: ${this.#error.message}${said}`;
    if (this.said !== undefined)
      return `${path} said hello, but ${this.#afterHello(reason, killReason)}${said}`;
    return describeOpeningFailure({
      program: await gatherFacts(path, {}),
      reason: killReason === undefined ? reason : undefined,
      waited: this.#waited,
      stdout: this.#stdout,
      sent: this.#sent,
      stdoutEnded: this.#stdoutEnded,
      stdinClosed: this.#stdinClosed,
      killReason,
      fault: this.#error === undefined ? undefined : reasonOf(this.#error),
      stderr,
    });
  }

  #afterHello(reason: ExitReason | undefined, killReason: string | undefined): string {
    if (this.#waited !== undefined)
      return `was not ready within ${this.#waited} ms (startTimeout); its on_start takes too long`;
    if (this.#error !== undefined) return `then broke the protocol: ${this.#error.message}`;
    if (killReason !== undefined || reason === undefined) return `the worker ${killReason ?? "is gone"}`;
    return `${describeExit(reason)} before it was ready`;
  }
}
