import { expect, test } from "vitest";
import { nearestNames } from "../src/nearest.ts";

test("the nearest name comes first, and no more than the limit", () => {
  const names = ["verify", "sign_in", "sing", "sign", "zebra"];
  expect(nearestNames("sgn", names, 2)).toEqual(["sign", "sing"]);
  expect(nearestNames("sign", names)[0]).toBe("sign");
  expect(nearestNames("x", [])).toEqual([]);
});

test("case, underscores and .exe make no difference", () => {
  expect(nearestNames("My_Tool", ["mytool", "my-tool.exe"], 1)).toEqual(["my-tool.exe"]);
});
