// SPDX-License-Identifier: Apache-2.0
// usage: sdk_v1_client.mjs FILE_TO_CHANGE (http URL TOKEN | stdio PROGRAM ARGUMENT…)
// A session of the TypeScript SDK's first line, which speaks the legacy era.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { deferred, runSession } from "./session.mjs";

const [file, kind, target, ...rest] = process.argv.slice(2);
const transport = kind === "http"
  ? new StreamableHTTPClientTransport(new URL(target), { requestInit: { headers: { Authorization: `Bearer ${rest[0]}` } } })
  : new StdioClientTransport({ command: target, args: rest, env: process.env });
const client = new Client({ name: "repomap-test", version: "1.0.0" });
await client.connect(transport);
await client.ping();
const update = deferred();
client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => update.keep(params.uri));
await runSession(client, {
  file,
  callWith: (one, params, options) => one.callTool(params, undefined, options),
  subscribe: async (uri) => {
    await client.subscribeResource({ uri });
    return async () => {
      await update.promise;
      await client.unsubscribeResource({ uri });
    };
  },
});
await client.close();
console.log("passed");
