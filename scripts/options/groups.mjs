/** The groups of the page, in order: where their interfaces stand, and their tables. */

import { settle } from "../../dist/codec/options.js";
import { BUILD } from "../../dist/src/build/build.js";
import { BROADCAST, CALL, CAST } from "../../dist/src/options/call.js";
import { BACKOFF, HEARTBEAT, LIMITS, OPEN, RECYCLE, REPLACE } from "../../dist/src/options/open.js";
import { CHILD, SUPERVISE } from "../../dist/src/supervise/spec.js";

/** The codec checks its options itself; its defaults are what it assumes of nothing. One of them depends on the runtime. */
const CODEC = Object.fromEntries(
  Object.entries(settle({})).map(([name, fallback]) => [
    name,
    name === "maxDecodedBytes" ? {} : { fallback },
  ]),
);

const open = "src/options/open.ts";
const call = "src/options/call.ts";
const spec = "src/supervise/spec.ts";

export const groups = [
  {
    title: "open",
    file: open,
    interfaces: ["OpenOptions"],
    table: OPEN,
    about:
      "The second argument of `open`, and the `options` of a port that is a [child](#child). They are read once: what becomes of their lists and objects later reaches no worker.",
  },
  {
    title: "limits",
    file: "src/wire/hello.ts",
    interfaces: ["Limits"],
    table: LIMITS,
    about: "The option `limits` of `open`.",
  },
  {
    title: "heartbeat",
    file: open,
    interfaces: ["Heartbeat"],
    table: HEARTBEAT,
    about: "The option `heartbeat` of `open`.",
  },
  {
    title: "recycle",
    file: open,
    interfaces: ["Recycle"],
    table: RECYCLE,
    about: "The option `recycle` of `open`: whatever comes first.",
  },
  {
    title: "backoff",
    file: "src/restart/backoff.ts",
    interfaces: ["BackoffOptions"],
    table: BACKOFF,
    about: "The option `backoff` of `open`, for the workers of a port, and of `supervise`, for children.",
  },
  {
    title: "call",
    file: call,
    interfaces: ["CallOptions"],
    table: CALL,
    about: "The third argument of `port.call`, and the second of `port.as` for all calls of a view.",
  },
  {
    title: "cast",
    file: call,
    interfaces: ["CallOptions"],
    table: CAST,
    about: "The third argument of `port.cast`, as of a call.",
  },
  {
    title: "broadcast",
    file: call,
    interfaces: ["CallOptions"],
    table: BROADCAST,
    about:
      "The third argument of `port.broadcast`, as of a call: all workers get it, and nothing is sent again.",
  },
  {
    title: "restart and reload",
    file: open,
    interfaces: ["ReplaceOptions"],
    table: REPLACE,
    about: "The argument of `port.restart`, and the second of `port.reload`.",
  },
  {
    title: "supervise",
    file: spec,
    interfaces: ["SuperviseOptions"],
    table: SUPERVISE,
    about: "The argument of `supervise`. What it means in detail: [supervision.md](supervision.md).",
  },
  {
    title: "child",
    file: spec,
    interfaces: ["ChildSpecBase", "PortSpec", "SupervisorSpec", "CustomSpec"],
    table: CHILD,
    about: "One of the `children` of `supervise`, and the argument of `startChild`.",
  },
  {
    title: "build",
    file: "src/build/build.ts",
    interfaces: ["BuildOptions"],
    table: BUILD,
    about: "The argument of `build`, from `portreeve/build`.",
  },
  {
    title: "codec",
    file: "codec/options.ts",
    interfaces: ["CodecOptions"],
    table: CODEC,
    about:
      'The argument of `new Codec`, from `portreeve/codec`, and the option `codec` of `open`, where the default of `bytes` is `"bit_binary_always"` in the plain view. See [codec.md](codec.md).',
  },
];
