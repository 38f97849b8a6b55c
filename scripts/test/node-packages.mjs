/** Sees to it that node_modules is what package-lock.json says. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const OLDEST = [20, 19];

/** Checks Node, and runs `npm ci` if something is missing or another version. */
export async function prepareNode(root, runCommand) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Error(`Node ${OLDEST.join(".")} or newer is needed, and this is ${process.versions.node}`);
  }
  const why = staleness(root);
  if (why === undefined) return { note: "node_modules is up to date" };
  process.stdout.write(`${why}: npm ci\n`);
  const { code } = await runCommand(["npm", "ci", "--no-audit", "--no-fund"], root);
  return { failed: code === 0 ? 0 : 1, note: why };
}

/** Why node_modules is not what the lock file says, or `undefined`. npm notes in it what it has installed. */
export function staleness(root) {
  const noted = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(noted)) return "node_modules is missing";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const there = JSON.parse(readFileSync(noted, "utf8")).packages;
  const wrong = Object.entries(wanted).find(
    ([path, { version, optional }]) =>
      path !== "" && there[path]?.version !== version && !(optional && !there[path]),
  );
  return wrong === undefined ? undefined : `${wrong[0]} is not ${wrong[1].version}`;
}
