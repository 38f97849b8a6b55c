/** Byte arrays of a caller: the bytes of the moment of the call arrive, whatever happens to the array afterwards. */
import { runInThisContext } from "node:vm";
import { afterEach, describe, expect, test } from "vitest";
import type { OpenOptions, Port } from "../../src/index.ts";
import { children, openFixture, pidOf, rejection } from "./ports.ts";

const open: Port[] = [];
async function opened(options?: OpenOptions): Promise<Port> {
  const port = await openFixture("well-behaved.mjs", options);
  open.push(port);
  return port;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
  expect(children()).toEqual([]);
});

/** An array and what happens to it. */
interface Victim {
  readonly bytes: Uint8Array;
  spoil(): void;
}

type Resizable = ArrayBuffer & { resize(size: number): void };
const ResizableBuffer = ArrayBuffer as unknown as new (size: number, options: object) => Resizable;

const victims: Record<string, (size: number) => Victim> = {
  "is transferred": (size) => {
    const bytes = new Uint8Array(size).fill(7);
    return { bytes, spoil: () => void structuredClone(bytes.buffer, { transfer: [bytes.buffer] }) };
  },
  "is posted to a worker thread": (size) => {
    const bytes = new Uint8Array(size).fill(7);
    return {
      bytes,
      spoil: () => {
        const { port1 } = new MessageChannel();
        port1.postMessage(bytes, [bytes.buffer]);
        port1.close();
      },
    };
  },
  "lies in wasm memory that grows": (size) => {
    const memory = runInThisContext("new WebAssembly.Memory({ initial: 64 })");
    const bytes = new Uint8Array(memory.buffer, 0, size).fill(7);
    return { bytes, spoil: () => memory.grow(1) };
  },
  "lies in a buffer that shrinks": (size) => {
    const buffer = new ResizableBuffer(size, { maxByteLength: 2 * size });
    return { bytes: new Uint8Array(buffer).fill(7), spoil: () => buffer.resize(10) };
  },
  "lies in a buffer that grows": (size) => {
    const buffer = new ResizableBuffer(size, { maxByteLength: 2 * size });
    return { bytes: new Uint8Array(buffer).fill(7), spoil: () => buffer.resize(2 * size) };
  },
  "is filled anew": (size) => {
    const bytes = new Uint8Array(size).fill(7);
    return { bytes, spoil: () => bytes.fill(9) };
  },
};

function isUntouched(answer: unknown, size: number): void {
  expect(Buffer.from(answer as Uint8Array).equals(Buffer.alloc(size, 7))).toBe(true);
}

describe.each(Object.entries(victims))("an array that %s", (_, make) => {
  test.each([32_768, 3_000_000])("arrives whole at an idle worker (%i bytes)", async (size) => {
    const port = await opened();
    const { bytes, spoil } = make(size);
    const answer = port.call("echo", [bytes]);
    spoil();
    isUntouched(await answer, size);
    expect(await port.call("echo", [1])).toBe(1);
  });

  test("arrives whole after it waited behind another call, and behind a full pipe", async () => {
    const port = await opened({ maxInFlight: 1 });
    const first = port.call("sleep", [30]);
    const [a, b] = [make(32_768), make(1_000_000)];
    const answers = [port.call("echo", [a.bytes]), port.call("echo", [b.bytes])];
    a.spoil();
    b.spoil();
    isUntouched(await answers[0], 32_768);
    isUntouched(await answers[1], 1_000_000);
    await first;
    const full = await opened();
    const busy = full.call("busy", [50]);
    const victim = make(2_000_000);
    const behind = [full.call("echo", [victim.bytes]), full.call("echo", [victim.bytes])];
    victim.spoil();
    for (const answer of behind) isUntouched(await answer, 2_000_000);
    await busy;
  });

  test("arrives whole when it is sent again after a death", async () => {
    const port = await opened({ maxRestarts: 10 });
    const pid = await pidOf(port);
    const { bytes, spoil } = make(1_000_000);
    const busy = rejection(port.call("busy", [60_000]));
    const answer = port.call("echo", [bytes], { idempotent: true });
    spoil();
    process.kill(pid, "SIGKILL");
    isUntouched(await answer, 1_000_000);
    await busy;
  });
});

test("an array that loses its memory while its call is encoded is that call's error, and nobody else's", async () => {
  const port = await opened({ maxInFlight: 1 });
  const sleeping = port.call("sleep", [20]);
  const before = port.call("echo", ["before"]);
  const bytes = new Uint8Array(100_000);
  const spoil = { toTerm: () => void structuredClone(bytes.buffer, { transfer: [bytes.buffer] }) };
  expect(await rejection(port.call("echo", [[spoil, bytes]]))).toMatchObject({
    name: "EtfError",
    code: "ETF_UNSUPPORTED",
    path: "[0][1]",
  });
  expect(await Promise.all([sleeping, before, port.call("echo", ["behind"])])).toEqual([
    "slept",
    "before",
    "behind",
  ]);
});

test("a caller may use its array again after a timeout, an abort, or the answer", async () => {
  const port = await opened({ maxInFlight: 4 });
  const bytes = new Uint8Array(500_000).fill(7);
  const busy = port.call("busy", [50]);
  const given = new AbortController();
  const lost = rejection(port.call("echo", [bytes], { signal: given.signal }));
  const answer = port.call("echo", [bytes]);
  given.abort(new Error("enough"));
  bytes.fill(9);
  expect((await lost).message).toBe("enough");
  isUntouched(await answer, 500_000);
  await busy;
});
