/**
 * Callbacks that throw whatever can be thrown: handlers, listeners, onProgress, the stderr function, toTerm and getters of
 * arguments, reasons of signals, starts of a supervisor. The port goes on, every call is settled, and nothing surfaces but
 * what the callback itself threw.
 */
import { join } from "node:path";
import { open, type Port, supervise } from "../../src/index.ts";
import type { Block, FuzzKind } from "./kind.ts";
import type { Random } from "./random.ts";
import { Surface, shown, thing } from "./thrown.ts";

/** ms after which a call that is not settled hangs. */
const PATIENCE = 20_000;

/** What the callbacks of one block share. */
interface Scene {
  readonly talker: Port;
  readonly worker: Port;
  readonly surface: Surface;
  /** What the next callback throws; undefined lets it return. */
  next: { readonly thrown: unknown } | undefined;
}

type Action = (scene: Scene, thrown: unknown) => Promise<unknown>;

const rejects = (promise: Promise<unknown>) =>
  promise.then(
    (value) => {
      throw new Error(`it resolved with ${shown(value)}`);
    },
    () => {},
  );

/** With the words of a call as `talkative.mjs` gives them. */
async function isError(answer: Promise<unknown>): Promise<void> {
  const got = (await answer) as readonly unknown[];
  if (got[0] !== "error") throw new Error(`the program got ${shown(got)}`);
}

const ACTIONS: Readonly<Record<string, Action>> = {
  "a handler throws": ({ talker }) => isError(talker.call("ask", ["now", []])),
  "a handler rejects": ({ talker }) => isError(talker.call("ask", ["later", []])),
  "a handler's value throws": ({ talker }) => isError(talker.call("ask", ["odd", []])),
  "a listener of a handler's signal throws": ({ talker }) =>
    isError(talker.call("ask_and_cancel", ["waits", 1])),
  "a listener to events throws": ({ talker }) => talker.call("event", ["topic", 1]),
  "a listener to logs throws": ({ talker }) => talker.call("log", ["info", "text"]),
  "onProgress throws": (scene) =>
    scene.talker.call("steps", [3], { onProgress: () => scene.surface.raise(scene.next?.thrown) }),
  "the stderr function throws": ({ worker }) => worker.call("stderr", ["a line\n"]),
  "toTerm throws": (scene) =>
    rejects(
      attempt(() => scene.worker.call("echo", [{ toTerm: () => scene.surface.raise(scene.next?.thrown) }])),
    ),
  "a getter throws": (scene) =>
    rejects(
      attempt(() =>
        scene.worker.call("echo", [
          {
            get x() {
              return scene.surface.raise(scene.next?.thrown);
            },
          },
        ]),
      ),
    ),
  "a signal is aborted with it": ({ worker }, thrown) => {
    const controller = new AbortController();
    const call = rejects(worker.call("sleep", [1000], { signal: controller.signal }));
    controller.abort(thrown);
    return call;
  },
  "a supervisor's start rejects with it": (_, thrown) =>
    rejects(supervise({ children: [{ id: "child", start: () => Promise.reject(thrown) }] })),
  "the listeners to a death throw": ({ worker }) => rejects(worker.call("exit", [3])),
};

/** A call may throw at once, too. */
async function attempt(call: () => Promise<unknown>): Promise<unknown> {
  return call();
}

async function setScene(): Promise<Scene> {
  const surface = new Surface();
  surface.watch();
  const scene = { surface, next: undefined as Scene["next"] } as Scene;
  const raise = () => {
    if (scene.next !== undefined) surface.raise(scene.next.thrown);
  };
  const options = { shutdown: 1000, maxRestarts: 1e6, stderr: raise, backoff: { initial: 1, max: 1 } };
  const fixture = (name: string) => join("test", "fixtures", name);
  const handlers = {
    now: raise,
    later: async () => raise(),
    odd: () => ({ toTerm: raise }),
    waits: (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(scene.next?.thrown);
          raise();
        });
      }),
  };
  const [talker, worker] = await Promise.all([
    open(fixture("talkative.mjs"), { ...options, handlers }),
    open(fixture("well-behaved.mjs"), options),
  ]);
  for (const port of [talker, worker])
    for (const name of ["event", "log", "exit", "restart", "drain"] as const) port.on(name, raise);
  return Object.assign(scene, { talker, worker });
}

/** @throws Error when it takes too long: nobody would ever be told */
async function settled(name: string, action: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: it hangs`)), PATIENCE);
  });
  try {
    await Promise.race([action, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function runCase(scene: Scene, random: Random): Promise<void> {
  // A death costs a start.
  const name = random.pick(Object.keys(ACTIONS).slice(0, random.oneIn(8) ? undefined : -1));
  const thrown = thing(random);
  scene.next = { thrown };
  const about = `${name}: ${shown(thrown)}`;
  try {
    await settled(about, ACTIONS[name]?.(scene, thrown) ?? Promise.resolve());
    await settled(`${about}, then a call`, scene.talker.call("echo", [1]));
    await settled(`${about}, then a call`, scene.worker.call("echo", [1]));
    await new Promise((resolve) => setImmediate(resolve));
    scene.next = undefined;
    scene.surface.check();
  } catch (error) {
    throw new Error(about, { cause: error });
  }
}

async function begin(): Promise<Block> {
  const scene = await setScene();
  return {
    run: (random) => runCase(scene, random),
    end: async () => {
      scene.next = undefined;
      try {
        await settled("close", Promise.all([scene.talker.close(), scene.worker.close()]));
        scene.surface.check();
      } finally {
        scene.surface.unwatch();
      }
    },
  };
}

export const callbacks: FuzzKind = {
  name: "callbacks",
  about: "callbacks that throw anything: the port goes on, calls are settled, nothing of ours surfaces",
  bounded: 400,
  blockSize: 100,
  begin,
};
