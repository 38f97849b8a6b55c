/** `maxFrameBytes` is for both directions. */
import { expect, test } from "vitest";
import { CallError } from "../../src/index.ts";
import { compute } from "./deaths/compute-port.ts";
import { rejection } from "./ports.ts";

const program = compute();
const large = () => new Uint8Array(70_000_000).fill(7);

test("a program takes what its host takes: an argument and an answer of 70 MB", async () => {
  const port = await program.open({ maxFrameBytes: 80_000_000 });
  const answer = await port.call<Uint8Array>("echo", [large()]);
  expect(answer.length).toBe(70_000_000);
  expect(answer.at(-1)).toBe(7);
  // A call that has to wait is measured by the same number.
  const waiting = Array.from({ length: 2 }, () => port.call<Uint8Array>("echo", [large()]));
  for (const each of waiting) expect((await each).length).toBe(70_000_000);
});

test("without it both keep to 64 MiB, and the error says whose limit it is", async () => {
  const port = await program.open();
  const error = await rejection(port.call("echo", [large()]).then((value) => value));
  expect(error).toBeInstanceOf(CallError);
  expect(error.message).toMatch(/over the program's limit of 67108864 \(max_frame\)/);
  expect(await port.call("echo", [1])).toBe(1);
});
