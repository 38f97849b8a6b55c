/**
 * The opening: what the program says of itself in its first frame, and what the host answers.
 * The program's side is rust-port/portreeve/src/wire/hello.rs.
 */

import { atom, type Codec, EtfError, MAX_FRAME_BYTES, Writer } from "../../codec/index.ts";
import { HandshakeError } from "../errors.ts";
import { isA } from "../reason.ts";
import { append, encodeAtom, writeInt32 } from "./envelope.ts";
import type { Output } from "./output.ts";
import { MAP, SMALL_TUPLE, VERSION } from "./tags.ts";

/** The protocol that this end speaks. */
export const PROTOCOL = 1;

/**
 * A type as a program describes it: a name (`"i64"`, `"string"`), or a list of a constructor and its parts
 * (`["list", "i64"]`, `["option", "string"]`, `["named", "Claims"]`).
 */
export type TypeTerm = string | readonly unknown[];

/** One function that a program offers. */
export interface PortFunction {
  readonly name: string;
  /** Its doc comment. */
  readonly doc: string;
  readonly args: readonly { readonly name: string; readonly type: TypeTerm }[];
  readonly result: TypeTerm;
  /** The type of its error's own value; `"nil"` when it has none. */
  readonly error: TypeTerm;
  /** May be called again after a death. */
  readonly idempotent: boolean;
}

/** What a program says of itself. */
export interface Hello {
  readonly name: string;
  readonly version: string;
  readonly functions: readonly PortFunction[];
  readonly types: Readonly<Record<string, { readonly doc: string; readonly type: TypeTerm }>>;
  /** Of functions and types: a client generated for another hash may not fit. */
  readonly hash: string;
  /** The largest frame that it takes, in bytes: of a program that is ready what it said last. */
  readonly maxFrameBytes: number;
}

/** What the host says of itself. */
export interface HostHello {
  readonly maxFrameBytes: number;
  /** The lowest level of log messages that are wanted: `"trace"`, `"debug"`, `"info"`, `"warn"`, `"error"` or `"off"`. */
  readonly log: string;
  /** Names of the host's functions that the program may call. */
  readonly handlers: readonly string[];
  /** How many threads should run calls; the host divides its cores among the workers. */
  readonly threads: number;
  readonly limits: Limits | undefined;
  /** Somebody listens to the program's spans. */
  readonly spans: boolean;
  /** The term for the program's `on_start`, from {@link encodeStart}; undefined for none. */
  readonly start: Uint8Array | undefined;
}

/** What the program may use, set by itself before it begins (setrlimit). */
export interface Limits {
  /**
   * Bytes of memory in use. An allocation that goes far beyond fails (RLIMIT_DATA); resident memory that is above for some
   * ms while calls run ends the program (Linux). Stacks and what is only reserved do not count. Default: no limit.
   */
  readonly memory?: number;
  /** CPU time (RLIMIT_CPU): the program then ends by SIGXCPU. Default: no limit. */
  readonly cpuSeconds?: number;
  /** Open descriptors (RLIMIT_NOFILE). Default: that of the host. */
  readonly openFiles?: number;
}

/** The words, beyond the first ones, that this host understands in any case. */
const ACCEPTS = ["event", "log", "progress", "part", "call", "bytes"];

const HELLO = Buffer.concat([Buffer.of(VERSION, SMALL_TUPLE, 2), encodeAtom("hello"), Buffer.of(MAP)]);
const START_KEY = encodeAtom("start");

/**
 * Encodes the term for the program's `on_start`, once for all starts: what becomes of the value later reaches none of them.
 * @returns the term without a version byte; undefined for none
 * @throws EtfError when ETF cannot hold it, or when it is larger than what a program takes
 */
export function encodeStart(codec: Codec, start: unknown): Uint8Array | undefined {
  if (start === undefined) return undefined;
  const writer = new Writer(1024);
  writer.maxBytes = MAX_FRAME_BYTES;
  try {
    codec.writeTerm(writer, start);
  } catch (error) {
    throw isA(error, EtfError) ? new EtfError(error.code, `start: ${error.message}`, error) : error;
  }
  return writer.buffer.slice(0, writer.position);
}

