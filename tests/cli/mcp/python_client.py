# SPDX-License-Identifier: Apache-2.0
"""usage: python_client.py (legacy|auto|REVISION) FILE_TO_CHANGE (http URL TOKEN | stdio PROGRAM ARGUMENT…)

A session of the official Python SDK, which speaks both eras. It checks every message against the revision's schema.
"""
import os
import sys

import anyio
import httpx2
from mcp import MCPError, StdioServerParameters
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

TOOLS = ["repo_map", "find_symbol", "file_outline", "references", "index_status"]
PATIENCE = 60


def text_of(result):
    assert [block.type for block in result.content] == ["text"], result
    return result.content[0].text


async def code_of(awaitable):
    """The code of the protocol error that it ends with."""
    try:
        result = await awaitable
    except MCPError as error:
        return error.code
    raise AssertionError(f"no error: {result}")


async def call_each_tool(client):
    shown = text_of(await client.call_tool("repo_map", {"query": "area of a shape", "token_limit": 500}))
    assert shown.startswith("fresh: ") and "shape.py" in shown, shown
    found = await client.call_tool("find_symbol", {"name": "area", "kind": "method"})
    assert found.structured_content["symbols"][0]["path"] == "lib/shape.py", found
    uses = await client.call_tool("references", {"name": "parse", "limit": 1})
    assert uses.structured_content["found"] > 1 and len(uses.structured_content["references"]) == 1, uses
    outline = await client.call_tool("file_outline", {"path": "lib/shape.py"})
    assert outline.structured_content["lang"] == "python", outline
    as_json = await client.call_tool("repo_map", {"format": "json", "token_limit": 200})
    assert as_json.structured_content["files"], as_json
    status = await client.call_tool("index_status")
    assert not status.is_error and status.structured_content["freshness"]["pending"] == 0, status
    return status.structured_content["resource"]


async def make_mistakes(client):
    assert await code_of(client.call_tool("nothing", {})) == -32602
    assert await code_of(client.read_resource("repomap://nowhere/map")) == -32602
    wrong = await client.call_tool("references", {"nme": "parse"})
    assert wrong.is_error and 'did you mean "name"' in text_of(wrong), wrong


async def see_an_update(client, uri, path, era, updated):
    def change():
        with open(path, "a", encoding="utf-8") as file:
            file.write("\n\ndef added_by_python(shape):\n    return shape.area()\n")

    with anyio.fail_after(PATIENCE):
        if era == "legacy":
            await client.subscribe_resource(uri)
            change()
            await updated.wait()
        else:
            async with client.listen(resource_subscriptions=[uri]) as subscription:
                change()
                event = await anext(aiter(subscription))
                assert event.uri == uri, event
    contents = (await client.read_resource(uri)).contents
    assert contents[0].uri == uri, contents


async def run_session(client, path, era, updated):
    listed = await client.list_tools()
    assert [tool.name for tool in listed.tools] == TOOLS, listed
    if era in ("legacy", "auto"):  # with a revision given, the client asks nothing before
        assert "repo_map" in client.instructions
    uri = await call_each_tool(client)
    await make_mistakes(client)
    assert (await client.list_resources()).resources[0].uri == uri
    assert len((await client.list_resource_templates()).resource_templates) == 1
    seen = []

    async def take_progress(progress, _total, _message):
        seen.append(progress)

    await client.call_tool("repo_map", {"project_root": os.environ["REPOMAP_TEST_NEW_ROOT"]},
                           progress_callback=take_progress)
    assert seen == sorted(set(seen)) and seen, seen
    with anyio.move_on_after(0):
        await client.call_tool("repo_map", {"force_refresh": True})
    await see_an_update(client, uri, path, era, updated)


async def main(era, path, kind, target, *rest):
    updated = anyio.Event()

    async def take_message(message):
        if getattr(message, "method", "") == "notifications/resources/updated":
            updated.set()

    options = {"mode": era, "message_handler": take_message, "read_timeout_seconds": PATIENCE}
    if kind == "stdio":
        server = StdioServerParameters(command=target, args=list(rest), env=dict(os.environ))
        async with Client(server, **options) as client:
            await run_session(client, path, era, updated)
    else:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {rest[0]}"}, timeout=PATIENCE) as http:
            async with Client(streamable_http_client(target, http_client=http), **options) as client:
                await run_session(client, path, era, updated)
    print("passed")


anyio.run(main, *sys.argv[1:])
