/**
 * A port as a child: what of a port's life is an exit for its supervisor. The deaths of its workers are the port's own
 * affair; when it gives up, that is the end of the child, with the port's history as the reason.
 */
import type { RestartLimitError } from "../errors.ts";
import type { Settings } from "../options/settings.ts";
import { OpenPort } from "../port/open-port.ts";
import type { Child, ExitReason } from "./child.ts";
import type { SupervisedPort } from "./port-handle.ts";

/**
 * A port that runs under a supervisor. It ends with `{ error }` when the port gives up, and with `"shutdown"` when
 * it was stopped; in either case only when its programs are gone.
 */
export class PortChild implements Child {
  /** @internal Reached by `supervisor.port(id)`, which stays the same across restarts. */
  readonly port: OpenPort;
  readonly exited: Promise<ExitReason>;
  /** Why it takes no calls, between giving up and its end. */
  failure: RestartLimitError | undefined;

  constructor(port: OpenPort) {
    this.port = port;
    this.exited = new Promise((resolve) => {
      port.once("gaveUp", (error) => {
        this.failure = error;
        resolve(port.close().then(() => ({ error })));
      });
      this.#stopped = () => resolve("shutdown");
    });
  }

  #stopped: () => void = () => {};

  /** Accepted calls have the port's `shutdown` time. */
  async stop(): Promise<void> {
    await this.port.close();
    this.#stopped();
  }

  /** The same, and at once: see `Port.kill`. */
  async kill(): Promise<void> {
    await this.port.kill();
    this.#stopped();
  }
}

/**
 * Starts the port of a spec. It is called by the child's id, unless its options name it, whatever program it runs: in
 * messages, and as the label of its numbers.
 *
 * @param args further arguments of the program, for a dynamic child
 * @param handle through which it is used
 * @param signal gives up the start: nothing is left running then
 */
export async function startPort(
  id: string,
  settings: Settings,
  args: readonly unknown[],
  handle: SupervisedPort,
  signal: AbortSignal,
): Promise<PortChild> {
  const { sought } = settings;
  const wanted = sought === undefined ? settings.path : JSON.stringify(sought);
  const known = handle.programOf(wanted);
  const from = known === undefined ? {} : { path: known, sought: undefined };
  const name = settings.name ?? id;
  const port = await OpenPort.start(
    { ...settings, ...from, name, args: [...settings.args, ...texts(args)] },
    signal,
  );
  handle.follow(port, wanted);
  return new PortChild(port);
}

function texts(args: readonly unknown[]): readonly string[] {
  for (const arg of args) {
    if (typeof arg !== "string")
      throw new TypeError(`an argument of a program must be a string, and is ${typeof arg}`);
  }
  return args as readonly string[];
}
