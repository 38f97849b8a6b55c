import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";

test("AsyncLocalStorage is kept across a call, also when the answers of several come in one chunk", async () => {
  const port = await open(fixture("well-behaved.mjs"), { stderr: "ignore" });
  const storage = new AsyncLocalStorage<number>();
  const calls = Array.from({ length: 50 }, (_, i) =>
    storage.run(i, async () => {
      await port.call("echo", [i]);
      return storage.getStore();
    }),
  );
  expect(await Promise.all(calls)).toEqual(calls.map((_, i) => i));
  await port.close();
});

test("wrap runs the program under another command, which is searched in PATH", async () => {
  const port = await open(fixture("well-behaved.mjs"), {
    wrap: ["env", "WRAPPED=yes"],
    args: ["one"],
    stderr: "ignore",
  });
  expect(await port.call("env", ["WRAPPED"])).toBe("yes");
  expect(await port.call("argv", [])).toEqual(["one"]);
  await port.close();
});

test("a wrap that is not there says which", async () => {
  const opening = open(fixture("well-behaved.mjs"), { wrap: ["no-such-command"], stderr: "ignore" });
  await expect(opening).rejects.toMatchObject({
    code: "PORT_SPAWN",
    message: expect.stringContaining("no-such-command"),
  });
});
