"""A built server over HTTP, as a person would start it, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

START_SECONDS = 30
"""It listens after some milliseconds; a machine that is busy with a build takes longer."""
STOP_SECONDS = 10
LISTENING = "listening on "


class ServerError(Exception):
    """Why there is no server, in one sentence."""


@dataclass(frozen=True)
class Server:
    """A server that listens."""

    url: str
    token: str | None


def environment(home: Path) -> dict[str, str]:
    """The environment of a server: this one, without what would change it, and with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAVINCI_MCP_")}
    kept.pop("RESOLVE_ENGINE_HOME", None)
    kept["DAVINCI_MCP_ENGINE_HOME"] = str(home / "engine")
    kept["XDG_STATE_HOME"] = str(home / "state")
    return kept


def command(program: Path) -> list[str]:
    """The command of a server on the headless engine."""
    return [str(program), "--backend", "engine", "--python", sys.executable]


@contextmanager
def over_http(program: Path, home: Path, *, token: str | None) -> Iterator[Server]:
    """Starts a server at a free port of this machine; without a token it asks for none."""
    arguments = [*command(program), "--http", "127.0.0.1:0"]
    variables = environment(home)
    if token is None:
        arguments.append("--http-no-token")
    else:
        variables["DAVINCI_MCP_HTTP_TOKEN"] = token
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        arguments, env=variables, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    lines: Queue[str | None] = Queue()
    threading.Thread(target=_read, args=(process, home / "server.log", lines), daemon=True).start()
    try:
        yield Server(url=_url(lines), token=token)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(process: subprocess.Popen[str], log: Path, lines: Queue[str | None]) -> None:
    """Keeps what the server says; a full pipe would stop it."""
    assert process.stderr is not None
    with log.open("a", encoding="utf-8") as kept:
        for line in process.stderr:
            kept.write(line)
            kept.flush()
            lines.put(line)
    lines.put(None)


def _url(lines: Queue[str | None]) -> str:
    said = ""
    while True:
        try:
            line = lines.get(timeout=START_SECONDS)
        except Empty:
            raise ServerError(f"the server does not listen after {START_SECONDS} s") from None
        if line is None:
            raise ServerError(f"the server left before it listened: {said.strip()}")
        if LISTENING in line:
            return line.split(LISTENING, 1)[1].strip()
        said = line
