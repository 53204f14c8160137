"""How far a render job is: a small file that its process replaces as a whole, at most ten times a second."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

STATES = ("rendering", "complete", "failed", "cancelled")
"""What a job's state can be; the last three are final."""

MOST_PER_SECOND = 10
"""Writes of the file; more would cost a disk for a figure that nobody can read so fast."""


def status_path(job_id: str, folder: str | os.PathLike[str]) -> Path:
    """The status file of a job."""
    return Path(folder) / f"{job_id}.json"


def read_status(job_id: str, folder: str | os.PathLike[str]) -> dict[str, Any] | None:
    """What a job's process wrote last, or None when it wrote nothing yet.

    Keys: `state` (one of STATES), `percent` (0 to 100), `frame` and `frames` (frames done and in all), `eta_ms` (None
    when unknown), `elapsed_ms`, `error` ('' or one lowercase sentence), `pid`, `path` (the final file, or the first
    one of a sequence).
    """
    try:
        text = status_path(job_id, folder).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    status: dict[str, Any] = json.loads(text)
    return status


class StatusFile:
    """Writes the status of one job. Used by one thread at a time."""

    def __init__(self, job_id: str, folder: str, path: str, frames: int) -> None:
        self._file = status_path(job_id, folder)
        self._path = path
        self._frames = frames
        self._began = time.monotonic()
        self._written = 0.0
        self._frame = 0

    def progress(self, frame: int) -> None:
        """So many frames are done; written when the last write is long enough ago."""
        self._frame = frame
        if time.monotonic() - self._written >= 1 / MOST_PER_SECOND:
            self.write("rendering")

    def write(self, state: str, error: str = "") -> None:
        """Write the file now."""
        elapsed = time.monotonic() - self._began
        done = self._frame / self._frames if self._frames else 0.0
        left = round(elapsed / done * (1 - done) * 1000) if done else None
        status = {
            "state": state,
            "percent": 100 if state == "complete" else min(99, int(done * 100)),
            "frame": self._frame,
            "frames": self._frames,
            "eta_ms": left if state == "rendering" else 0,
            "elapsed_ms": round(elapsed * 1000),
            "error": error,
            "pid": os.getpid(),
            "path": self._path,
        }
        fresh = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        fresh.write_text(json.dumps(status), encoding="utf-8")
        os.replace(fresh, self._file)
        self._written = time.monotonic()
