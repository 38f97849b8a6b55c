/** The halves of different minor versions: each ignores what the other one knows more (docs/versions.md). */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { atom, atoms, decode, encode, Tuple } from "../fixtures/etf.mjs";
import { fixture } from "../fixtures/fixture.ts";

const more = { sails: 3, rigging: [atom("gaff"), new Map([["jib", 1]])] };

test("a newer program: words and keys that this host does not know", async () => {
  const port = await open(fixture("newer.mjs"), { maxRestarts: 0 });
  const logged: string[] = [];
  port.on("log", ({ message }) => logged.push(message));
  try {
    expect(await port.call("echo", ["ahoy"])).toBe("ahoy");
    const failure = { code: "CALL_ERROR", message: "fail: on purpose" };
    await expect(port.call("fail", [])).rejects.toMatchObject(failure);
    expect(logged).toEqual(["it is echoed"]);
    expect(port.stats().restarts).toBe(0);
  } finally {
    await port.close();
  }
});

function send({ stdin }: ChildProcessWithoutNullStreams, ...elements: unknown[]): void {
  const body = encode(Tuple.from(...elements));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  stdin.write(Buffer.concat([head, body]));
}

/** The messages in some bytes. */
function messagesOf(bytes: Buffer): unknown[][] {
  const messages: unknown[][] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at))
    messages.push(decode(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))));
  return messages;
}

test(
  "a newer host: words, keys and elements of `accepts` that this program does not know",
  async () => {
    const program = spawn(await computeProgram());
    const chunks: Buffer[] = [];
    program.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const ended = once(program, "exit");
    send(program, atom("hello"), atoms({ protocol: 1, accepts: [atom("foreshadow"), atom("log")], ...more }));
    send(program, atom("foreshadow"), 1, atoms(more));
    send(program, atom("call"), 7, atom("add"), [1, 2], atoms({ timeout: 60_000, ...more }));
    send(program, atom("call"), 8, atom("add"), [1, "two"], atoms(more));
    send(program, atom("cast"), atom("add"), [1, 2]);
    send(program, atom("call"), 9, atom("add"), [3, 4]);
    program.stdin.write(Buffer.concat([Buffer.from([0, 0, 0, 7]), encode(atom("stop"))]));
    expect(await ended).toEqual([0, null]);
    const answers = messagesOf(Buffer.concat(chunks)).filter(([word]) => word !== atom("hello"));
    const words = answers.map(([word, id, term]) => [word, id, word === atom("reply") ? term : undefined]);
    expect(words).toContainEqual([atom("reply"), 7, 3]);
    expect(words).toContainEqual([atom("error"), 8, undefined]);
    expect(words).toContainEqual([atom("reply"), 9, 7]);
    expect(words).toContainEqual([atom("ready"), expect.anything(), undefined]);
    expect(words).toHaveLength(4);
  },
  BUILD_TIMEOUT,
);
