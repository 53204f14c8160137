"""Where the engine keeps its data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "RESOLVE_ENGINE_HOME"
"""Names the folder; the platform's data folder is used when it is not set."""


def home() -> Path:
    """The folder of the engine's data, absolute; it need not exist yet."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "resolve-engine"


def luts() -> Path:
    """The master LUT folder."""
    return home() / "LUT"


def render_jobs() -> Path:
    """Where the render processes write how far they are."""
    return home() / "render_jobs"
