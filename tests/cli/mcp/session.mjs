// SPDX-License-Identifier: Apache-2.0
// What a client of either TypeScript SDK does in one session, whatever its era and transport.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";

const TOOLS = ["repo_map", "find_symbol", "file_outline", "references", "index_status"];

const textOf = (result) => {
  assert.equal(result.content.length, 1);
  assert.equal(result.content[0].type, "text");
  return result.content[0].text;
};

/** The error that a promise ends with. */
const errorOf = async (promise) => {
  const outcome = await promise.then(() => null, (error) => error);
  assert.ok(outcome, "an error is expected");
  return outcome;
};

const callEachTool = async (client) => {
  const call = (name, args) => client.callTool({ name, arguments: args });
  const map = textOf(await call("repo_map", { query: "area of a shape", token_limit: 500 }));
  assert.match(map, /^fresh: generation \d+, \d+ files/);
  assert.match(map, /shape\.py/);
  const found = await call("find_symbol", { name: "Shape.area" });
  assert.match(textOf(found), /lib\/shape\.py:2: method in Shape/);
  assert.equal(found.structuredContent.symbols[0].line, 2);
  assert.equal(found.structuredContent.freshness.state, "fresh");
  const uses = await call("references", { name: "parse", path: "src" });
  assert.deepEqual(uses.structuredContent.references.map((one) => one.path), ["src/main.c"]);
  assert.equal(uses.structuredContent.found, 1);
  const outline = await call("file_outline", { path: "./lib/../lib/shape.py" });
  assert.equal(outline.structuredContent.path, "lib/shape.py");
  assert.match(textOf(outline), /1-3: class Shape:\n {2}2-3: def area/);
  const status = await call("index_status", {});
  assert.match(textOf(status), /^fresh: /);
  return status.structuredContent.resource;
};

const makeMistakes = async (client) => {
  assert.equal((await errorOf(client.callTool({ name: "find_symbols", arguments: {} }))).code, -32602);
  assert.equal((await errorOf(client.readResource({ uri: "repomap://nowhere/map" }))).code, -32602);
  const wrong = await client.callTool({ name: "repo_map", arguments: { token_limit: "many" } });
  assert.equal(wrong.isError, true);
  assert.match(textOf(wrong), /"token_limit": expected a whole number/);
  const missing = await client.callTool({ name: "file_outline", arguments: { path: "src/shape.py" } });
  assert.equal(missing.isError, true);
  assert.match(textOf(missing), /lib\/shape\.py/);
};

/** The first look at a repository takes long enough for the client to hear of it. */
const watchProgress = async (client, callWith) => {
  const seen = [];
  const params = { name: "repo_map", arguments: { project_root: process.env.REPOMAP_TEST_NEW_ROOT } };
  await callWith(client, params, { onprogress: (progress) => seen.push(progress.progress) });
  assert.ok(seen.length > 0, "progress");
  assert.ok(seen.every((value, i) => i === 0 || value > seen[i - 1]), `rising progress: ${seen}`);
};

const cancel = async (client, callWith) => {
  const controller = new AbortController();
  const call = callWith(client, { name: "repo_map", arguments: { force_refresh: true } }, { signal: controller.signal });
  controller.abort("no longer wanted");
  await errorOf(call);
};

/**
 * Runs the session. `subscribe(uri)` gives a function that waits for the next update of it; `callWith(client, params,
 * options)` is callTool with options.
 */
export const runSession = async (client, { subscribe, callWith, file }) => {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name), TOOLS);
  assert.ok(tools.every((tool) => tool.annotations.readOnlyHint && tool.description.length < 2048));
  assert.match(client.getInstructions(), /repo_map/);
  const uri = await callEachTool(client);
  await watchProgress(client, callWith);
  await cancel(client, callWith);
  await makeMistakes(client);
  const { resources } = await client.listResources();
  assert.equal(resources[0].uri, uri);
  assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 1);
  const updated = await subscribe(uri);
  appendFileSync(file, "\n\ndef added_by_client(shape):\n    return shape.area()\n");
  await updated();
  const { contents } = await client.readResource({ uri });
  assert.equal(contents[0].uri, uri);
  const added = await client.callTool({ name: "find_symbol", arguments: { name: "added_by_client" } });
  assert.equal(added.structuredContent.found, 1);
};

/** A promise with the function that keeps it. */
export const deferred = () => {
  let keep;
  const promise = new Promise((resolve) => { keep = resolve; });
  return { promise, keep };
};
