"""A small client of the Model Context Protocol over stdio: the standard library, one call at a time.

with Client(["davinci-mcp-server", "--backend", "engine"]) as client:
    print(client.call("status"))
"""

from __future__ import annotations

import base64
import contextlib
import json
import queue
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

PROTOCOL_VERSION = "2025-11-25"
ANSWER_SECONDS = 60.0
"""What takes longer goes on as a job after 5 s, and the longest wait for one is 50 s; more means that it is stuck."""
JOB_WAIT_SECONDS = 20.0
"""Of one question how far a job is."""
EXIT_SECONDS = 5.0
"""The server ends within 0.1 s of the end of its input; a loaded machine gets more."""


class ClientError(Exception):
    """The server does not answer, or answers with an error of the protocol."""


class ToolError(ClientError):
    """A tool said no; `answer` holds its code, message and hint."""

    def __init__(self, tool: str, answer: dict[str, Any]) -> None:
        super().__init__(f"{tool}: {answer.get('code', 'error')}: {answer.get('message', answer)}")
        self.answer = answer


@dataclass(frozen=True)
class ToolAnswer:
    """What a tool gave."""

    value: dict[str, Any]
    """The JSON object of the answer."""
    picture: bytes | None
    """The PNG that came with it."""


class Client:
    """One server process and the connection to it."""

    def __init__(self, command: list[str], log: Path | None = None) -> None:
        """Starts `command` and shakes hands. What the server writes to stderr goes to `log`."""
        self._stderr = log.open("wb") if log else None
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr or subprocess.DEVNULL
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # A thread of its own reads, so that waiting for an answer can have a limit on every platform.
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()
        self._last_id = 0
        try:
            hello = {
                "protocolVersion": PROTOCOL_VERSION,
                "capabilities": {},
                "clientInfo": {"name": "davinci-resolve-mcp demo", "version": "1"},
            }
            self.server: dict[str, Any] = self.request("initialize", hello)
            """What the server said of itself."""
            self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def tools(self) -> list[dict[str, Any]]:
        """What the server offers, all pages."""
        tools: list[dict[str, Any]] = []
        page: dict[str, Any] = {}
        while True:
            answer = self.request("tools/list", page)
            tools += answer["tools"]
            if not answer.get("nextCursor"):
                return tools
            page = {"cursor": answer["nextCursor"]}

    def call(self, tool: str, **arguments: Any) -> ToolAnswer:
        """Calls `tool`, and waits for its end where it goes on as a job; raises ToolError when it says no."""
        answer = self._call(tool, arguments)
        while not tool.startswith("jobs_") and answer.value.get("state") == "running" and "job" in answer.value:
            told = self._call("jobs_read", {"job": answer.value["job"], "wait_s": JOB_WAIT_SECONDS})
            if told.value["state"] not in ("running", "complete"):
                raise ToolError(tool, told.value.get("error", told.value))
            answer = told if told.value["state"] == "running" else ToolAnswer(told.value["result"], None)
        return answer

    def _call(self, tool: str, arguments: dict[str, Any]) -> ToolAnswer:
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        text = "".join(part["text"] for part in result["content"] if part["type"] == "text")
        pictures = [base64.b64decode(part["data"]) for part in result["content"] if part["type"] == "image"]
        try:
            value = result.get("structuredContent") or json.loads(text)
        except ValueError:
            value = {"message": text}
        if result.get("isError"):
            raise ToolError(tool, value)
        return ToolAnswer(value, pictures[0] if pictures else None)

    def request(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Sends one request and waits for its answer."""
        self._last_id += 1
        self._send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        while True:
            message = self._receive(method)
            if "method" in message:
                if "id" in message:  # the server asks something that this client never offered
                    error = {"code": -32601, "message": "this client answers no requests"}
                    self._send({"jsonrpc": "2.0", "id": message["id"], "error": error})
            elif message.get("id") == self._last_id:
                if "error" in message:
                    raise ClientError(f"{method}: {message['error']['message']}")
                result: dict[str, Any] = message["result"]
                return result

    def close(self) -> int:
        """Ends the connection; the server follows. Gives its exit code."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it went first
            self._process.stdin.close()
        try:
            return self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            if self._stderr:
                self._stderr.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError as gone:
            raise ClientError(f"the server has ended (exit code {self._process.wait()})") from gone

    def _read(self, stdout: IO[bytes]) -> None:
        for line in stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def _receive(self, method: str) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=ANSWER_SECONDS)
        except queue.Empty as late:
            raise ClientError(f"{method}: the server has not answered for {ANSWER_SECONDS:.0f} s") from late
        if not line:
            self._lines.put(line)  # whoever asks next hears the same
            raise ClientError(f"{method}: the server has ended (exit code {self._process.wait()})")
        message: dict[str, Any] = json.loads(line)
        return message
