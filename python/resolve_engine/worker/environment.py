"""How the engine's child processes are started: they find the package and keep quiet."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[2])
"""The folder that holds the package `resolve_engine`."""

_QUIET = {
    "SVT_LOG": "0",
    "OCIO_LOGGING_LEVEL": "none",
    "PYTHONUNBUFFERED": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
"""Libraries that would talk on standard error, or start threads that nobody uses."""


def child_environment() -> dict[str, str]:
    """This process's environment, with the package on the path of the child."""
    environment = {**os.environ, **_QUIET}
    found = environment.get("PYTHONPATH", "")
    paths = [_PACKAGE_FOLDER, *(part for part in found.split(os.pathsep) if part and part != _PACKAGE_FOLDER)]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment
