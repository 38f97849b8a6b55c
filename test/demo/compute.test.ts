/** The port program `compute`, called as a user calls it: the useful functions, and the ways to misbehave. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importSPKI, jwtVerify, SignJWT } from "jose";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type OpenOptions, open, type Port, PortExitError } from "../../src/index.ts";
import { BUILD_TIMEOUT, buildPrograms } from "./built.ts";

let program: string;
beforeAll(async () => {
  program = (await buildPrograms()).program;
}, BUILD_TIMEOUT);

const ports: Port[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close()));
});

async function compute(options: OpenOptions = {}): Promise<Port> {
  const port = await open(program, { stderr: "ignore", shutdown: 1000, ...options });
  ports.push(port);
  return port;
}

/** The lines that a program wrote to stderr, and the port. */
async function computeWithStderr(): Promise<{ port: Port; lines: string[] }> {
  const lines: string[] = [];
  return { port: await compute({ stderr: (line) => lines.push(line) }), lines };
}

const SECRET = "a secret of forty bytes, no more no less";
const claims = {
  sub: "usr_1",
  name: "Zoë",
  picture: null,
  quota: 12.5,
  roles: ["admin"],
  nested: { deep: [1, -2] },
};

function pair(type: "rsa" | "ec" | "ed25519") {
  const options = { rsa: { modulusLength: 2048 }, ec: { namedCurve: "P-256" }, ed25519: undefined }[type];
  const { privateKey, publicKey } = generateKeyPairSync(type as "ec", options as { namedCurve: string });
  return {
    private: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    public: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

test.each([
  ["RS256", "rsa"],
  ["ES256", "ec"],
  ["EdDSA", "ed25519"],
] as const)(
  "%s: jose believes our tokens and we believe jose's, with keys of Node",
  async (algorithm, type) => {
    const port = await compute();
    const keys = pair(type);
    const token = await port.call<string>("sign", [claims, algorithm, keys.private]);
    const key = await importSPKI(keys.public, algorithm);
    const { payload, protectedHeader } = await jwtVerify(token, key, { algorithms: [algorithm] });
    expect(payload).toEqual(claims);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: "JWT" });
    expect(await port.call("verify", [token, algorithm, keys.public])).toEqual(claims);
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    await expect(port.call("verify", [forged, algorithm, keys.public])).rejects.toMatchObject({
      code: "CALL_ERROR",
      message: expect.stringContaining("the signature does not match"),
      data: "signature",
    });
  },
);

test("HS256: jose's token, as text and as bytes of the secret", async () => {
  const port = await compute();
  const secret = new TextEncoder().encode(SECRET);
  const token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(secret);
  expect(await port.call("verify", [token, "HS256", secret])).toEqual(claims);
  const ours = await port.call<string>("sign", [claims, "HS256", SECRET]);
  expect((await jwtVerify(ours, secret)).payload).toEqual(claims);
});

test("what is wrong with a key or an argument is said", async () => {
  const port = await compute();
  await expect(port.call("sign", [claims, "HS256", "short"])).rejects.toThrow(
    "not a key for HS256: a secret has at least 32 bytes, this one has 5",
  );
  await expect(port.call("sign", [claims, "EdDSA", SECRET])).rejects.toThrow(/private key in PEM/);
  await expect(port.call("sign", ["no map", "HS256", SECRET])).rejects.toMatchObject({
    code: "CALL_BADARG",
    argument: { index: 0, name: "claims" },
  });
  const expired = await port.call("sign", [{ exp: 1 }, "HS256", SECRET]);
  await expect(port.call("verify", [expired, "HS256", SECRET])).rejects.toMatchObject({ data: "expired" });
});

test("digests, sums, primes and matrices", async () => {
  const port = await compute();
  const data = new Uint8Array(100_000).map((_, n) => n * 7);
  const digest = await port.call<Uint8Array>("sha256", [data]);
  expect(Buffer.from(digest)).toEqual(createHash("sha256").update(data).digest());
  expect(await port.call("sum", [[1, 2, 3]])).toBe(6);
  expect(await port.call("add", [2n ** 62n, -1])).toBe(2n ** 62n - 1n);
  expect(await port.call("statistics", [[1, 2, 3, 4]])).toMatchObject({
    count: 4,
    mean: 2.5,
    median: 2.5,
    sum: 10,
  });
  expect(await port.call("primes", [20])).toEqual([2, 3, 5, 7, 11, 13, 17, 19]);
  expect(await port.call("count_primes", [10_000_000])).toBe(664_579);
  expect(await port.call("multiply_matrices", [[[1, 2]], [[3], [4]]])).toEqual([[11]]);
  expect(await port.call("echo", [["any", { term: 1.5 }]])).toEqual(["any", { term: 1.5 }]);
});

