"""Queueing and awaiting render jobs through the API."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from resolve_engine import failure

PATIENCE_S = 120.0
"""How long a job of two seconds of small pictures may take on a machine that does other things, too."""


def wait(condition: Callable[[], bool], within: float = PATIENCE_S) -> None:
    """Until a condition holds; the test fails when it does not within so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)


def finish(project: Any, job: str, within: float = PATIENCE_S) -> dict[str, Any]:
    """The status of a job when it has ended."""
    wait(lambda: project.GetRenderJobStatus(job)["JobStatus"] not in ("Ready", "Rendering"), within)
    status: dict[str, Any] = project.GetRenderJobStatus(job)
    return status


def finish_started(project: Any, job: str) -> dict[str, Any]:
    """Start a job; its status when it has ended."""
    assert job, failure.last()
    assert project.StartRendering(job) is True, failure.last()
    return finish(project, job)


def queue(project: Any, folder: Path, name: str, **settings: Any) -> str:
    """A lossless job of the current timeline."""
    assert project.SetCurrentRenderFormatAndCodec("mkv", "FFV1YUV420_8"), failure.last()
    wanted = {"TargetDir": str(folder), "CustomName": name, "AudioCodec": "lpcm", **settings}
    assert project.SetRenderSettings(wanted), failure.last()
    job: str = project.AddRenderJob()
    assert job, failure.last()
    return job
