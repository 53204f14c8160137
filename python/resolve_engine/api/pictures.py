"""Pictures of a timeline: asked of the media worker, which renders them as a job would."""

from __future__ import annotations

import os

from resolve_engine.api import grades
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.settings import timeline_size
from resolve_engine.model.timeline import Timeline

THUMBNAIL_WIDTH = 288
"""Pixels; what Resolve gives."""


def item_under_playhead(timeline: Timeline) -> Item | None:
    """The topmost picture item under the playhead on an enabled track."""
    for track in reversed(timeline.tracks["video"]):
        item = track.at(timeline.playhead) if track.enabled else None
        if item is not None:
            return item
    return None


def refuse_source(project: Project, path: str) -> None:
    """Refuse to write over a file that a clip of the project comes from."""
    real = os.path.realpath(path)
    for clip in project.clips.values():
        if clip.path and os.path.realpath(clip.path) == real:
            raise Refusal(f"{path!r} is the file of the clip {clip.name!r}; choose another name or folder")


def current_frame(project: Project, timeline: Timeline, path: str, clip_only: bool) -> None:
    """Write the frame under the playhead to a picture file; Refusal with the reason when that fails."""
    refuse_source(project, path)
    write_frame(project, timeline, timeline.playhead, path, item_under_playhead(timeline) if clip_only else None)


def write_frame(project: Project, timeline: Timeline, frame: int, path: str, only: Item | None) -> tuple[int, int]:
    """Write a frame, counted from the timeline's start, to a picture file at the timeline's size; with `only`, of that
    item alone. Answers width and height; Refusal with the reason when it fails."""
    from resolve_engine.media.errors import MediaError
    from resolve_engine.model.frozen import freeze
    from resolve_engine.worker.client import MediaWorker

    width, height = timeline_size(timeline, project)
    spec = freeze(project, timeline, grades.lut_path, only)
    try:
        MediaWorker.shared().render_frame(spec, timeline.start + frame, path, width, height)
    except MediaError as error:
        raise Refusal(error.reason) from error
    return width, height


def thumbnail(project: Project, timeline: Timeline, item: Item) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of an item's first frame: one picture a clip, wherever the playhead stands."""
    from resolve_engine.media.errors import MediaError
    from resolve_engine.model.frozen import freeze
    from resolve_engine.worker.client import MediaWorker

    width, height = timeline_size(timeline, project)
    small = max(2, THUMBNAIL_WIDTH * height // width // 2 * 2)
    spec = freeze(project, timeline, grades.lut_path, item)
    try:
        data = MediaWorker.shared().thumbnail(spec, timeline.start + item.position, THUMBNAIL_WIDTH, small)
    except MediaError as error:
        raise Refusal(error.reason) from error
    return THUMBNAIL_WIDTH, small, data