/** Writes the host's `{hello, Map}`. */
export function writeHello(output: Output, codec: Codec, hello: HostHello): void {
  const { start } = hello;
  const entries = helloEntries(hello);
  append(output, HELLO);
  writeInt32(output, entries.size + (start === undefined ? 0 : 1));
  for (const [key, value] of entries) {
    codec.writeTerm(output, key);
    codec.writeTerm(output, value);
  }
  if (start === undefined) return;
  append(output, START_KEY);
  append(output, start);
}

function helloEntries(hello: HostHello): Map<unknown, unknown> {
  const { limits, spans } = hello;
  const accepts = spans ? [...ACCEPTS, "span"] : ACCEPTS;
  const map = new Map<unknown, unknown>([
    [atom("protocol"), PROTOCOL],
    [atom("accepts"), accepts.map((word) => atom(word))],
    [atom("log"), atom(hello.log)],
    [atom("max_frame"), hello.maxFrameBytes],
    [atom("functions"), hello.handlers.map((name) => atom(name))],
    [atom("threads"), hello.threads],
  ]);
  if (limits !== undefined) map.set(atom("limits"), limitsMap(limits));
  return map;
}

function limitsMap(limits: Limits): Map<unknown, unknown> {
  const names = { memory: "memory", cpuSeconds: "cpu_seconds", openFiles: "open_files" } as const;
  const map = new Map<unknown, unknown>();
  for (const key of ["memory", "cpuSeconds", "openFiles"] as const) {
    if (limits[key] !== undefined) map.set(atom(names[key]), limits[key]);
  }
  return map;
}

/**
 * Reads the program's `{hello, Map}`.
 * @param term the map, in the plain view
 * @throws HandshakeError (PORT_HANDSHAKE) when it is not a hello, or of a version that does not fit
 */
export function readHello(term: unknown): Hello {
  const map = asRecord(term);
  if (map === undefined) throw new HandshakeError("its hello holds no map: is it a portreeve program?");
  checkEcho(map);
  checkVersion(map.protocol);
  return {
    name: text(map.name),
    version: text(map.version),
    functions: asList(map.functions).map(readFunction),
    types: readTypes(map.types),
    hash: text(map.hash),
    maxFrameBytes: typeof map.max_frame === "number" ? map.max_frame : 64 * 1024 * 1024,
  };
}

/** A program like cat sends the host's own hello back. */
function checkEcho(map: Record<string, unknown>): void {
  if (map.accepts === undefined || map.name !== undefined) return;
  throw new HandshakeError("it sends back what it is sent, as cat does: it is not a port program");
}

function checkVersion(version: unknown): void {
  if (version === PROTOCOL) return;
  throw new HandshakeError(
    `it speaks protocol version ${String(version)}, this portreeve speaks version ${PROTOCOL}: use the npm package and the crate of the same release`,
  );
}

function readFunction(term: unknown): PortFunction {
  const map = asRecord(term) ?? {};
  return {
    name: text(map.name),
    doc: text(map.doc),
    args: asList(map.args).map((arg) => {
      const [name, type] = asList(arg);
      return { name: text(name), type: asType(type) };
    }),
    result: asType(map.result),
    error: asType(map.error),
    idempotent: map.idempotent === true,
  };
}

function readTypes(term: unknown): Hello["types"] {
  const types: Record<string, { doc: string; type: TypeTerm }> = Object.create(null);
  for (const [name, entry] of Object.entries(asRecord(term) ?? {})) {
    const map = asRecord(entry) ?? {};
    types[name] = { doc: text(map.doc), type: asType(map.type) };
  }
  return types;
}

function asRecord(term: unknown): Record<string, unknown> | undefined {
  return typeof term === "object" && term !== null && !Array.isArray(term)
    ? (term as Record<string, unknown>)
    : undefined;
}

function asList(term: unknown): readonly unknown[] {
  return Array.isArray(term) ? term : [];
}

/** In the plain view the atom `nil`, the type of nothing, is null. */
function asType(term: unknown): TypeTerm {
  if (term === null) return "nil";
  if (Array.isArray(term)) return term.map(asType);
  return typeof term === "string" ? term : "term";
}

function text(term: unknown): string {
  return typeof term === "string" ? term : "";
}
