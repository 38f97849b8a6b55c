/** A child's code may throw anything: it becomes a reason in words, and the supervisor goes on. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { supervise } from "../../src/supervise/supervise.ts";

const odd: [string, () => unknown][] = [
  ["an object without a prototype", () => Object.create(null)],
  [
    "an object whose toString throws",
    () => ({
      toString() {
        throw new Error("no text");
      },
    }),
  ],
  [
    "an error whose message throws",
    () =>
      Object.defineProperty(new Error(), "message", {
        get() {
          throw new Error("no message");
        },
      }),
  ],
  [
    "a Proxy that throws at everything",
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
  ["undefined", () => undefined],
  ["a symbol", () => Symbol("no")],
];

test.each(odd)("a start that rejects with %s is a SupervisorError", async (_what, thrown) => {
  await expect(
    supervise({ children: [{ id: "c", start: () => Promise.reject(thrown()) }] }),
  ).rejects.toMatchObject({
    code: "SUPERVISOR_START",
    child: "c",
    message: expect.stringMatching(/^child "c" could not be started: ./),
  });
});

test.each(odd)(
  "a child whose exited rejects with %s is restarted, and ends when asked",
  async (_what, thrown) => {
    let end: (outcome?: unknown) => void = () => {};
    let fail: (reason: unknown) => void = () => {};
    const start = () => {
      const exited = new Promise<unknown>((resolve, reject) => {
        [end, fail] = [resolve, reject];
      });
      return { exited, stop: () => Promise.reject(thrown()), kill: () => end() };
    };
    await using reeve = await supervise({ children: [{ id: "c", start }] });
    const events = Promise.all([once(reeve, "exit"), once(reeve, "restart")]);
    fail(thrown());
    expect(await events).toMatchObject([[{ id: "c" }], [{ id: "c" }]]);
    const told = once(reeve, "shutdownError");
    await reeve.stopChild("c");
    expect((await told)[0].problem).toMatch(/^could not be stopped and was killed: ./);
  },
);

test.each(odd)("a restart that fails with %s is retried, and the limit says why", async (_what, thrown) => {
  let starts = 0;
  const start = () => {
    starts += 1;
    if (starts > 1) throw thrown();
    return { exited: Promise.reject(thrown()), stop() {}, kill() {} };
  };
  const reeve = await supervise({ maxRestarts: 2, backoff: { initial: 0 }, children: [{ id: "c", start }] });
  const [{ history }] = await once(reeve, "gaveUp");
  expect(history).toHaveLength(3);
  expect(await reeve.exited).toBe("shutdown");
});
