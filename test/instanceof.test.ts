/**
 * `instanceof` says nothing of a value that comes from outside: one of another realm (vm, jest, jsdom) or of a second copy of
 * this package is no instance of ours. Whoever asks it in codec/ or src/ stands here, with the reason why it may.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture } from "./fixtures/fixture.ts";
import { filesOf } from "./rooms/files.ts";

/** By reason: the file, and the classes that it asks for. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "errors of our own, thrown by our own code a moment before": [
    "codec/compress.ts EtfError",
    "codec/decode.ts EtfError",
    "codec/explain.ts EtfError",
    "codec/skip.ts EtfError",
    "src/calls/caller.ts EtfError",
    "src/calls/caller.ts PortError",
    "src/cli/main.ts UsageError",
    "src/metrics/failures.ts EtfError",
    "src/metrics/failures.ts PortError",
    "src/pool/handshake.ts HandshakeError",
    "src/pool/renewals.ts PortClosedError",
    "src/supervise/place.ts SupervisorError",
    "src/supervise/supervisor.ts SupervisorError",
    "src/supervise/supervisor.ts TypeError",
    "src/wire/envelope.ts TooLarge",
    "src/wire/hello.ts EtfError",
    "src/wire/inbox.ts EtfError",
    "src/wire/incoming.ts EtfError",
    "src/wire/incoming.ts ProtocolError",
    "src/wire/message.ts EtfError",
    "src/wire/outbox.ts TooLarge",
  ],
  "what the runtime throws in our own realm when our own code asks too much of it": [
    "codec/decode.ts Error",
    "codec/generate.ts RangeError",
    "codec/generate.ts SyntaxError",
  ],
  "terms that our own decoder or parser has made": [
    "codec/mixed.ts Atom",
    "codec/order.ts Atom",
    "codec/order.ts BitString",
    "codec/order.ts Export",
    "codec/order.ts Float",
    "codec/order.ts Fun",
    "codec/order.ts ImproperList",
    "codec/order.ts Pid",
    "codec/order.ts Port",
    "codec/order.ts Reference",
    "codec/order.ts Tuple",
    "codec/order.ts Uint8Array",
    "codec/parse.ts Atom",
    "codec/parse.ts Float",
    "codec/parse.ts Pid",
    "codec/parse.ts Uint8Array",
    "codec/plain-map.ts Map",
    "src/cli/call.ts Map",
    "src/cli/call.ts Uint8Array",
  ],
  "the short way for values of this copy; all others are judged by their brand or shape behind it": [
    "codec/codec.ts Writer",
    "codec/encode.ts Atom",
    "codec/entries.ts Atom",
    "codec/range.ts Uint8Array",
  ],
  "objects that our own code has made": [
    "src/process/spawn.ts Promise",
    "src/supervise/live.ts Refusal",
    // Only into a supervisor of this copy can be looked; `port()` of another says that it is none.
    "src/supervise/supervisor.ts PortChild",
    "src/supervise/supervisor.ts Supervisor",
  ],
  "the guard itself": ["src/reason.ts Class"],
  "code of a new project, which has one copy": ["src/cli/starter.ts PortExitError"],
};

/** `x instanceof C`, and `isA(x, C)`, which is the same behind a guard. */
const ASKS = /\binstanceof (\w+)|\bisA\(\w+, (\w+)\)/g;
/** Comments, and the list of the language's words in src/cli/typescript.ts. */
const TEXT = /\/\*.*?\*\/|\/\/[^\n]*|"arguments await [^"]*"/gs;

function asked(folder: string): readonly string[] {
  return filesOf(folder, ".ts").flatMap((file) => {
    const code = readFileSync(fixture(`../../${folder}/${file}`), "utf8").replace(TEXT, "");
    return [...code.matchAll(ASKS)].map(([, plain, guarded]) => `${folder}/${file} ${plain ?? guarded}`);
  });
}

test("instanceof decides on nothing that comes from outside", () => {
  const found = new Set([...asked("codec"), ...asked("src")]);
  expect([...found].toSorted()).toEqual(Object.values(ALLOWED).flat().toSorted());
});
