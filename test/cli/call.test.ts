/** `portreeve call`, on a program in plain Node. */
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { portreeve } from "./portreeve.ts";

const PROGRAM = fixture("well-behaved.mjs");

test.each([
  [["sum", "[1, 2, 3.5]"], "6.5"],
  [["echo", '{ok, [1, #{a => <<"b">>}]}'], '{ok,[1,#{a => <<"b">>}]}'],
  [["echo", '"text"'], '<<"text">>'],
  [["echo", "1267650600228229401496703205376"], "1267650600228229401496703205376"],
  [["echo", "undefined"], "undefined"],
])("call %j", async (args, result) => {
  expect(await portreeve(["call", PROGRAM, ...args])).toEqual({ code: 0, stdout: `${result}\n`, stderr: "" });
});

test("call --json", async () => {
  const { stdout } = await portreeve([
    "call",
    PROGRAM,
    "echo",
    '{"a": [1, null, "x"], "b": {"c": 1.5}}',
    "--json",
  ]);
  expect(JSON.parse(stdout)).toEqual({ a: [1, null, "x"], b: { c: 1.5 } });
});

test("call: arguments, variables and the time limit reach the program", async () => {
  const args = await portreeve(["call", PROGRAM, "argv", "--arg", "one", "--arg", "two words", "--json"]);
  expect(JSON.parse(args.stdout)).toEqual(["one", "two words"]);
  const env = await portreeve(["call", PROGRAM, "env", '"WHO"', "--env", "WHO=me=you", "--json"]);
  expect(JSON.parse(env.stdout)).toBe("me=you");
  const late = await portreeve(["call", PROGRAM, "sleep", "60000", "--timeout", "100"]);
  expect(late).toMatchObject({ code: 1, stdout: "" });
  expect(late.stderr).toMatch(/^portreeve: sleep: .*100 ms/);
});

test("call: what went wrong, on stderr", async () => {
  const unknown = await portreeve(["call", PROGRAM, "summ", "[]"]);
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toMatch(/^portreeve: summ: .*sum/);
  const failed = await portreeve(["call", PROGRAM, "fail", '"no luck"']);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("no luck");
  const died = await portreeve(["call", PROGRAM, "exit", "7"]);
  expect(died.code).toBe(1);
  expect(died.stderr).toContain("exited with code 7");
  const none = await portreeve(["call", "/no/such/program", "f"]);
  expect(none).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot start /no/such/program: no such file"),
  });
});

test("call: an argument that is neither JSON nor a term, or a number that JSON would round", async () => {
  const bad = await portreeve(["call", PROGRAM, "echo", "{ok"]);
  expect(bad).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("the argument {ok is neither JSON nor an Erlang term"),
  });
  const long = await portreeve(["call", PROGRAM, "echo", '{"id": 12345678901234567890}']);
  expect(long).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("JSON here keeps integers up to 2^53 - 1"),
  });
});
