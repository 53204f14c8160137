"""A job of the render queue: what was asked for when it was queued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from resolve_engine.model.record import Record


class RenderJob(Record):
    """`position` orders the queue. How far it is stands in the file that the render process writes."""

    __slots__ = ("cancelled", "clips", "info", "outputs", "timeline")
    KIND = "render_job"
    FIELDS: ClassVar[dict[str, Any]] = {
        "timeline": "",
        "info": {},
        "outputs": {},
        "clips": {},
        "cancelled": False,
    }

    timeline: str
    """Id of the timeline it renders."""
    info: Mapping[str, Any]
    """The job as `GetRenderJobList` shows it."""
    outputs: Mapping[str, Any]
    """The fields of the output specification, by their names in `render.spec.OutputSpec`."""
    clips: Mapping[str, Any]
    """How individual clips are cut and named (see `api.render_clips`); empty for a single file."""
    cancelled: bool
    """Stopped by StopRendering."""
