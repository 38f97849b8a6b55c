/** What `npm start` can be told, checked before anything is built. */
import { parseArgs } from "node:util";

const NUMBERS = {
  seconds: { default: "20", least: 2, most: 3600 },
  rate: { default: "200", least: 1, most: 10_000 },
  workers: { default: "3", least: 2, most: 64 },
};

/**
 * Reads the command line: `{ help: true }`, or the options of the demo.
 * @throws Error with a sentence for the user
 */
export function readOptions(args) {
  const options = Object.fromEntries(
    Object.entries(NUMBERS).map(([name, { default: text }]) => [name, { type: "string", default: text }]),
  );
  const { values } = parseArgs({
    args,
    options: { ...options, help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help) return { help: true };
  return Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, readNumber(name, values[name])]));
}

function readNumber(name, text) {
  const { least, most } = NUMBERS[name];
  const value = Number(text);
  const fits = text.trim() !== "" && value >= least && value <= most;
  if (fits && (name !== "workers" || Number.isInteger(value))) return value;
  throw new Error(`--${name} takes a number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}
