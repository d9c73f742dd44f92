// SPDX-License-Identifier: Apache-2.0
// usage: sdk_v2_client.mjs (legacy|auto|REVISION) FILE_TO_CHANGE (http URL TOKEN | stdio PROGRAM ARGUMENT…)
// A session of the TypeScript SDK's second line, which speaks both eras.
import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { deferred, runSession } from "./session.mjs";

const [era, file, kind, target, ...rest] = process.argv.slice(2);
const transport = kind === "http"
  ? new StreamableHTTPClientTransport(new URL(target), { requestInit: { headers: { Authorization: `Bearer ${rest[0]}` } } })
  : new StdioClientTransport({ command: target, args: rest, env: process.env });
const mode = era === "legacy" || era === "auto" ? era : { pin: era };
const client = new Client({ name: "repomap-test", version: "1.0.0" }, { versionNegotiation: { mode } });
await client.connect(transport);
assert.equal(client.getNegotiatedProtocolVersion(), era === "legacy" ? "2025-11-25" : "2026-07-28");
const update = deferred();
client.setNotificationHandler("notifications/resources/updated", ({ params }) => update.keep(params.uri));
await runSession(client, {
  file,
  callWith: (one, params, options) => one.callTool(params, options),
  subscribe: async (uri) => {
    if (era === "legacy") {
      await client.subscribeResource({ uri });
      return () => update.promise;
    }
    const subscription = await client.listen({ resourceSubscriptions: [uri] });
    return async () => {
      await update.promise;
      await subscription.close();
    };
  },
});
await client.close();
console.log("passed");
