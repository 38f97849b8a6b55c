/** All contenders, in the order of the tables. Each loads its own module, and its packages, when it is started. */

import { availableParallelism } from "node:os";
import type { Contender } from "./contender.ts";

export const CONTENDERS: readonly Contender[] = [
  {
    id: "portreeve",
    title: "portreeve, 1 worker",
    place: "out of process",
    start: async () => (await import("./portreeve.ts")).startPort(1),
  },
  {
    id: "portreeve-n",
    title: `portreeve, ${availableParallelism()} workers`,
    place: "out of process",
    start: async () => (await import("./portreeve.ts")).startPort(availableParallelism()),
  },
  {
    id: "napi-sync",
    title: "napi-rs, synchronous",
    place: "in process",
    start: async () => (await import("./napi.ts")).startSync(),
  },
  {
    id: "napi-task",
    title: "napi-rs, AsyncTask",
    place: "in process",
    start: async () => (await import("./napi.ts")).startAsync("Task"),
  },
  {
    id: "napi-async",
    title: "napi-rs, async fn",
    place: "in process",
    start: async () => (await import("./napi.ts")).startAsync("Async"),
  },
  {
    id: "worker-threads",
    title: "worker_threads",
    place: "threads",
    start: async () => (await import("./worker-threads.ts")).startThread(),
  },
  {
    id: "wasm",
    title: "Rust as WebAssembly",
    place: "in process",
    start: async () => (await import("./wasm.ts")).startWasm(),
  },
  {
    id: "js",
    title: "plain JavaScript, node:crypto",
    place: "in process",
    start: async () => (await import("./js.ts")).startJs(),
  },
  {
    id: "piscina",
    title: "piscina",
    place: "threads",
    start: async () => (await import("./piscina.ts")).startPiscina(),
  },
  {
    id: "tinypool",
    title: "tinypool, child_process",
    place: "out of process",
    start: async () => (await import("./tinypool.ts")).startTinypool(),
  },
  {
    id: "execa",
    title: "execa, a process a call",
    place: "out of process",
    start: async () => (await import("./execa.ts")).startExeca(),
  },
  {
    id: "json-lines",
    title: "JSON lines, a write a tick",
    place: "out of process",
    start: async () => (await import("./json-lines.ts")).startJsonLines("a tick"),
  },
  {
    id: "json-lines-each",
    title: "JSON lines, a write a call",
    place: "out of process",
    start: async () => (await import("./json-lines.ts")).startJsonLines("a call"),
  },
  {
    id: "msgpack",
    title: "MessagePack (msgpackr)",
    place: "out of process",
    start: async () => (await import("./msgpack.ts")).startMsgpack(),
  },
  {
    id: "grpc",
    title: "gRPC on a Unix socket",
    place: "out of process",
    start: async () => (await import("./grpc.ts")).startGrpc(),
  },
  {
    id: "http",
    title: "HTTP on a Unix socket",
    place: "out of process",
    start: async () => (await import("./http.ts")).startHttp(),
  },
  {
    id: "echo",
    title: "raw {packet,4} echo",
    place: "out of process",
    start: async () => (await import("./echo.ts")).startEcho(),
  },
  {
    id: "by-hand",
    title: "hand-made call",
    place: "out of process",
    start: async () => (await import("./by-hand.ts")).startByHand(),
  },
];
