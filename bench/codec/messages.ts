/** The messages that are measured, as JSON's world and as Erlang's world would write them. */

import { atom, tuple } from "../../codec/index.ts";

/** One message. */
export interface Message {
  readonly name: string;
  readonly about: string;
  /** What portreeve encodes. */
  readonly term: unknown;
  /** The same for those that know only JSON's kinds of values, and for bytes a `Buffer`. */
  readonly value: unknown;
}

function user(i: number): object {
  return {
    id: i * 7919 + 1,
    name: `user number ${i}`,
    email: `user${i}@example.com`,
    active: i % 3 !== 0,
    score: i * 1.37 + 0.1,
    role: ["admin", "editor", "viewer"][i % 3],
    created: 1_700_000_000 + i * 61,
    tag: null,
  };
}

const order = {
  id: 48_151_623,
  uuid: "5f1c3a52-7f0e-4f8a-9d57-1b7f6a0c2e11",
  type: "order",
  status: "shipped",
  total: 1289.95,
  currency: "EUR",
  paid: true,
  note: null,
  customer: {
    id: 90_210,
    name: "Ada Lovelace",
    email: "ada.lovelace@example.org",
    phone: "+44 20 7946 0958",
    vip: true,
    address: {
      street: "12 St James's Square",
      city: "London",
      zip: "SW1Y 4JH",
      country: "GB",
      lat: 51.5074,
      lon: -0.1372,
    },
  },
  items: Array.from({ length: 8 }, (_, i) => ({
    sku: `SKU-${1000 + i * 37}`,
    title: `Item number ${i} of the order`,
    quantity: i + 1,
    price: 9.99 * (i + 1),
    taxed: i % 2 === 0,
    tags: ["new", "sale", `tag${i}`],
  })),
  history: ["created", "paid", "packed", "shipped"].map((what, i) => ({
    at: 1_700_000_000 + i * 36_000,
    what,
    by: `step ${i}`,
  })),
  meta: {
    ip: "203.0.113.42",
    agent:
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    locale: "en-GB",
    experiments: ["a12", "b7", "control"],
    retries: 0,
  },
};

/** Integers of one to three bytes, the same in every run. */
function integers(): number[] {
  let seed = 42;
  return Array.from({ length: 100_000 }, (_, i) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return i % 3 === 0 ? seed >>> 24 : i;
  });
}

const ints = integers();
const rows = Array.from({ length: 1000 }, (_, i) => user(i));
const bytes = Buffer.alloc(1024 * 1024, "0123456789abcdef");

export const MESSAGES: readonly Message[] = [
  {
    name: "rpc",
    about: "{call, 17, sum, [1,2,3]}",
    term: tuple(atom("call"), 17, atom("sum"), [1, 2, 3]),
    value: ["call", 17, "sum", [1, 2, 3]],
  },
  { name: "object", about: "an order of about 2 KB: 21 objects, texts, numbers", term: order, value: order },
  { name: "ints", about: "a list of 100 000 integers", term: ints, value: ints },
  { name: "rows", about: "1000 maps of 8 fields", term: rows, value: rows },
  { name: "bytes", about: "1 MiB of bytes (JSON: as base64)", term: new Uint8Array(bytes), value: bytes },
];
