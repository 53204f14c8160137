"""The worker's language: one line of JSON, then as many raw bytes as it says.

Request `{"id", "do", …}`; replies `{"id", "begun": true}` when it is taken up, then `{"id", "ok", …}`.
"""

from __future__ import annotations

import json
from typing import IO, Any

MAX_LINE = 64 << 20
"""Bytes of one line: a timeline of fifty thousand items is some twenty million."""

MAX_BYTES = 1 << 30
"""Raw bytes behind a line: a picture of 16384 x 16384 in RGB is 805 million."""


def send(stream: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    """Write one message with its raw bytes."""
    line = json.dumps({**message, "bytes": len(data)}).encode() + b"\n"
    if len(line) > MAX_LINE or len(data) > MAX_BYTES:
        raise ValueError(f"a message of {len(line)} + {len(data)} bytes is too large for the media worker")
    stream.write(line)
    if data:
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message with its raw bytes, or None when the other side is gone."""
    line = stream.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        return None
    message: dict[str, Any] = json.loads(line)
    count = int(message.pop("bytes", 0))
    if not 0 <= count <= MAX_BYTES:
        return None
    data = stream.read(count) if count else b""
    return (message, data) if len(data) == count else None
