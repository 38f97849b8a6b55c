/** A registry on loopback (verdaccio): what is published there stays there, everything else comes from npm's own registry. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { write } from "./author.mjs";

/** Starts it. @param tools where verdaccio is installed @returns its URL; it ends with this process */
export async function startRegistry(tools, folder) {
  const port = await freePort();
  write(folder, { "config.yaml": configuration(npmConfig("registry")) });
  const bin = join(tools, "node_modules", "verdaccio", "bin", "verdaccio");
  const args = ["--config", join(folder, "config.yaml"), "--listen", `127.0.0.1:${port}`];
  const cafile = npmConfig("cafile");
  const env = { ...process.env, ...(cafile === "null" ? {} : { NODE_EXTRA_CA_CERTS: cafile }) };
  const registry = fork(bin, args, { cwd: folder, env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  process.once("exit", () => registry.kill());
  const exited = once(registry, "exit").then(([code]) => {
    throw new Error(`verdaccio exited with code ${code}`);
  });
  await Promise.race([once(registry, "message"), exited]);
  exited.catch(() => {});
  return { url: `http://127.0.0.1:${port}/`, stop: () => registry.kill() };
}

function npmConfig(name) {
  return execFileSync("npm", ["config", "get", name], { encoding: "utf8" }).trim();
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function configuration(uplink) {
  const own = "{ access: $all, publish: $all }";
  return `storage: ./storage
uplinks:
  npm: { url: "${uplink}" }
packages:
  "@acme/*": ${own}
  portreeve: ${own}
  "**": { access: $all, proxy: npm }
log: { type: stdout, level: fatal }
`;
}
