/**
 * node:worker_threads with postMessage, by hand: one thread that calls the addon synchronously. Another one takes its
 * place when it ends. Records go as JSON text, which the addon reads as it is; that is cheaper than a structured clone of
 * objects and two more conversions in the thread.
 */

import { Worker } from "node:worker_threads";
import { accidentsByName, type Call, jobsByName } from "./by-name.ts";
import type { Running } from "./contender.ts";
import { Pending } from "./pending.ts";
import { jsonRecords } from "./records-as-json.ts";
import type { Answered, Asked } from "./thread.ts";

export async function startThread(): Promise<Running> {
  const thread = new Thread();
  await thread.call("empty", []);
  const jobs = { ...jobsByName(thread.call), ...jsonRecords(thread.call) };
  const accidents = accidentsByName(thread.call);
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => [],
    stop: () => thread.stop(),
  };
}

class Thread {
  readonly #pending = new Pending();
  #worker = this.#start();
  #stopping = false;

  readonly call: Call = (name, args) =>
    this.#pending.call((id) => this.#worker.postMessage({ id, name, args } satisfies Asked));

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./thread.js", import.meta.url));
    worker.on("message", ({ id, value, error }: Answered) => {
      if (error === undefined) this.#pending.resolve(id, value);
      else this.#pending.reject(id, error);
    });
    worker.on("error", (error) => this.#pending.rejectAll(`the thread failed: ${error.message}`));
    worker.on("exit", (code) => {
      this.#pending.rejectAll(`the thread ended with ${code}`);
      if (!this.#stopping) this.#worker = this.#start();
    });
    return worker;
  }
}
