/** The package managers with which a tarball is installed and a new project is run, as commands. */
import { join } from "node:path";

/** Each has the commands of one way through; `tools` is the folder into which pnpm and yarn were installed. */
export function managersOf(tools) {
  const tool = (name) => join(tools, "node_modules", ".bin", name);
  return [
    {
      name: "npm",
      add: (tarball) => ["npm", "install", tarball],
      portreeve: ["npx", "--no-install", "portreeve"],
      install: ["npm", "install"],
      offline: ["npm", "ci", "--offline"],
      run: (script) => ["npm", "run", "--silent", script],
    },
    {
      name: "pnpm",
      add: (tarball) => [tool("pnpm"), "add", tarball],
      portreeve: [tool("pnpm"), "exec", "portreeve"],
      install: [tool("pnpm"), "install"],
      offline: [tool("pnpm"), "install", "--offline", "--frozen-lockfile"],
      run: (script) => [tool("pnpm"), "run", "--silent", script],
    },
    {
      name: "yarn",
      add: (tarball) => [tool("yarn"), "add", `file:${tarball}`],
      portreeve: [tool("yarn"), "--silent", "portreeve"],
      install: [tool("yarn"), "install"],
      offline: [tool("yarn"), "install", "--offline", "--frozen-lockfile"],
      run: (script) => [tool("yarn"), "--silent", "run", script],
    },
  ];
}
