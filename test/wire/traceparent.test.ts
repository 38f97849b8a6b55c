import { expect, test } from "vitest";
import { readTraceparent, writeTraceparent } from "../../src/wire/traceparent.ts";

const GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a traceparent is taken apart and put together again", () => {
  const read = readTraceparent(GOOD);
  expect(read).toEqual({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", flags: 1 });
  expect(read && writeTraceparent(read)).toBe(GOOD);
  expect(readTraceparent(GOOD.replace(/01$/, "fe"))?.flags).toBe(254);
});

test.each([
  "",
  GOOD.slice(0, -1),
  `${GOOD}-more`,
  `${GOOD}\n`,
  ` ${GOOD}`,
  GOOD.toUpperCase(),
  GOOD.replace("00", "ff"),
  GOOD.replaceAll("-", "_"),
  GOOD.replace("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)),
  GOOD.replace("b7ad6b7169203331", "0".repeat(16)),
  GOOD.replace("b7ad", "b7ag"),
  55,
  null,
  undefined,
])("%j is none", (text) => {
  expect(readTraceparent(text)).toBeUndefined();
});

test("a later version may have more at its end", () => {
  const later = GOOD.replace("00", "cc");
  expect(readTraceparent(later)?.spanId).toBe("b7ad6b7169203331");
  expect(readTraceparent(`${later}-more`)?.spanId).toBe("b7ad6b7169203331");
  expect(readTraceparent(`${later}.more`)).toBeUndefined();
});
