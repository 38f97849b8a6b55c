/** What is measured: each encodes a message to bytes and decodes these bytes again. */

import { createRequire } from "node:module";
import { deserialize, serialize } from "node:v8";
import { Codec, Writer } from "../../codec/index.ts";
import type { Message } from "./messages.ts";

/** One codec and one message. */
export interface Subject {
  readonly name: string;
  readonly encode: () => unknown;
  readonly decode: () => unknown;
  /** Bytes of the encoded message. */
  readonly size: number;
}

/** The peers are installed beside this file's source, so that the project needs none of them. */
const load = createRequire(process.env.BENCH_PACKAGES ?? import.meta.url);

type Make = (message: Message) => Subject;

function subject(name: string, encode: () => Uint8Array, decode: (bytes: Buffer) => unknown): Subject {
  const bytes = Buffer.from(encode());
  return { name, encode, decode: () => decode(bytes), size: bytes.length };
}

const json: Make = ({ value }) => {
  if (!Buffer.isBuffer(value)) {
    return subject(
      "JSON",
      () => Buffer.from(JSON.stringify(value)),
      (bytes) => JSON.parse(bytes.toString()),
    );
  }
  const encode = () => Buffer.from(JSON.stringify(value.toString("base64")));
  return subject("JSON", encode, (bytes) => Buffer.from(JSON.parse(bytes.toString()), "base64"));
};

/** Into a buffer that is there, from the buffer that came: what a port does. */
const portreeveInto: Make = ({ term }) => {
  const codec = new Codec();
  const writer = new Writer(4 * 1024 * 1024);
  const bytes = Buffer.from(codec.encode(term));
  return {
    name: "portreeve, encodeInto/decodeFrom",
    encode: () => {
      writer.position = 0;
      codec.encodeInto(term, writer);
    },
    decode: () => codec.decodeFrom(bytes, 0, bytes.length),
    size: bytes.length,
  };
};

const portreeve: Make = ({ term }) => {
  const codec = new Codec();
  return subject(
    "portreeve, encode/decode",
    () => codec.encode(term),
    (bytes) => codec.decode(bytes),
  );
};

/** Copying the encoded bytes: nothing that copies can be faster. */
const memcpy: Make = ({ value }) => {
  const source = value as Buffer;
  const target = Buffer.alloc(source.length);
  const copy = () => target.set(source);
  return { name: "memcpy", encode: copy, decode: copy, size: source.length };
};

interface Packer {
  pack(value: unknown): Buffer;
  unpack(bytes: Buffer): unknown;
}

function msgpackr(name: string, options: object): Make {
  return ({ value }) => {
    const packr: Packer = new (load("msgpackr").Packr)(options);
    packr.unpack(packr.pack(value)); // with shared structures the first message teaches them
    return subject(
      name,
      () => packr.pack(value),
      (bytes) => packr.unpack(bytes),
    );
  };
}

const cbor: Make = ({ value }) => {
  const encoder = new (load("cbor-x").Encoder)({ useRecords: false });
  return subject(
    "cbor-x",
    () => encoder.encode(value),
    (bytes) => encoder.decode(bytes),
  );
};

const msgpack: Make = ({ value }) => {
  const { decode, encode } = load("@msgpack/msgpack");
  return subject(
    "@msgpack/msgpack",
    () => encode(value),
    (bytes) => decode(bytes),
  );
};

const v8: Make = ({ value }) =>
  subject(
    "v8.serialize",
    () => serialize(value),
    (bytes) => deserialize(bytes),
  );

const erlpack: Make = ({ value }) => {
  const { pack, unpack } = load("erlpack");
  return subject(
    "erlpack (native)",
    () => pack(value),
    (bytes) => unpack(bytes),
  );
};

const etfJs: Make = ({ value }) => {
  const { pack, unpack } = load("etf.js");
  return subject(
    "etf.js",
    () => pack(value),
    (bytes) => unpack(bytes),
  );
};

const erlangJs: Make = ({ value }) => {
  const { Erlang } = load("erlang_js");
  const term = otpTerm(Erlang, value);
  let result: unknown;
  const done = (error: unknown, value: unknown) => {
    if (error) throw error;
    result = value;
  };
  const encode = () => {
    Erlang.term_to_binary(term, done);
    return result as Uint8Array;
  };
  return subject("erlang_js", encode, (bytes) => {
    Erlang.binary_to_term(bytes, done);
    return result;
  });
};

interface Otp {
  readonly OtpErlangBinary: new (bytes: Buffer, bits: number) => object;
  readonly OtpErlangList: new (items: unknown[], improper: boolean) => object;
  readonly OtpErlangAtom: new (name: string) => object;
}

/** The classes that erlang_js wants for what is plain elsewhere. */
function otpTerm(otp: Otp, value: unknown): unknown {
  if (typeof value === "string") return new otp.OtpErlangBinary(Buffer.from(value), 8);
  if (Buffer.isBuffer(value)) return new otp.OtpErlangBinary(value, 8);
  if (Array.isArray(value))
    return new otp.OtpErlangList(
      value.map((item) => otpTerm(otp, item)),
      false,
    );
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, otpTerm(otp, item)]));
}

type Named = readonly [name: string, make: Make];
const OURS: readonly Named[] = [
  ["JSON", json],
  ["portreeve", portreeveInto],
  ["portreeve", portreeve],
];
const PEERS: readonly Named[] = [
  ["msgpackr", msgpackr("msgpackr, no records", { useRecords: false })],
  ["msgpackr", msgpackr("msgpackr, records", { useRecords: true })],
  ["msgpackr", msgpackr("msgpackr, shared structures", { structures: [] })],
  ["cbor-x", cbor],
  ["@msgpack/msgpack", msgpack],
  ["v8.serialize", v8],
  ["erlpack", erlpack],
  ["erlang_js", erlangJs],
  ["etf.js", etfJs],
];

/** All that can take the message, JSON first. What cannot, and why, goes to `refused`. */
export function subjectsFor(message: Message, peers: boolean, refused: (reason: string) => void): Subject[] {
  const named: Named[] = [...OURS];
  if (message.name === "bytes") named.push(["memcpy", memcpy]);
  if (peers) named.push(...PEERS);
  return named.flatMap(([name, make]) => {
    try {
      const made = make(message);
      made.decode();
      return [made];
    } catch (error) {
      refused(`${name}: ${reasonOf(error)}`);
      return [];
    }
  });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  if (code === "ERR_DLOPEN_FAILED") return "its native part was not built for this Node";
  return message?.split("\n")[0] ?? String(error);
}
