/** The ways in which a package with a program reaches its users; each ends in a host that prints \`sum 6\`. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../test/step.mjs";
import { write } from "./author.mjs";

const MAIN = 'import { sum } from "@acme/sum";\nconsole.log("sum", await sum([1, 2, 3]));\n';
const SUM = { shows: ["sum 6"] };

/** A program by name: what stands in its place prints the same as MAIN. */
const asks = (program) => `import { open } from "portreeve";
(async () => {
  const port = await open(${program});
  console.log("sum", await port.call("sum", [[1, 2, 3]]));
  await port.close();
})();
`;

/** Files of an application. */
export const application = {
  "package.json": { name: "application", private: true, type: "module" },
  "main.mjs": MAIN,
  "zipped.mjs": MAIN.replace("@acme/sum", "@acme/zipped"),
  "traced.mjs": asks('new URL("./bin/x", import.meta.url)'),
  "traced-package.mjs": asks('{ package: new URL("./node_modules/@acme/sum/prebuilds/", import.meta.url) }'),
  "single.mjs": asks("{ package: __filename }"),
  "vite.config.mjs":
    'export default { ssr: { noExternal: true }, build: { ssr: "main.mjs", outDir: "vite" }, logLevel: "warn" };\n',
  "single.json": { main: "single.cjs", output: "single.blob", disableExperimentalSEAWarning: true },
};

/** Package managers, each in an application of its own. */
export function managers({ folder, url, tool }) {
  const app = (name, files = {}) => {
    write(folder(name), { ...application, ".npmrc": `registry=${url}\n`, ...files });
    return folder(name);
  };
  const berry = `npmRegistryServer: "${url}"\nunsafeHttpWhitelist: ["127.0.0.1"]\nnodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\nenableImmutableInstalls: false\nnpmMinimalAgeGate: 0\n`;
  const [npm, pnpm, pnp] = [app("npm"), app("pnpm"), app("pnp", { ".yarnrc.yml": berry, "yarn.lock": "" })];
  const yarn = [process.execPath, tool("@yarnpkg/cli-dist/bin/yarn.js")];
  return [
    step("npm installs from the registry", ["npm", "install", "portreeve", "@acme/sum"], npm),
    step("npm: runs", ["node", "main.mjs"], npm, SUM),
    step(
      "pnpm installs",
      [process.execPath, tool("pnpm/bin/pnpm.cjs"), "add", "portreeve", "@acme/sum"],
      pnpm,
    ),
    step("pnpm: runs through its links", ["node", "main.mjs"], pnpm, SUM),
    step("Yarn's Plug'n'Play installs", [...yarn, "add", "portreeve", "@acme/sum", "@acme/zipped"], pnp),
    step("Plug'n'Play: runs, unplugged", [...yarn, "node", "main.mjs"], pnp, SUM),
    refusal(
      "Plug'n'Play: from a zip it is told",
      [...yarn, "node", "zipped.mjs"],
      pnp,
      "yarn unplug @acme/zipped",
    ),
  ];
}

/** A command that has to fail, with this on its stderr. */
function refusal(title, command, cwd, text) {
  const script =
    'const { spawnSync } = require("node:child_process"); const [text, ...command] = process.argv.slice(1); const { status, stderr } = spawnSync(command[0], command.slice(1), { encoding: "utf8" }); console.log(stderr); process.exit(status !== 0 && stderr.includes(text) ? 0 : 1);';
  return step(title, [process.execPath, "-e", script, text, ...command], cwd);
}

/** Bundlers and single executables, from the application that npm has installed. */
export function bundles({ folder, tool, bun, deno }) {
  const app = folder("npm");
  const programs = join(app, "node_modules", "@acme", "sum", "prebuilds");
  const out = folder("elsewhere");
  const beside = (name) => join(out, name);
  /** A folder elsewhere, with the prebuilds and what else is given. */
  const place = (title, name, ...others) => ({
    name: title,
    run: () => {
      for (const other of others) cpSync(other, beside(name), { recursive: true });
      cpSync(programs, join(beside(name), "prebuilds"), { recursive: true });
    },
  });
  const esbuild = tool("esbuild/bin/esbuild");
  const bundle = [esbuild, "--bundle", "--platform=node", "--log-level=error"];
  const single = join(beside("single"), "app");
  const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
  return [
    step(
      "esbuild bundles",
      [...bundle, "--format=esm", "main.mjs", `--outfile=${join(beside("alone"), "app.mjs")}`],
      app,
    ),
    refusal(
      "esbuild: without prebuilds it is told",
      ["node", "app.mjs"],
      beside("alone"),
      "copy its folder prebuilds beside it",
    ),
    place("prebuilds are copied beside it", "esbuild", beside("alone")),
    step("esbuild: runs elsewhere", ["node", "app.mjs"], beside("esbuild"), SUM),
    step("vite bundles", [process.execPath, tool("vite/bin/vite.js"), "build"], app),
    place("prebuilds are copied beside that", "vite", join(app, "vite")),
    step("vite: runs elsewhere", ["node", "main.js"], beside("vite"), SUM),
    { name: "a program in bin/", run: () => copyProgram(programs, join(app, "bin", "x")) },
    step("file tracing finds it", traced(tool, "traced.mjs"), app, { shows: ["bin/x"] }),
    step("and starts from it", ["node", "traced.mjs"], app, SUM),
    step("file tracing finds prebuilds", traced(tool, "traced-package.mjs"), app, {
      shows: ["@acme/sum/prebuilds/manifest.json"],
    }),
    step("and starts from them", ["node", "traced-package.mjs"], app, SUM),
    step("SEA: bundle", [...bundle, "--format=cjs", "single.mjs", "--outfile=single.cjs"], app),
    step("SEA: blob", ["node", "--experimental-sea-config", "single.json"], app),
    place("SEA: prebuilds", "single"),
    { name: "SEA: a copy of Node", run: () => copyFileSync(process.execPath, single) },
    step(
      "SEA: injected",
      [
        process.execPath,
        tool("postject/dist/cli.js"),
        single,
        "NODE_SEA_BLOB",
        "single.blob",
        "--sentinel-fuse",
        fuse,
      ],
      app,
    ),
    step("SEA: runs", [single], out, SUM),
    step("Bun: runs", [bun, "main.mjs"], app, SUM),
    step(
      "Bun compiles",
      [bun, "build", "--compile", "main.mjs", "--outfile", join(beside("bun"), "app")],
      app,
    ),
    place("Bun: prebuilds", "bun"),
    step("Bun: the executable runs", [join(beside("bun"), "app")], out, SUM),
    step("Deno: runs", [deno, "run", "--allow-all", "main.mjs"], app, SUM),
  ];
}

function traced(tool, file) {
  const script = `import(process.argv[1]).then(({ nodeFileTrace }) => nodeFileTrace([process.argv[2]])).then(({ fileList }) => console.log([...fileList].join("\\n")))`;
  return [process.execPath, "-e", script, tool("@vercel/nft/out/index.js"), file];
}

/** The program of this machine, under another name. */
function copyProgram(programs, to) {
  const { programs: listed } = JSON.parse(readFileSync(join(programs, "manifest.json"), "utf8"));
  mkdirSync(join(to, ".."), { recursive: true });
  copyFileSync(join(programs, Object.values(listed)[0].file), to);
  chmodSync(to, 0o755);
}
