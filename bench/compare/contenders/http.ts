/**
 * HTTP/1.1 over a Unix socket: undici's pool, and axum on the other side. Connections are kept. Records are JSON, bytes
 * are bytes.
 */

import type { Pool } from "undici";
import { programPath } from "../programs.ts";
import type { AccidentId, Job, JobId, Running } from "./contender.ts";
import { bytesOfDoubles, doublesOfBytes } from "./doubles.ts";
import {
  FACTOR,
  LEAK_MEBIBYTES,
  PASSWORD_HASH,
  PATIENCE,
  PRIVATE_KEY,
  SECRET,
  THUMBNAIL_SIDE,
} from "./keys.ts";
import { load } from "./packages.ts";
import { Server } from "./server.ts";

/** With 256 calls on their way as fast as any other number, and as any number of requests that follow each other. */
const CONNECTIONS = 64;

export async function startHttp(): Promise<Running> {
  const { Pool } = await load<typeof import("undici")>("undici");
  const server = new Server(programPath("http"));
  await server.ready;
  const options = { socketPath: server.socket, connections: CONNECTIONS };
  const client = new Client(new Pool("http://localhost", options));
  const jobs = jobsOf(client);
  const accidents = accidentsOf(client);
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => server.pids,
    stop: async () => {
      await client.pool.destroy();
      await server.stop();
    },
  };
}

const JSON_HEADERS = { "content-type": "application/json" };
const BYTES_HEADERS = { "content-type": "application/octet-stream" };

class Client {
  readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async json(path: string, value: unknown): Promise<unknown> {
    const body = await this.#post(path, JSON.stringify(value), JSON_HEADERS);
    return body.json();
  }

  async text(path: string, value: unknown): Promise<string> {
    const body = await this.#post(path, JSON.stringify(value), JSON_HEADERS);
    return body.text();
  }

  async bytes(path: string, bytes: Uint8Array): Promise<Uint8Array> {
    const body = await this.#post(path, bytes, BYTES_HEADERS);
    return body.bytes();
  }

  /** For an accident: the caller gives up after a while. */
  async accident(path: string, value?: unknown): Promise<string> {
    const signal = AbortSignal.timeout(PATIENCE);
    const body = await this.#post(path, JSON.stringify(value) ?? "", JSON_HEADERS, signal);
    return body.text();
  }

  async #post(
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
    signal: AbortSignal | null = null,
  ) {
    const response = await this.pool.request({ path, method: "POST", body, headers, signal });
    if (response.statusCode === 200) return response.body;
    throw new Error(`${response.statusCode}: ${await response.body.text()}`);
  }
}

function jobsOf(client: Client): Readonly<Record<JobId, Job>> {
  const scaled = `/scale?by=${FACTOR}`;
  const small = `/thumbnail?width=${THUMBNAIL_SIDE}&height=${THUMBNAIL_SIDE}`;
  return {
    empty: async () => {
      await client.text("/empty", null);
    },
    sum: (values) => client.json("/sum", values),
    object: (order) => client.json("/order", order),
    rows: (rows) => client.json("/rows", rows),
    "jwt-hs256": (claims) => client.text("/sign", { claims, algorithm: "HS256", key: SECRET }),
    "jwt-eddsa": (claims) => client.text("/sign", { claims, algorithm: "EdDSA", key: PRIVATE_KEY }),
    argon2: (password) => client.json("/verify_password", { password, hash: PASSWORD_HASH }),
    sha256: (data) => client.bytes("/sha256", data as Uint8Array),
    bytes: (data) => client.bytes("/bytes", data as Uint8Array),
    doubles: async (doubles) =>
      doublesOfBytes(await client.bytes(scaled, bytesOfDoubles(doubles as Float64Array))),
    thumbnail: (image) => client.bytes(small, image as Uint8Array),
    spin: (micros) => client.json("/spin", micros),
  };
}

function accidentsOf(client: Client): Readonly<Record<AccidentId, Job>> {
  return {
    panic: () => client.accident("/panic", "an accident"),
    segfault: () => client.accident("/segfault"),
    abort: () => client.accident("/abort"),
    "stack-overflow": () => client.accident("/overflow_stack"),
    "out-of-memory": () => client.accident("/out_of_memory"),
    "endless-loop": () => client.accident("/loop_forever"),
    leak: () => client.accident("/leak", LEAK_MEBIBYTES),
    exit: () => client.accident("/exit", 0),
  };
}
