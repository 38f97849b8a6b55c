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
];
