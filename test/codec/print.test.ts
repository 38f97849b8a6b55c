import { inspect as nodeInspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  atom,
  bitString,
  Codec,
  EtfError,
  exported,
  float,
  inspect,
  parse,
  pid,
  tuple,
} from "../../codec/index.ts";
import { bytesOf, vectors } from "./vectors.ts";

const exact = new Codec({ exact: true });
/** Pids, ports, references and local funs are spelt otherwise on purpose; large maps come in the order of the VM that printed. */
const spelt = vectors.filter(
  ({ erlang, name, term }) =>
    erlang !== undefined &&
    !/#(Ref|Port|Fun)<|<\d+\.\d+\.\d+>/.test(erlang) &&
    !/map|raw|compressed\/det/.test(name) &&
    term !== undefined,
);

describe("inspect", () => {
  it.each(spelt)("spells $name as Erlang does", (vector) => {
    expect(inspect(exact.decode(bytesOf(vector)), "~w")).toBe(vector.erlang);
  });
  it("shows text where text is meant", () => {
    expect(inspect({ name: "Ada", tags: ["x"], none: undefined })).toBe(
      '#{<<"name">> => <<"Ada">>,<<"tags">> => [<<"x">>]}',
    );
    expect(inspect("Grüße")).toBe('<<"Grüße"/utf8>>');
    expect(inspect(tuple(atom("ok"), [104, 105], float(1), -0))).toBe('{ok,"hi",1.0,-0.0}');
    expect(inspect([65.5])).toBe("[65.5]");
    expect(inspect(Uint8Array.of(0, 255))).toBe("<<0,255>>");
    expect(inspect(bitString(Uint8Array.of(0xa0), 3))).toBe("<<5:3>>");
    expect(inspect([null, undefined, true, 'say "x"\n'])).toBe('[nil,undefined,true,<<"say \\"x\\"\\n">>]');
  });
  it("says all that a pid or an external fun is made of", () => {
    expect(inspect(pid("a@host", 9, 0, 7))).toBe("#Pid<a@host,9,0,7>");
    expect(inspect(exported("Elixir.Enum", "map", 2))).toBe("fun 'Elixir.Enum':map/2");
  });
  it("is what terms print as everywhere", () => {
    expect(String(atom("it's"))).toBe("'it\\'s'");
    expect(nodeInspect(tuple(1, atom("a")))).toBe("{1,a}");
    expect(`${tuple()}`).toBe("{}");
  });
  it("refuses what is no term, and what has no end", () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => inspect(endless)).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
    expect(() => inspect(() => 1)).toThrow(expect.objectContaining({ code: "ETF_UNSUPPORTED" }));
  });
});

describe("parse", () => {
  it.each(vectors.filter(({ term }) => term !== undefined))(
    "reads back what inspect makes of $name",
    (vector) => {
      const term = exact.decode(bytesOf(vector));
      for (const style of ["~p", "~w"] as const)
        expect(exact.encode(parse(inspect(term, style)))).toEqual(exact.encode(term));
    },
  );
  it("reads what one writes by hand", () => {
    const text =
      '{call, 16#ff, % a comment\n [1_000, $a, -2.5e3 | []], <<1, "é"/utf8, 5:3>>, #{a => "b" "c"}, fun lists:map/2}.';
    expect(inspect(parse(text))).toBe(
      '{call,255,[1000,97,-2.5e3],<<1,195,169,5:3>>,#{a => "bc"},fun lists:map/2}',
    );
  });
  it.each([
    "",
    "{1,",
    "[1 2]",
    "foo bar",
    "'open",
    "#{a => 1, a => 2}",
    "#Pid<1>",
    "<<256:9>>",
    "1.0e999",
    "Var",
    "[|a]",
    "fun a",
    '<<"Ā">>',
    "2#12",
    "'\\x{110000}'",
  ])("refuses %j and says where", (text) => {
    expect(() => parse(text)).toThrow(EtfError);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ETF_/) }));
  });
  it("does not follow a text deeper than the limit", () => {
    expect(() => parse("[".repeat(100_000))).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
  });
});

it("numbers in any base are read whole, however many digits they have", () => {
  for (const base of [2, 3, 10, 16, 35, 36]) {
    for (const length of [1, 2, 3, 31, 64, 1001]) {
      const digits = Array.from({ length }, (_, i) => ((i * 7 + 1) % base).toString(36)).join("");
      let value = 0n;
      for (const digit of digits) value = value * BigInt(base) + BigInt(Number.parseInt(digit, base));
      const expected = Number.isSafeInteger(Number(value)) ? Number(value) : value;
      expect(parse(`${base}#${digits}`)).toBe(expected);
      expect(parse(`-${base}#${digits.toUpperCase()}`)).toBe(
        typeof expected === "bigint" ? -expected : 0 - expected,
      );
    }
  }
});
