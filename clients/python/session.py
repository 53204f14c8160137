"""A session of the official Python SDK (1.x or 2.x): cuts, marks and renders through tool calls.

It runs in the environment of that SDK, and says on its last line, as JSON, what was agreed on and made.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import traceback
from contextlib import AsyncExitStack
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

SDK = int(version("mcp").split(".")[0])
CALL_SECONDS = 60
RENDER_CALLS = 6
"""Each waits up to 20 s; the render takes a second or two."""


class Refused(Exception):
    """A call did not do what it should, in one sentence."""


class Session:
    """A connection of either SDK, with results as they are on the wire."""

    def __init__(self, client: Any, protocol: str) -> None:
        self.client = client
        self.protocol = protocol

    async def tools(self) -> list[str]:
        """The names of the listed tools."""
        return [tool.name for tool in (await self.client.list_tools()).tools]

    async def raw(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The result of a call, also of one that failed."""
        result = await self.client.call_tool(tool, arguments)
        return dict(result.model_dump(by_alias=True, mode="json", exclude_none=True))

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The value that a call answered, at once or as a job."""
        value = await self._value(tool, arguments)
        while not tool.startswith("jobs_") and value.get("state") == "running" and "job" in value:
            told = await self._value("jobs_read", {"job": value["job"], "wait_s": 50})
            if told["state"] not in ("running", "complete"):
                raise Refused(f"{tool} failed: {told}")
            value = told if told["state"] == "running" else told["result"]
        return value

    async def _value(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        result = await self.raw(tool, arguments)
        value = json.loads(result["content"][0]["text"])
        if result.get("isError"):
            raise Refused(f"{tool} failed: {value}")
        return dict(value)


def stdio_parameters(command: list[str]) -> Any:
    """What starts a server; the SDK would hand on little of the environment by itself."""
    from mcp import StdioServerParameters

    return StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))


async def connect_1(stack: AsyncExitStack, options: argparse.Namespace) -> Session:
    """SDK 1.x: `initialize` and sessions."""
    from mcp import ClientSession

    if options.url:
        import httpx
        from mcp.client.streamable_http import streamable_http_client

        http = httpx.AsyncClient(headers=bearer(), timeout=CALL_SECONDS)
        http = await stack.enter_async_context(http)
        streams = await stack.enter_async_context(streamable_http_client(options.url, http_client=http))
    else:
        from mcp.client.stdio import stdio_client

        streams = await stack.enter_async_context(stdio_client(stdio_parameters(options.command)))
    patience = timedelta(seconds=CALL_SECONDS)
    client = await stack.enter_async_context(ClientSession(streams[0], streams[1], read_timeout_seconds=patience))
    return Session(client, (await client.initialize()).protocolVersion)


async def connect_2(stack: AsyncExitStack, options: argparse.Namespace) -> Session:
    """SDK 2.x: either era."""
    from mcp import Client

    if options.url:
        import httpx2
        from mcp.client.streamable_http import streamable_http_client

        http = await stack.enter_async_context(httpx2.AsyncClient(headers=bearer(), timeout=CALL_SECONDS))
        server: Any = streamable_http_client(options.url, http_client=http)
    else:
        server = stdio_parameters(options.command)
    mode = "legacy" if options.era == "legacy" else "auto"
    client = await stack.enter_async_context(Client(server, mode=mode, read_timeout_seconds=CALL_SECONDS))
    return Session(client, client.protocol_version)


def bearer() -> dict[str, str]:
    """The header that lets this client in."""
    return {"Authorization": f"Bearer {os.environ['DAVINCI_MCP_HTTP_TOKEN']}"}


async def work(session: Session, plan: dict[str, Any]) -> str:
    """The session itself; gives the path of the film."""
    wanted = {"create_project", "import_media", "append_to_timeline", "queue_render", "start_render", "look"}
    if missing := wanted - set(await session.tools()):
        raise Refused(f"tools are missing: {sorted(missing)}")
    await session.call("create_project", name=plan["project"], frame_rate=plan["rate"])
    imported = (await session.call("import_media", paths=[plan["picture"], plan["sound"]]))["imported"]
    picture, sound = (clip["id"] for clip in imported)
    await session.call("create_timeline", name="Cut", frame_rate=plan["rate"])
    shots = [{"media_pool_item": picture, "start": start, "end": end} for start, end in plan["shots"]]
    await session.call("append_to_timeline", clips=shots)
    tone = {"media_pool_item": sound, "start": 0, "end": plan["frames"], "media_type": "audio", "record_frame": 0}
    await session.call("append_to_timeline", clips=[tone])
    await session.call("add_marker", position=5, color="Green", name="from a client")

    failed = await session.raw("add_marker", {"position": 5, "color": "Grün"})
    code = json.loads(failed["content"][0]["text"])["code"]
    if not failed.get("isError") or code != "invalid_argument":
        raise Refused(f"a wrong colour was answered with {failed}")

    timeline = await session.call("timeline_read")
    found = (timeline["timeline"]["end"]["frames"], timeline["markers_total"])
    if found != (plan["frames"], 1):
        raise Refused(f"the timeline has {found[0]} frames and {found[1]} markers")
    sheet = await session.raw("look", {"count": 2})
    if [part["type"] for part in sheet["content"]].count("image") != 1:
        raise Refused("look answered without a picture")

    queued = await session.call(
        "queue_render", directory=plan["output"], file_name=plan["project"], format="mp4", codec="H264"
    )
    await session.call("start_render", jobs=[queued["job"]])
    for _ in range(RENDER_CALLS):
        status = await session.call("jobs_read", job=queued["job"], wait_s=20)
        if status["state"] not in ("queued", "running"):
            break
    if status["state"] != "complete":
        raise Refused(f"the render is {status['state']}: {status.get('error', 'no reason given')}")
    return str(status["result"]["path"])


async def main() -> dict[str, Any]:
    """Connects, works, and says what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--era", choices=["legacy", "modern"], required=True)
    parser.add_argument("--plan", type=Path, required=True, help="JSON file: what to cut and where to render")
    parser.add_argument("--url", help="of a server over HTTP; else the command of one over stdio follows")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    plan = json.loads(options.plan.read_text(encoding="utf-8"))
    async with AsyncExitStack() as stack:
        session = await (connect_1 if SDK == 1 else connect_2)(stack, options)
        film = await work(session, plan)
    return {"sdk": version("mcp"), "protocol": session.protocol, "film": film}


def reason(error: BaseException) -> str:
    """The first failure inside those that the SDK's task groups wrap around it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    try:
        print(json.dumps(asyncio.run(main())))
    except Exception as error:  # noqa: BLE001 - whatever it is, the last line says why
        traceback.print_exc()
        sys.exit(reason(error))