test("every function has a description", async () => {
  const port = await compute();
  expect(port.functions.length).toBeGreaterThan(25);
  expect(port.functions.filter(({ doc }) => doc.trim().length < 20)).toEqual([]);
});

test("a panic fails its call with message and place, and the program goes on", async () => {
  const port = await compute();
  await expect(port.call("panic", ["out of cheese"])).rejects.toMatchObject({
    code: "CALL_PANIC",
    message: expect.stringContaining("out of cheese"),
    location: expect.stringMatching(/death\.rs:\d+/),
  });
  expect(await port.call("sum", [[1]])).toBe(1);
  expect(port.stats().restarts).toBe(0);
});

test.each([
  ["segfault", [], { signal: "SIGSEGV", exitCode: null }],
  ["abort", [], { signal: "SIGABRT", exitCode: null }],
  ["kill", [9], { signal: "SIGKILL", exitCode: null }],
  ["exit", [7], { signal: null, exitCode: 7 }],
  ["exit", [0], { signal: null, exitCode: 0 }],
  ["overflow_stack", [], { signal: expect.stringMatching(/SIG(ABRT|SEGV)/), exitCode: null }],
] as const)("%s(%s) ends one worker, and the next call has another", async (name, args, end) => {
  const port = await compute();
  const error = await port.call(name, args).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(PortExitError);
  expect(error).toMatchObject({ function: name, began: true, ...end });
  expect(await port.call("sum", [[1, 1]])).toBe(2);
});

test("out of memory is the end of the worker, when memory is limited", async () => {
  const port = await compute({ limits: { memory: 768 * 1024 ** 2 } });
  await expect(port.call("exhaust_memory", [8192])).rejects.toMatchObject({
    code: "PORT_EXIT",
    signal: "SIGABRT",
  });
  expect(await port.call("sum", [[2]])).toBe(2);
});

test("what is printed reaches stderr and no frame", async () => {
  const { port, lines } = await computeWithStderr();
  await port.call("print_line", ["printed by Rust"]);
  await port.call("write_to_stdout", [new TextEncoder().encode("written to fd 1\n")]);
  expect(await port.call("sum", [[3]])).toBe(3);
  await expect.poll(() => lines).toEqual(["printed by Rust", "written to fd 1"]);
});

test("a flood of stderr is read and forgotten", async () => {
  let bytes = 0;
  const port = await compute({ stderr: (line) => (bytes += line.length + 1) });
  await port.call("flood_stderr", [8_000_000]);
  await expect.poll(() => bytes).toBe(8_000_000);
});

test.each([
  ["send_half_frame", [true]],
  ["send_huge_length", []],
  ["send_garbage", [new TextEncoder().encode("Hello, I am no frame. ".repeat(10))]],
  ["close_stdout", []],
  ["close_stdin", []],
] as const)(
  "%s costs the worker, and the next call has another",
  async (name, args) => {
    const port = await compute();
    const exited = new Promise((resolve) => port.once("exit", resolve));
    await port.call(name, args).catch(() => undefined);
    await exited;
    expect(await port.call("sum", [[4]])).toBe(4);
  },
  20_000,
);

test("a function that hangs is given up, and its worker is replaced", async () => {
  const port = await compute({ cancelGrace: 100, shutdown: 200 });
  const retired = new Promise((resolve) => port.once("retire", resolve));
  await expect(port.call("loop_forever", [], { timeout: 100 })).rejects.toMatchObject({
    code: "CALL_TIMEOUT",
  });
  await retired;
  expect(await port.call("sum", [[5]])).toBe(5);
});

test("sleep minds a cancel, sleep_through_cancel does not", async () => {
  const port = await compute({ cancelGrace: 1500 });
  const began = performance.now();
  await expect(port.call("sleep", [30_000], { timeout: 50 })).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
  await expect(port.call("sleep_through_cancel", [300], { timeout: 50 })).rejects.toMatchObject({
    code: "CALL_TIMEOUT",
  });
  await port.close();
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(port.stats().restarts).toBe(0);
});

test("a grandchild may hold the pipes: the death of the worker is seen all the same", async () => {
  const port = await compute();
  const grandchild = await port.call<number>("leave_grandchild", [60]);
  try {
    await expect(port.call("exit", [3])).rejects.toMatchObject({ exitCode: 3 });
    expect(await port.call("sum", [[6]])).toBe(6);
  } finally {
    process.kill(grandchild, "SIGKILL");
  }
});

test("the counter on disk counts the calls that began", async () => {
  const port = await compute();
  const path = join(tmpdir(), `portreeve-count-${process.pid}`);
  try {
    await Promise.all([1, 2, 3].map(() => port.call("count_on_disk", [path, 0])));
    expect(readFileSync(path, "utf8")).toBe("...");
  } finally {
    rmSync(path, { force: true });
  }
});
