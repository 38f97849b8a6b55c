/** What docs/errors.md says of each code is what the errors say of themselves, and no code is missing there. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EtfError } from "../codec/index.ts";
import * as portreeve from "../src/index.ts";
import { BUILD_TIMEOUT, computeProgram } from "./fixtures/compute.ts";
import { fixture } from "./fixtures/fixture.ts";

const page = readFileSync(fixture("../../docs/errors.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));

const classes: Readonly<Record<string, (code: never) => portreeve.PortError>> = {
  CallError: (code) => new portreeve.CallError(code, "m"),
  CallTimeoutError: () => new portreeve.CallTimeoutError("m"),
  OverloadedError: () => new portreeve.OverloadedError("m"),
  PortExitError: () => new portreeve.PortExitError("m"),
  ProtocolError: () => new portreeve.ProtocolError("m"),
  PortClosedError: () => new portreeve.PortClosedError("m"),
  RestartLimitError: () => new portreeve.RestartLimitError("m", { history: [] }),
  ResolveError: () => new portreeve.ResolveError("m"),
  SpawnError: () => new portreeve.SpawnError("m", { path: "/x" }),
  HandshakeError: () => new portreeve.HandshakeError("m"),
};

test("the page has every code, and no other", () => {
  expect(rows.map(([, code]) => code).sort()).toEqual(Object.keys(portreeve.CODES).sort());
});

test.each(rows)("the row of %s %s is true", (_, code = "", name = "", fault, began, status) => {
  const error = classes[name]?.(code as never);
  expect(error?.code).toBe(code);
  expect(Number(status)).toBeGreaterThanOrEqual(400);
  if (fault !== "it depends") expect(error?.fault).toBe(fault);
  if (began !== "it depends") expect(String(error?.began)).toBe(began);
});

let port: portreeve.Port;
beforeAll(async () => {
  port = await portreeve.open(fixture("well-behaved.mjs"), { stderr: "ignore", maxRestarts: 0 });
});
afterAll(() => port.close());

/** What a call rejects with. */
async function failure(name: string, args: readonly unknown[], options = {}): Promise<unknown> {
  return port.call(name, args, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("errors of real calls say whose fault they are and whether anything began", async () => {
  expect(await failure("nothing", [])).toMatchObject({ code: "CALL_UNDEF", fault: "caller", began: false });
  expect(await failure("fail", ["no"])).toMatchObject({ code: "CALL_ERROR", fault: "function", began: true });
  expect(await failure("echo", [() => 1])).toMatchObject({
    code: "ETF_UNSUPPORTED",
    fault: "caller",
    began: false,
  });
  expect(await failure("busy", [300], { timeout: 1 })).toMatchObject({
    code: "CALL_TIMEOUT",
    fault: "service",
  });
  expect(await failure("exit", [3])).toMatchObject({ code: "PORT_EXIT", fault: "service", began: true });
  // Over its limit of restarts it is the service's fault, too, and nothing began.
  const late = await failure("echo", [1]);
  expect(late).toMatchObject({ code: "PORT_RESTART_LIMIT", fault: "service", began: false });
});

test(
  "an answer that cannot be read is the function's fault, which has run",
  async () => {
    const codec = { bytes: "binary" } as const;
    const strict = await portreeve.open(await computeProgram(), { stderr: "ignore", codec });
    try {
      const error = await strict.call("echo", [Uint8Array.of(255, 254)]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EtfError);
      expect(error).toMatchObject({ code: "ETF_UTF8", function: "echo", fault: "function", began: true });
    } finally {
      await strict.close();
    }
  },
  BUILD_TIMEOUT,
);
