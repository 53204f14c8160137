"""What the engine says that it lacks is what the server tells: `make docs` writes `python/api/engine.toml` from it."""

from __future__ import annotations

import os
from pathlib import Path

from resolve_engine import unsupported
from resolve_engine.api.surface import METHODS

FILE = Path(__file__).parent.parent.parent / "python" / "api" / "engine.toml"


def table() -> str:
    """The file as it should be: class by class, the methods that the engine does not do and why."""
    lines = [
        "# What the headless engine does not do, and why. Written by `make docs` from resolve_engine.unsupported;",
        "# whoever builds one of these runs it again.",
    ]
    for name, methods in METHODS.items():
        reasons = {method: unsupported.reason(name, method) for method in methods}
        lacking = {method: reason for method, reason in reasons.items() if reason}
        if lacking:
            lines += ["", f"[{name}]", *(f'{method} = "{reason}"' for method, reason in lacking.items())]
    return "\n".join(lines) + "\n"


def test_the_server_tells_what_the_engine_lacks() -> None:
    """A method that was built and is still told as missing is never called by an agent, and the other way round."""
    if "UPDATE_DOCS" in os.environ:
        FILE.write_text(table(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == table(), "run `make docs`"
