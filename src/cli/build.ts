/** `portreeve build`: what `portreeve/build` does, for a shell. */
import { type BuildOptions, build } from "../build/build.ts";
import type { Command, Line } from "./command.ts";

export const buildCommand: Command = {
  name: "build",
  summary: "Build a port program with cargo and print its path",
  operands: "[crate]",
  count: [0, 1],
  about: "crate is a folder or its Cargo.toml; without it the current folder is meant.",
  options: {
    bin: { type: "string", value: "<name>", about: "the program to build, if there are several" },
    package: { type: "string", short: "p", value: "<name>", about: "the package of a workspace" },
    debug: { type: "boolean", about: "without optimisation" },
    features: { type: "string", short: "F", value: "<a,b>", multiple: true, about: "features to switch on" },
    "no-default-features": { type: "boolean", about: "switch the default features off" },
    target: { type: "string", value: "<triple>", about: "build for another machine" },
    locked: { type: "boolean", about: "fail if Cargo.lock would change" },
    quiet: { type: "boolean", short: "q", about: "show no progress" },
  },
  run: async (line) => {
    const path = await build({ ...optionsOf(line), crate: line.positionals[0] ?? "." });
    process.stdout.write(`${path}\n`);
  },
};

function optionsOf(line: Line): Omit<BuildOptions, "crate"> {
  const named = { bin: line.text("bin"), package: line.text("package"), target: line.text("target") };
  return {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    release: !line.flag("debug"),
    features: line.texts("features").flatMap((list) => list.split(",")),
    defaultFeatures: !line.flag("no-default-features"),
    locked: line.flag("locked"),
    progress: line.flag("quiet") ? "silent" : "show",
  };
}
