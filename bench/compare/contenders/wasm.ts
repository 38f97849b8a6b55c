/**
 * The functions of `compute` as WebAssembly in the process of their caller (bench/native/wasm). After a trap the memory of
 * the module is in no known state, so another instance takes its place.
 */

import { readFileSync } from "node:fs";
import { programPath } from "../programs.ts";
import type { AccidentId, Job, JobId, Running, Without } from "./contender.ts";
import { bytesOfDoubles, doublesOfBytes } from "./doubles.ts";
import { FACTOR, LEAK_MEBIBYTES, PASSWORD_HASH, THUMBNAIL_SIDE } from "./keys.ts";

/** What is used of it: the types of Node have it only together with those of browsers. */
declare namespace WebAssembly {
  type Module = { readonly [Symbol.toStringTag]: "WebAssembly.Module" };
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: object;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  reserve(length: number): number;
  answer_at(): number;
  empty(): void;
  sum(count: number): number;
  order(length: number): number;
  rows(length: number): number;
  verify_password(password: number, hash: number): number;
  bytes(length: number): number;
  scale(length: number, by: number): number;
  thumbnail(length: number, width: number, height: number): number;
  spin(micros: number): number;
  panic(): void;
  segfault(): void;
  abort(): void;
  overflow_stack(): number;
  out_of_memory(): void;
  loop_forever(): void;
  leak(mebibytes: number): void;
  exit(code: number): void;
}

const NO_RING: Without = {
  without: "ring, which signs and hashes, has C and assembler in it: it needs a C compiler for wasm32",
};
const host = { now: () => performance.now() * 1e6 };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function startWasm(): Promise<Running> {
  const module = await WebAssembly.compile(readFileSync(programPath("wasm")));
  const instance = new Instance(module);
  const jobs = jobsOf(instance);
  const accidents = accidentsOf(instance);
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => [],
    stop: async () => {},
  };
}

class Instance {
  readonly #module: WebAssembly.Module;
  #exports: Exports;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    this.#exports = this.#instantiate();
  }

  run<T>(act: (exports: Exports) => T): T {
    try {
      return act(this.#exports);
    } catch (error) {
      this.#exports = this.#instantiate();
      throw error;
    }
  }

  /** Text in, its length in bytes out. */
  writeText(text: string): number {
    // UTF-8 has at most three bytes for each unit of UTF-16.
    return encoder.encodeInto(text, this.#reserve(3 * text.length)).written;
  }

  writeBytes(bytes: Uint8Array): number {
    this.#reserve(bytes.length).set(bytes);
    return bytes.length;
  }

  writeNumbers(numbers: readonly number[]): number {
    const { buffer, byteOffset } = this.#reserve(8 * numbers.length);
    new Float64Array(buffer, byteOffset, numbers.length).set(numbers);
    return numbers.length;
  }

  readText(length: number): string {
    return decoder.decode(this.#answer(length));
  }

  /** A copy: the next call writes to the same memory. */
  readBytes(length: number): Uint8Array {
    return this.#answer(length).slice();
  }

  /** The memory's buffer is another one whenever it has grown. */
  #reserve(length: number): Uint8Array {
    const at = this.#exports.reserve(length);
    return new Uint8Array(this.#exports.memory.buffer, at, length);
  }

  #answer(length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, this.#exports.answer_at(), length);
  }

  #instantiate(): Exports {
    return new WebAssembly.Instance(this.#module, { host }).exports as unknown as Exports;
  }
}

function jobsOf(wasm: Instance): Readonly<Record<JobId, Job | Without>> {
  const side = THUMBNAIL_SIDE;
  return {
    empty: () => wasm.run(({ empty }) => empty()),
    sum: (values) => wasm.run(({ sum }) => sum(wasm.writeNumbers(values as number[]))),
    object: (value) =>
      wasm.run(({ order }) => JSON.parse(wasm.readText(order(wasm.writeText(JSON.stringify(value)))))),
    rows: (value) =>
      wasm.run(({ rows }) => JSON.parse(wasm.readText(rows(wasm.writeText(JSON.stringify(value)))))),
    "jwt-hs256": NO_RING,
    "jwt-eddsa": NO_RING,
    argon2: (password) => wasm.run((exports) => verify(wasm, exports, password as string)),
    sha256: NO_RING,
    bytes: (data) => wasm.run(({ bytes }) => wasm.readBytes(bytes(wasm.writeBytes(data as Uint8Array)))),
    doubles: (doubles) =>
      wasm.run(({ scale }) => {
        const length = wasm.writeBytes(bytesOfDoubles(doubles as Float64Array));
        return doublesOfBytes(wasm.readBytes(scale(length, FACTOR)));
      }),
    thumbnail: (image) =>
      wasm.run(({ thumbnail }) =>
        wasm.readBytes(thumbnail(wasm.writeBytes(image as Uint8Array), side, side)),
      ),
    spin: (micros) => wasm.run(({ spin }) => spin(micros as number)),
  };
}

function verify(wasm: Instance, exports: Exports, password: string): boolean {
  const length = wasm.writeText(password + PASSWORD_HASH);
  return exports.verify_password(length - PASSWORD_HASH.length, PASSWORD_HASH.length) === 1;
}

function accidentsOf(wasm: Instance): Readonly<Record<AccidentId, Job>> {
  return {
    panic: () => wasm.run(({ panic }) => panic()),
    segfault: () => wasm.run(({ segfault }) => segfault()),
    abort: () => wasm.run(({ abort }) => abort()),
    "stack-overflow": () => wasm.run(({ overflow_stack }) => overflow_stack()),
    "out-of-memory": () => wasm.run(({ out_of_memory }) => out_of_memory()),
    "endless-loop": () => wasm.run(({ loop_forever }) => loop_forever()),
    leak: () => wasm.run(({ leak }) => leak(LEAK_MEBIBYTES)),
    exit: () => wasm.run(({ exit }) => exit(0)),
  };
}
