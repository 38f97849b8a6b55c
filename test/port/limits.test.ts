/** What becomes of a program that reaches a limit of its own: a real program of the crate, for it is what sets them. */

import { beforeAll, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { rejection } from "./ports.ts";

let compute: string;
beforeAll(async () => {
  compute = await computeProgram();
}, BUILD_TIMEOUT);

test("a program that used up its processor time says which option ended it", async () => {
  await using port = await open(compute, { stderr: "ignore", limits: { cpuSeconds: 1 } });
  const error = await rejection(port.call("spin", [20_000_000], { idempotent: false }));
  expect(error).toMatchObject({ code: "PORT_EXIT", signal: "SIGXCPU" });
  expect(error.message).toContain(
    "was killed by SIGXCPU: it used up its limits.cpuSeconds, 1 s of processor time",
  );
});
