/** What keeps packed programs from whoever installs the package, and the command that mends it. Pure but for what it reads. */

import { join } from "node:path";
import { type PackageFolder, readText } from "../resolve/folder.ts";
import { PREBUILDS } from "../resolve/manifest.ts";

/** One thing to mend. */
export interface Obstacle {
  readonly what: string;
  readonly command: string;
}

/** The parts of package.json and of .gitignore that decide. */
export interface Published {
  readonly files?: readonly string[] | undefined;
  readonly preferUnplugged?: boolean | undefined;
}

/** Looks at package.json, and at .gitignore, which npm goes by where there is no "files". */
export function obstaclesOf({ folder }: PackageFolder): readonly Obstacle[] {
  const published = JSON.parse(readText(join(folder, "package.json")) ?? "{}") as Published;
  const ignored = readText(join(folder, ".npmignore")) ?? readText(join(folder, ".gitignore")) ?? "";
  return obstacles(published, ignored);
}

/** @param ignored the text of .npmignore, else of .gitignore */
export function obstacles({ files, preferUnplugged }: Published, ignored: string): readonly Obstacle[] {
  const found: Obstacle[] = [];
  if (files !== undefined && !files.some((entry) => names(entry)))
    found.push({
      what: `"files" does not name ${PREBUILDS}, so npm leaves it out`,
      command: `npm pkg set 'files[]=${PREBUILDS}'`,
    });
  if (files === undefined && ignored.split(/\r?\n/).some((line) => names(line)))
    found.push({
      what: `there is no "files", and ${PREBUILDS} is ignored, so npm leaves it out`,
      command: `npm pkg set 'files[]=dist' 'files[]=${PREBUILDS}'`,
    });
  if (preferUnplugged !== true)
    found.push({
      what: `without "preferUnplugged" Yarn's Plug'n'Play keeps it in a zip, where no program can be started`,
      command: "npm pkg set preferUnplugged=true --json",
    });
  return found;
}

/** `prebuilds`, `./prebuilds/`, `prebuilds/**`, `*`. */
function names(entry: string): boolean {
  const bare = entry.trim().replace(/^\.?\//, "");
  return /^(?:\*\*?|\.)?$/.test(bare)
    ? bare !== ""
    : new RegExp(`^${PREBUILDS}(?:/\\*{0,2}(?:/\\*)?)?$`).test(bare);
}
