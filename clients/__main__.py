"""`make accept-clients`: the conformance suite, the inspector and the official SDKs against the built server."""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clients import media, toolchain
from clients.outcome import Outcome, attempt, table
from clients.server import Server, ServerError, command, over_http
from clients.sessions import Sessions, clients
from clients.suites import ERAS, REQUIRED, Suites


@dataclass(frozen=True)
class Tools:
    """What the clients run on."""

    packages: Path
    node: Path
    pythons: tuple[Path, Path]


def install() -> Tools:
    """Installs what is not there yet."""
    packages = toolchain.node_packages()
    return Tools(packages, toolchain.node(packages), (toolchain.python_sdk(1), toolchain.python_sdk(2)))


def outcomes(tools: Tools, program: Path, fixtures: Path, output: Path) -> Iterator[Outcome]:
    """Everything that is tried, one after the other; the clients over HTTP all share one server."""
    suites = Suites(tools.node, tools.packages, output / "logs")
    sessions = Sessions(program, media.make(output / "footage"), output / "sessions")

    with over_http(fixtures, output / "fixtures", token=None) as server:
        for revision in REQUIRED:
            yield suites.required(server, revision)
    with over_http(program, output / "open", token=None) as server:
        for revision in REQUIRED:
            yield suites.on_standard(server, revision)
    with over_http(program, output / "shared", token=secrets.token_urlsafe(32)) as shared:
        ways: list[tuple[str, Server | None]] = [("http", shared), ("stdio", None)]
        for transport, over in ways:
            for era in ERAS:
                look = partial(suites.inspect, era, over, command(program))
                yield attempt(f"inspector, {transport}, {era}", look)
            for client in clients(tools.node, *tools.pythons):
                for era in client.eras:
                    session = partial(sessions.run, client, era, over)
                    yield attempt(f"{client.name}, {transport}, {era}", session)


def main() -> int:
    """Prints a line as each thing is done, then the table; 0 if all passed, 1 if not, 2 if it could not be tried."""
    parser = argparse.ArgumentParser(prog="python -m clients", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install what the clients run on, and no more")
    parser.add_argument("--server", type=Path, help="the standard build, with resolve-python beside it")
    parser.add_argument("--fixtures", type=Path, help="the build with the feature conformance")
    parser.add_argument("--output", type=Path, help="folder for logs and films; it is emptied first")
    options = parser.parse_args()
    started = time.monotonic()
    done: list[Outcome] = []
    try:
        tools = install()
        if options.install:
            return 0
        if None in (options.server, options.fixtures, options.output):
            parser.error("name --server, --fixtures and --output, or --install alone")
        output = options.output.resolve()
        shutil.rmtree(output, ignore_errors=True)
        for outcome in outcomes(tools, options.server.resolve(), options.fixtures.resolve(), output):
            done.append(outcome)
            print(f"{time.monotonic() - started:6.1f} s  {outcome.what}: {outcome.said}", flush=True)
    except (toolchain.ToolchainError, ServerError) as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 2
    print(f"\n{table(done)}")
    return 1 if any(outcome.failed for outcome in done) else 0


if __name__ == "__main__":
    sys.exit(main())
