#!/usr/bin/env node
/**
 * The program of the kind "surroundings". It is copied to other places, so it is told where the fixtures are. Under the
 * name broken.mjs it offers another function and fails when it begins.
 */
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const { runPort } = await import(pathToFileURL(`${process.env.FIXTURES}/port.mjs`).href);
const isBroken = basename(process.argv[1]) === "broken.mjs";

const functions = {
  echo: ([term]) => term,
  stderr: ([text]) => new Promise((resolve) => process.stderr.write(text, () => resolve(true))),
};

runPort(isBroken ? { other: () => true } : functions, {
  start: () => {
    if (isBroken) throw new Error("it is broken");
  },
});
