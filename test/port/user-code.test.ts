/** What user code throws, from wherever it is called, leaves nothing half done: calls are settled, workers are restarted. */
import { afterEach, expect, test } from "vitest";
import { type OpenOptions, type Port, PortExitError, supervise } from "../../src/index.ts";
import { event, openFixture, pidOf, rejection, until } from "./ports.ts";

const ports: Port[] = [];
async function opened(name: string, options: OpenOptions): Promise<Port> {
  const port = await openFixture(name, options);
  ports.push(port);
  return port;
}

/** What reached the process as an uncaught exception while `act` ran, with vitest's own listeners out of the way. */
async function uncaughtDuring(act: () => Promise<void>): Promise<unknown[]> {
  const before = process.listeners("uncaughtException");
  const caught: unknown[] = [];
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => caught.push(error));
  try {
    await act();
    await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
  }
  return caught;
}

afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close()));
});

/** What a user may throw; none of it can be shown in the usual way. */
const ODD: readonly [name: string, thrown: () => unknown][] = [
  ["an object without a prototype", () => Object.create(null)],
  [
    "a message that throws",
    () => ({
      get message() {
        throw new Error("no");
      },
    }),
  ],
  [
    "a toString that throws",
    () => ({
      toString() {
        throw new Error("no");
      },
    }),
  ],
  [
    "a Proxy that throws at every look",
    () =>
      new Proxy(
        {},
        {
          get() {
            throw new Error("no");
          },
          has() {
            throw new Error("no");
          },
          getPrototypeOf() {
            throw new Error("no");
          },
        },
      ),
  ],
];

test("a stderr function that throws at the last line of a worker that dies wedges nothing", async () => {
  const boom = new Error("not JSON");
  const port = await opened("well-behaved.mjs", {
    stderr: () => {
      throw boom;
    },
  });
  const caught = await uncaughtDuring(async () => {
    await port.call("stderr", ["a line without an end"]);
    const lost = rejection(port.call("sleep", [60_000]));
    const exited = event(port, "exit");
    process.kill(pidOf(port), "SIGKILL");
    expect(await lost).toBeInstanceOf(PortExitError);
    await exited;
    expect(await port.call("echo", [1])).toBe(1);
  });
  expect(caught).toEqual([boom]);
  expect(port.stats().unsettled).toBe(0);
});

test("listeners that throw in the middle of a death, a restart and a log", async () => {
  const port = await opened("talkative.mjs", {});
  const boom = new Error("listener");
  for (const name of ["exit", "restart", "log", "event"] as const) {
    port.on(name, () => {
      throw boom;
    });
  }
  const caught = await uncaughtDuring(async () => {
    await port.call("log", ["info", "text"]);
    await port.call("event", ["topic", 1]);
    const onProgress = () => {
      throw boom;
    };
    expect(await port.call("steps", [3], { onProgress })).toBe("done");
    expect(await rejection(port.call("exit", [1]))).toBeInstanceOf(PortExitError);
    expect(await port.call("echo", [1])).toBe(1);
    for (const name of ["exit", "restart", "log", "event"]) port.removeAllListeners(name);
  });
  expect(caught).toEqual(Array.from({ length: 7 }, () => boom));
});

test.each(ODD)("a handler that throws %s: the program is told, and nobody else", async (_name, thrown) => {
  const port = await opened("talkative.mjs", {
    handlers: {
      now: () => {
        throw thrown();
      },
      later: () => Promise.reject(thrown()),
    },
  });
  const told = ["error", "error", "a thrown object that cannot be shown"];
  expect(await port.call("ask", ["now", []])).toEqual(told);
  expect(await port.call("ask", ["later", []])).toEqual(told);
});

test.each(ODD)(
  "arguments and answers whose toTerm throws %s cost only their own call",
  async (_name, thrown) => {
    const odd = {
      toTerm: () => {
        throw thrown();
      },
    };
    const port = await opened("talkative.mjs", { handlers: { odd: () => odd } });
    const outcome = await port.call("echo", [odd]).then(
      () => "resolved",
      () => "rejected",
    );
    expect(outcome).toBe("rejected");
    expect(await port.call("ask", ["odd", []])).toEqual(["error", "error", expect.any(String)]);
    expect(await port.call("echo", [1])).toBe(1);
  },
);

test("a message with half a character is the program's with its replacement", async () => {
  const port = await opened("talkative.mjs", {
    handlers: {
      half: () => {
        throw new Error("half \ud83d of it");
      },
    },
  });
  expect(await port.call("ask", ["half", []])).toEqual(["error", "error", "half \ufffd of it"]);
});

test.each(ODD)("a child whose start or end rejects with %s", async (_name, thrown) => {
  const start = async () => {
    throw thrown();
  };
  const failed = await rejection(supervise({ children: [{ id: "odd", start }] }));
  expect(failed).toMatchObject({ name: "SupervisorError", code: "SUPERVISOR_START", child: "odd" });
  let starts = 0;
  let end: (reason: unknown) => void = () => {};
  const child = () => {
    starts += 1;
    const exited = new Promise((_resolve, reject) => {
      end = reject;
    });
    return { exited, stop: () => end(thrown()), kill: () => end(thrown()) };
  };
  const reeve = await supervise({ children: [{ id: "ends", start: child }] });
  const restarted = new Promise((resolve) => reeve.once("restart", resolve));
  end(thrown());
  await restarted;
  await until(() => starts === 2);
  await reeve.close();
});

test("a program that closes its stdin before its hello is told as that", async () => {
  // So large a hello is still under way when the program closes its end.
  const error = await rejection(openFixture("closes-stdin.sh", { start: "x".repeat(4 << 20) }));
  expect(error.message).toContain("closed its stdin before it said hello, and runs on");
});

test("a maxFrameBytes below the program's hello is told as that", async () => {
  const error = await rejection(openFixture("well-behaved.mjs", { maxFrameBytes: 1024 }));
  expect(error.message).toMatch(
    /said something that is not taken: a frame that claims \d+ bytes, over the limit of 1024 \(maxFrameBytes\)/,
  );
  expect(error.message).not.toContain("unfinished");
});
