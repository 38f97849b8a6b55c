import fc from "fast-check";
import { expect, test } from "vitest";
import type { Call } from "../../src/calls/call.ts";
import { CallList } from "../../src/calls/queue.ts";

/** As much of a call as a list needs: its links and its size. */
function call(bytes: number): Call {
  return { bytes, list: undefined, next: undefined, previous: undefined } as unknown as Call;
}

function listed(list: CallList): Call[] {
  const all: Call[] = [];
  for (let at = list.first; at !== undefined; at = at.next) all.push(at);
  return all;
}

test("calls leave in the order in which they came, or from the middle, and bytes are counted", () => {
  const list = new CallList();
  const [a, b, c] = [call(10), call(20), call(30)];
  for (const one of [a, b, c]) list.push(one);
  expect([listed(list), list.size, list.bytes]).toEqual([[a, b, c], 3, 60]);
  list.remove(b);
  list.remove(b);
  expect([listed(list), list.size, list.bytes]).toEqual([[a, c], 2, 40]);
  new CallList().remove(a);
  expect(list.size).toBe(2);
  list.remove(a);
  list.remove(c);
  expect([list.first, list.size, list.bytes]).toEqual([undefined, 0, 0]);
});

test("what is put back comes before all others, in its own order", () => {
  const list = new CallList();
  const [a, b, c, d] = [call(1), call(1), call(1), call(1)];
  list.push(c);
  list.push(d);
  list.putBack([a, b]);
  expect(listed(list)).toEqual([a, b, c, d]);
  list.putBack([]);
  expect(list.size).toBe(4);
});

test("against an array", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom("push", "remove", "back"), fc.nat()), { maxLength: 80 }),
      (steps) => {
        const list = new CallList();
        let model: Call[] = [];
        for (const [kind, n] of steps) {
          if (kind === "push") {
            const one = call(n % 100);
            list.push(one);
            model.push(one);
          } else if (kind === "back") {
            const ones = [call(1), call(2)];
            list.putBack(ones);
            model = [...ones, ...model];
          } else {
            const gone = model[n % Math.max(1, model.length)];
            if (gone !== undefined) list.remove(gone);
            model = model.filter((one) => one !== gone);
          }
          expect(list.size).toBe(model.length);
          expect(list.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes, 0));
        }
        expect(listed(list)).toEqual(model);
      },
    ),
  );
});
