/**
 * Whether Linux was told how to run a kind of file that it cannot run by itself (binfmt_misc): an emulator for programs of
 * other machines, Wine for Windows' own. Source: Documentation/admin-guide/binfmt-misc.rst of the kernel.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const FOLDER = "/proc/sys/fs/binfmt_misc";

/** Whether one of the handlers that are registered takes the file that begins with `head`. Never rejects. */
export async function isHandled(path: string, head: Uint8Array): Promise<boolean> {
  const names = await readdir(FOLDER).catch(() => []);
  const handlers = names.filter((name) => name !== "register" && name !== "status");
  const texts = await Promise.all(
    handlers.map((name) => readFile(join(FOLDER, name), "utf8").catch(() => "")),
  );
  return texts.some((text) => takes(text, path, head));
}

/** @param handler what the kernel shows of it: lines such as `enabled`, `offset 0`, `magic 7f45…`, `mask ffff…` */
export function takes(handler: string, path: string, head: Uint8Array): boolean {
  const lines = new Map(handler.split("\n").map((line) => word(line)));
  if (!lines.has("enabled")) return false;
  const extension = lines.get("extension");
  if (extension !== undefined) return path.endsWith(extension);
  const magic = Buffer.from(lines.get("magic") ?? "", "hex");
  const mask = Buffer.from(lines.get("mask") ?? "", "hex");
  const at = Number(lines.get("offset") ?? 0);
  return magic.length > 0 && magic.every((byte, i) => same(byte, head[at + i], mask[i] ?? 0xff));
}

function same(wanted: number, found: number | undefined, mask: number): boolean {
  return found !== undefined && (found & mask) === (wanted & mask);
}

function word(line: string): readonly [string, string] {
  const [name = "", value = ""] = line.split(" ");
  return [name, value];
}
