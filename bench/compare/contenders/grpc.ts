/**
 * gRPC over a Unix socket: @grpc/grpc-js with one channel, messages by protobufjs, tonic on the other side. Messages are
 * encoded from plain objects and used as they are decoded: the conversions of proto-loader would come on top.
 */

import type { Client } from "@grpc/grpc-js";
import type { Root, Type } from "protobufjs";
import { fromRoot, programPath } from "../programs.ts";
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

const PROTO = "bench/native/grpc_server/proto/compute.proto";
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export async function startGrpc(): Promise<Running> {
  const { Client, credentials } = await load<typeof import("@grpc/grpc-js")>("@grpc/grpc-js");
  const root = await loadProto();
  const server = new Server(programPath("grpc"));
  await server.ready;
  const client = new Client(`unix:${server.socket}`, credentials.createInsecure(), UNLIMITED);
  const jobs = jobsOf(client, root);
  const accidents = accidentsOf(client, root);
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => server.pids,
    stop: async () => {
      client.close();
      await server.stop();
    },
  };
}

/** 64-bit integers are numbers, and names stay as the definition has them. */
async function loadProto(): Promise<Root> {
  const protobuf = await load<{ default: typeof import("protobufjs") }>("protobufjs");
  const { Root, util, configure } = protobuf.default;
  Reflect.set(util, "Long", undefined);
  configure();
  return new Root().load(fromRoot(PROTO), { keepCase: true });
}

type Method<T> = (request: object) => Promise<T>;

/** A method, with all that does not change from call to call made once. `patience` in ms; 0 is without end. */
function method<T>(client: Client, root: Root, name: string, patience = 0): Method<T> {
  const service = root.lookupService("compute.Compute");
  const { requestType, responseType } = service.methods[name] ?? { requestType: "", responseType: "" };
  const [request, response] = [
    root.lookupType(`compute.${requestType}`),
    root.lookupType(`compute.${responseType}`),
  ];
  const path = `/compute.Compute/${name}`;
  const serialize = encoder(request);
  const deserialize = (bytes: Buffer) => response.decode(bytes) as T;
  return (message) =>
    new Promise((resolve, reject) => {
      const options = patience === 0 ? {} : { deadline: Date.now() + patience };
      client.makeUnaryRequest(path, serialize, deserialize, message, options, (error, answer) => {
        if (error === null) resolve(answer as T);
        else reject(error);
      });
    });
}

function encoder(type: Type): (message: object) => Buffer {
  return (message) => {
    const bytes = type.encode(message).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

interface Value<T> {
  readonly value: T;
}

function jobsOf(client: Client, root: Root): Readonly<Record<JobId, Job>> {
  const empty = method<object>(client, root, "Empty");
  const sum = method<Value<number>>(client, root, "Sum");
  const order = method<object>(client, root, "EchoOrder");
  const rows = method<{ readonly rows: object[] }>(client, root, "EchoRows");
  const sign = method<Value<string>>(client, root, "Sign");
  const verify = method<Value<boolean>>(client, root, "VerifyPassword");
  const sha256 = method<Value<Uint8Array>>(client, root, "Sha256");
  const bytes = method<Value<Uint8Array>>(client, root, "EchoBytes");
  const scale = method<Value<Uint8Array>>(client, root, "Scale");
  const thumbnail = method<Value<Uint8Array>>(client, root, "Thumbnail");
  const spin = method<Value<number>>(client, root, "Spin");
  const [secret, privateKey] = [Buffer.from(SECRET), Buffer.from(PRIVATE_KEY)];
  const sides = { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  const nothing = {};
  return {
    empty: async () => {
      await empty(nothing);
    },
    sum: async (values) => (await sum({ values })).value,
    object: (value) => order(value as object),
    rows: async (value) => (await rows({ rows: value })).rows,
    "jwt-hs256": async (claims) =>
      (await sign({ claims: JSON.stringify(claims), algorithm: "HS256", key: secret })).value,
    "jwt-eddsa": async (claims) =>
      (await sign({ claims: JSON.stringify(claims), algorithm: "EdDSA", key: privateKey })).value,
    argon2: async (password) => (await verify({ password, hash: PASSWORD_HASH })).value,
    sha256: async (value) => (await sha256({ value })).value,
    bytes: async (value) => (await bytes({ value })).value,
    doubles: async (value) =>
      doublesOfBytes((await scale({ doubles: bytesOfDoubles(value as Float64Array), by: FACTOR })).value),
    thumbnail: async (image) => (await thumbnail({ image, ...sides })).value,
    spin: async (value) => (await spin({ value })).value,
  };
}

function accidentsOf(client: Client, root: Root): Readonly<Record<AccidentId, Job>> {
  const accident = (name: string, message: object = {}): Job => {
    const call = method<unknown>(client, root, name, PATIENCE);
    return () => call(message);
  };
  return {
    panic: accident("Panic", { value: "an accident" }),
    segfault: accident("Segfault"),
    abort: accident("Abort"),
    "stack-overflow": accident("OverflowStack"),
    "out-of-memory": accident("OutOfMemory"),
    "endless-loop": accident("LoopForever"),
    leak: accident("Leak", { value: LEAK_MEBIBYTES }),
    exit: accident("Exit", { value: 0 }),
  };
}
