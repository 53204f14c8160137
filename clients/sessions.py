"""Real sessions of the official SDKs: each makes a film, and the film is decoded here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from clients import media, plan
from clients.outcome import FailedError, run
from clients.server import Server, command, environment

SESSION_SECONDS = 120
"""One takes three seconds; the render is given most of this on a machine that is busy."""
HERE = Path(__file__).parent
VERSIONS = {"legacy": "2025-11-25", "modern": "2026-07-28"}
"""What must be agreed on in each era."""


@dataclass(frozen=True)
class Client:
    """A script in the language of an SDK."""

    name: str
    start: list[str]
    eras: tuple[str, ...]


def clients(node: Path, python_1: Path, python_2: Path) -> list[Client]:
    """The four SDKs, each with the eras that it knows."""
    python = str(HERE / "python" / "session.py")
    typescript = str(HERE / "typescript" / "session.mjs")
    return [
        Client("Python SDK 1", [str(python_1), python], ("legacy",)),
        Client("Python SDK 2", [str(python_2), python], ("legacy", "modern")),
        Client("TypeScript SDK 1", [str(node), typescript, "--sdk", "1"], ("legacy",)),
        Client("TypeScript SDK 2", [str(node), typescript, "--sdk", "2"], ("legacy", "modern")),
    ]


@dataclass(frozen=True)
class Sessions:
    """What all sessions share."""

    program: Path
    footage: media.Media
    folder: Path

    def run(self, client: Client, era: str, server: Server | None) -> str:
        """One session, over HTTP or over a stdio of its own; gives what was agreed on and made."""
        name = "-".join([*client.name.lower().split(), "stdio" if server is None else "http", era])
        home = self.folder / name
        output = home / "render"
        output.mkdir(parents=True, exist_ok=True)
        (home / "plan.json").write_text(json.dumps(self._plan(name, output)), encoding="utf-8")
        arguments = [*client.start, "--era", era, "--plan", str(home / "plan.json")]
        variables = environment(home)
        if server is None:
            # What follows is the server's command, options and all.
            arguments += ["--", *command(self.program)]
        else:
            arguments += ["--url", server.url]
            variables["DAVINCI_MCP_HTTP_TOKEN"] = server.token or ""
        said = run(arguments, seconds=SESSION_SECONDS, log=home / "session.log", environment=variables)
        made = json.loads(said.strip().splitlines()[-1])
        if made["protocol"] != VERSIONS[era]:
            raise FailedError(f"{made['protocol']} was agreed on and {VERSIONS[era]} was meant")
        return f"{made['protocol']}, {self._film(Path(made['film']), output)}"

    def _plan(self, name: str, output: Path) -> dict[str, object]:
        return {
            "project": name,
            "rate": plan.RATE,
            "picture": str(self.footage.picture),
            "sound": str(self.footage.sound),
            "shots": plan.SHOTS,
            "frames": plan.FILM_FRAMES,
            "output": str(output),
        }

    def _film(self, film: Path, output: Path) -> str:
        """What the film is, if it lies where it was to and has the frames that were cut."""
        if film.parent != output or not film.is_file():
            raise FailedError(f"there is no film in {output}")
        frames = media.frames_of(film)
        if frames != plan.FILM_FRAMES:
            raise FailedError(f"the film has {frames} frames and {plan.FILM_FRAMES} were cut")
        return f"{film.name} with {frames} frames"
