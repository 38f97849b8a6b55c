import { beforeAll, describe, expect, it } from "vitest";
import { Codec, EtfError, skipTerm } from "../../codec/index.ts";
import { bytesOf, hostile, vectors } from "./vectors.ts";

const codecs = [new Codec({ exact: true }), new Codec(), new Codec({ binaries: "bytes" })];
/** The shortest message for each set of tags: every kind of term, and few enough bytes to try each of them. */
const messages = [...vectors]
  .filter(({ hex, tags }) => hex.length <= 72 && !tags.includes("COMPRESSED"))
  .sort((a, b) => a.hex.length - b.hex.length)
  .filter(({ tags }, i, all) => all.findIndex((other) => String(other.tags) === String(tags)) === i);
const packed = vectors
  .filter(({ hex, tags }) => hex.length <= 160 && tags.includes("COMPRESSED"))
  .slice(0, 2);

// A million errors are thrown here, whose stacks nobody reads.
beforeAll(() => {
  Error.stackTraceLimit = 0;
});

function outcome(codec: Codec<object>, bytes: Uint8Array, end = bytes.length): EtfError | undefined {
  try {
    codec.decodeFrom(bytes, 0, end);
    return undefined;
  } catch (error) {
    if (!(error instanceof EtfError)) throw error;
    if (typeof error.offset !== "number" || typeof error.path !== "string") throw error;
    return error;
  }
}

describe("broken messages", () => {
  it("are refused when they are cut off anywhere", () => {
    for (const vector of [...messages, ...packed]) {
      const bytes = bytesOf(vector);
      for (let length = 0; length < bytes.length; length++) {
        for (const codec of codecs) {
          const error = outcome(codec, bytes.slice(0, length));
          if (error === undefined) throw new Error(`${vector.name} was accepted cut off at ${length}`);
        }
      }
    }
  });

  it("are refused as well when more bytes lie behind them in the same buffer", () => {
    for (const vector of messages) {
      const bytes = bytesOf(vector);
      const roomy = new Uint8Array(bytes.length + 64).fill(97);
      roomy.set(bytes);
      for (let length = 1; length < bytes.length; length++) {
        for (const codec of codecs) {
          if (outcome(codec, roomy, length) === undefined)
            throw new Error(`${vector.name} was accepted at ${length}`);
        }
      }
    }
  });

  it("are a term or an EtfError after any change of one byte, and for the walk too", () => {
    for (const vector of [...messages, ...packed]) {
      const bytes = bytesOf(vector);
      for (let at = 0; at < bytes.length; at++) {
        const before = bytes[at] ?? 0;
        for (let value = 0; value < 256; value++) {
          bytes[at] = value;
          for (const codec of codecs) agrees(codec, bytes);
        }
        bytes[at] = before;
      }
    }
  }, 120_000);

  it("name the path and the offset of the fault", () => {
    const codec = new Codec();
    const bytes = codec.encode({ claims: [{ exp: 1.5, "odd key": ["x", "y"] }] });
    const at = bytes.lastIndexOf(121); // the last y
    bytes[at] = 0xff;
    expect(() => codec.decode(bytes)).toThrow(
      expect.objectContaining({ code: "ETF_UTF8", path: 'claims[0]["odd key"][1]', offset: at - 5 }),
    );
  });
});

/** What decodes the walk goes over to its end; what the walk refuses does not decode. */
function agrees(codec: Codec<object>, bytes: Uint8Array): void {
  const error = outcome(codec, bytes);
  if (error !== undefined || bytes[1] === 80) return;
  if (skipTerm(bytes, 1, bytes.length) !== bytes.length) throw new Error("the walk ends elsewhere");
}

describe("bytes that ask for much", () => {
  const big = hostile.filter(({ resource }) => resource === true);
  it.each(big)("$name costs no more than its bytes are worth", (vector) => {
    const bytes = bytesOf(vector);
    for (const codec of codecs) {
      const before = process.memoryUsage();
      outcome(codec, bytes);
      const after = process.memoryUsage();
      const grown = after.heapUsed + after.external - before.heapUsed - before.external;
      // 64 bytes of memory for a byte of input, and some for the test itself.
      expect(grown).toBeLessThan(bytes.length * 64 + 32 * 1024 * 1024);
    }
  });

  it("does not multiply nested claims", () => {
    // Lists in lists, each claiming as many elements as there are bytes left.
    const levels = 500;
    const bytes = new Uint8Array(1 + 5 * levels + 20_000).fill(106);
    bytes[0] = 131;
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < levels; i++) {
      view.setUint8(1 + 5 * i, 108);
      view.setUint32(2 + 5 * i, bytes.length - 6 - 5 * i);
    }
    for (const codec of codecs) expect(outcome(codec, bytes)?.code).toBe("ETF_TRUNCATED");
  });

  it("does not look at keys in keys in keys again and again without end", () => {
    // 500 maps, each the key of the next one, round a tuple of 400 000 elements.
    const levels = 500;
    const inner = 400_000;
    const bytes = new Uint8Array(1 + 5 * levels + 5 + inner + 2 * levels).fill(106);
    bytes[0] = 131;
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < levels; i++) {
      view.setUint8(1 + 5 * i, 116);
      view.setUint32(2 + 5 * i, 1);
    }
    view.setUint8(1 + 5 * levels, 105);
    view.setUint32(2 + 5 * levels, inner);
    expect(outcome(codecs[0] as Codec<object>, bytes)?.code).toBe("ETF_LIMIT");
    expect(outcome(codecs[1] as Codec<object>, bytes)?.code).toBe("ETF_LIMIT");
  });

  it("leaves every prototype alone", () => {
    const codec = new Codec();
    const key = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2}');
    for (let i = 0; i < 50; i++) {
      const back = codec.decode<Record<string, unknown>>(codec.encode(key));
      expect(Object.keys(back)).toEqual(["__proto__", "constructor", "toString"]);
      expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
