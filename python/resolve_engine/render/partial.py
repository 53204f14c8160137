"""The names that the files of a render have, until they are complete and then. Imports nothing heavy."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resolve_engine.render.spec import RenderSpec


def partial_name(path: str, job_id: str) -> str:
    """The name that a file has until it is complete: hidden, beside its final place, with the same extension."""
    folder, name = os.path.split(path)
    stem, extension = os.path.splitext(name)
    return os.path.join(folder, f".{stem}.partial-{job_id}{extension}")


def frame_name(path: str, frame: int) -> str:
    """The file of one frame of a sequence: the timeline frame, in eight digits, behind the name."""
    stem, extension = os.path.splitext(path)
    return f"{stem}{frame:08d}{extension}"


def remove_partial(spec: RenderSpec) -> None:
    """Remove what a job has written so far, whoever has it open."""
    partial = partial_name(spec.output.path, spec.job_id)
    if os.path.lexists(partial):
        os.remove(partial)
    shutil.rmtree(os.path.splitext(partial)[0], ignore_errors=True)
