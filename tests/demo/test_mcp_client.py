"""The example client against a scripted server: answers, refusals, and servers that go away."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo import mcp_client
from demo.mcp_client import Client, ClientError, ToolError

SERVER = """
import base64, json, os, sys

def answer(request, result):
    print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)

def text(value):
    return {"type": "text", "text": json.dumps(value)}

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message or "method" not in message:
        continue
    if message["method"] == "initialize":
        answer(message, {"serverInfo": {"name": "scripted"}})
        continue
    if message["method"] == "tools/list":
        second = message["params"].get("cursor") == "second"
        answer(message, {"tools": [{"name": "b"}]} if second else {"tools": [{"name": "a"}], "nextCursor": "second"})
        continue
    tool = message["params"]["name"]
    if tool == "echo":
        answer(message, {"content": [text(message["params"]["arguments"])]})
    elif tool == "look":
        picture = {"type": "image", "data": base64.b64encode(b"PNG").decode(), "mimeType": "image/png"}
        answer(message, {"content": [text({"path": "/a.png"}), picture]})
    elif tool == "refuse":
        said_no = {"code": "not_found", "message": "there is no 'x' timeline", "hint": "list them"}
        answer(message, {"isError": True, "content": [text(said_no)]})
    elif tool == "ask":
        print(json.dumps({"jsonrpc": "2.0", "id": 900, "method": "roots/list"}), flush=True)
        print(json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {}}), flush=True)
        answer(message, {"content": [text({"client_said": json.loads(sys.stdin.readline())})]})
    elif tool in ("long", "wrong"):
        answer(message, {"content": [text({"job": "call-" + tool, "state": "running"})]})
    elif tool == "jobs_read":
        job = message["params"]["arguments"]["job"]
        asked = globals().setdefault("asked", [])
        asked.append(job)
        state = "running" if asked.count(job) < 2 else "complete" if job == "call-long" else "failed"
        told = {"job": job, "state": state, "result": {"done": 1}, "error": {"code": "refused", "message": "no"}}
        answer(message, {"content": [text(told)]})
    elif tool == "die":
        os._exit(7)
    elif tool == "hang":
        pass
    else:
        error = {"code": -32602, "message": "unknown tool"}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": error}), flush=True)
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    with Client([sys.executable, str(script)]) as connected:
        yield connected


def test_an_answer_is_the_object_that_the_tool_gave(client: Client) -> None:
    """Names that need escaping survive the trip both ways."""
    assert client.call("echo", name='Ä "\n 日本').value == {"name": 'Ä "\n 日本'}


def test_a_job_is_followed_to_its_end(client: Client) -> None:
    """What the tool would have answered at once comes in the end, or why it failed."""
    assert client.call("long").value == {"done": 1}
    with pytest.raises(ToolError, match="wrong: refused: no"):
        client.call("wrong")


def test_a_picture_comes_with_its_text(client: Client) -> None:
    """A look has a path and a picture; neither hides the other."""
    answer = client.call("look")

    assert (answer.value, answer.picture) == ({"path": "/a.png"}, b"PNG")


def test_a_refusal_is_an_error_with_its_code(client: Client) -> None:
    """A tool's no must stop the demo, not pass for an answer."""
    with pytest.raises(ToolError, match="not_found: there is no 'x' timeline") as refusal:
        client.call("refuse")

    assert refusal.value.answer["hint"] == "list them"


def test_an_error_of_the_protocol_is_raised(client: Client) -> None:
    """An unknown tool is no answer either."""
    with pytest.raises(ClientError, match="unknown tool"):
        client.call("no_such_tool")


def test_requests_and_notifications_of_the_server_do_not_confuse_the_answers(client: Client) -> None:
    """The server may ask and tell while a call runs; it hears that this client answers nothing."""
    said = client.call("ask").value["client_said"]

    assert (said["id"], said["error"]["code"]) == (900, -32601)


def test_tools_of_all_pages_are_listed(client: Client) -> None:
    """A cursor left out would hide tools."""
    assert [tool["name"] for tool in client.tools()] == ["a", "b"]


def test_a_server_that_ends_is_an_error_with_its_exit_code(client: Client) -> None:
    """Every later request hears the same instead of waiting."""
    with pytest.raises(ClientError, match="exit code 7"):
        client.call("die")
    with pytest.raises(ClientError, match="exit code 7"):
        client.call("echo")


def test_a_server_that_does_not_answer_is_an_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for ever."""
    monkeypatch.setattr(mcp_client, "ANSWER_SECONDS", 0.05)

    with pytest.raises(ClientError, match="has not answered"):
        client.call("hang")
