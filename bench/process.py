"""A server under measurement: raw JSON-RPC over its pipes, two system calls a request and little else."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from types import TracebackType
from typing import Any

ANSWER_SECONDS = 30.0
"""The first call may start an interpreter on a loaded machine; longer than this is a hang."""
EXIT_SECONDS = 5.0


class ServerProcess:
    """Started and shaken hands with; `to_initialize` is how long that took from the spawn, in seconds."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input = self._process.stdin.fileno()
        self._output = self._process.stdout.fileno()
        self._unread = bytearray()
        self._last_id = 0
        client = {"name": "bench", "version": "1"}
        try:
            self.request("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client})
            self.to_initialize = time.perf_counter() - started
            self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; a server that does not follow is killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """One tools/call; raises RuntimeError if the tool says no: a refusal is not a measurement."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(f"{tool} failed: {result['content'][0].get('text', result)}")
        return result

    def request(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Sends a request and waits for its answer; anything else that arrives is skipped."""
        self._last_id += 1
        self._write({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        while True:
            message = json.loads(self._line())
            if message.get("id") == self._last_id and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                answer: dict[str, Any] = message["result"]
                return answer

    def resident_bytes(self) -> dict[str, int]:
        """Resident memory by process, the server and all of its children: `{"davinci-mcp-server": …}`."""
        table = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,rss=,comm="], check=True, capture_output=True, text=True
        ).stdout
        rows = [line.split(None, 3) for line in table.splitlines()]
        family, sizes = {self._process.pid}, dict[str, int]()
        grown = True
        while grown:
            found = {int(pid) for pid, parent, _, _ in rows if int(parent) in family} - family
            family |= found
            grown = bool(found)
        for pid, _, kilobytes, name in rows:
            if int(pid) in family:
                # The kernel cuts names at 15 letters; that of the server is known.
                label = os.path.basename(self._command[0] if int(pid) == self._process.pid else name)
                sizes[label] = sizes.get(label, 0) + int(kilobytes) * 1024
        return sizes

    def _write(self, message: dict[str, Any]) -> None:
        unsent = memoryview(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        while unsent:
            unsent = unsent[os.write(self._input, unsent) :]

    def _line(self) -> bytes:
        while True:
            end = self._unread.find(b"\n")
            if end >= 0:
                line = bytes(self._unread[:end])
                del self._unread[: end + 1]
                return line
            if not select.select([self._output], [], [], ANSWER_SECONDS)[0]:
                raise RuntimeError(f"no answer within {ANSWER_SECONDS:.0f} s")
            chunk = os.read(self._output, 1 << 16)
            if not chunk:
                raise RuntimeError(f"the server ended with exit code {self._process.wait()}")
            self._unread += chunk
