/** Every block of TypeScript in the docs is compiled; those of the pages that have no test of their own are run here. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pagesOf } from "../../scripts/packed/links.mjs";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { Output } from "./output.ts";
import { Project, printed } from "./project.ts";
import { countBlocks, root, snippetsOf } from "./snippets.ts";

/** Run here; the test of another page has its own. */
const snippets = ["docs/codec.md", "docs/shipping.md"].flatMap(snippetsOf);
let project: Project;

beforeAll(async () => {
  project = new Project(snippets);
  project.write("package.json", '{ "name": "bakery", "type": "module", "portreeve": { "crate": "." } }');
  project.link(await computeProgram(), "compute");
  await project.compile(snippets.map(({ name }) => name));
}, BUILD_TIMEOUT);

afterAll(() => project.remove());

test.each(pagesOf(root))("%s: each block of TypeScript has a name, under which a test runs it", (page) => {
  const named = snippetsOf(page).filter(({ language }) => language === "ts");
  expect(named.length).toBe(countBlocks(page, "ts"));
});

test("terms.ts prints what stands below it", async () => {
  const { stdout } = await project.run("terms.ts");
  const output = snippets.find(({ name }) => name === "terms.ts")?.output;
  expect(stdout).toMatch(printed(output ?? ""));
});

test("socket.ts speaks in frames of four bytes of length", async () => {
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = project.start("socket.ts", { PORT: String(port) });
  expect(await new Output(client).end).toBe("{ hello: 'world' }\n");
  expect(client.exitCode).toBe(0);
  server.close();
});

test("shipping.ts opens the program that the variable names, and says so", async () => {
  const host = project.start("shipping.ts", { PORTREEVE_PROGRAM_BAKERY: "./compute" });
  expect(await new Output(host).end).toMatch(/from: 'variable'/);
  expect(host.exitCode).toBe(0);
});
