"""Making stills: a picture is kept first, then the record that names it; and bringing files in as stills."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

from resolve_engine import whole_file
from resolve_engine.api.pictures import write_frame
from resolve_engine.errors import Refusal
from resolve_engine.model.grade import FRESH, Nodes
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.still import Still
from resolve_engine.model.timeline import Timeline
from resolve_engine.store import stills

if TYPE_CHECKING:
    from resolve_engine.media.info import VideoStream

KEPT = ("tiff", "rgb48le", 0)
"""Codec, pixels and rotation of a picture file that is kept as it is."""

MOST_STILLS = 10_000
"""In a project: at 10 MB each, as 1080p takes, a hundred gigabytes."""


def grab(project: Project, timeline: Timeline, frame: int, item: Item, alone: bool) -> Still:
    """A still of a frame, counted from the timeline's start, with the grade of an item that stands there; the picture
    is that item `alone`, or all that is seen."""
    track = project.tracks[item.parent]
    place = timeline.tracks["video"].index(track) + 1, track.items.index(item) + 1
    picture, size = _kept(project, lambda path: write_frame(project, timeline, frame, path, item if alone else None))
    return _add(project, picture, size, item.nodes, place, clip=item.name, timecode=timeline.to_timecode(frame))


def take_in(project: Project, path: str) -> Still:
    """A still of a picture file with the grade of the `.drx` beside it, if there is one; or of a `.drx` with the
    picture that it names. Refusal with the reason when either cannot be read."""
    from resolve_engine.colour import drx
    from resolve_engine.media.errors import MediaError

    stem, extension = os.path.splitext(path)
    grade = None
    try:
        if extension.lower() == ".drx":
            grade = drx.read(path)
            if not grade.picture:
                raise Refusal(f"the grade {path!r} names no picture; export it with a picture beside it")
            path = os.path.join(os.path.dirname(path), grade.picture)
        elif os.path.exists(stem + ".drx"):
            grade = drx.read(stem + ".drx")
    except MediaError as error:
        raise Refusal(error.reason) from error
    picture, size = _kept(project, lambda target: _taken(path, target))
    nodes = grade.nodes if grade is not None and grade.nodes else FRESH
    still = _add(project, picture, size, nodes, (0, 0), clip=os.path.basename(path), timecode="")
    if grade is not None:
        still.label = grade.label
    return still


def write_picture(project: Project, still: Still, path: str) -> None:
    """Write the picture of a still to a file whose extension names its kind; Refusal with the reason when it fails."""
    kept = stills.path(project.id, still.picture)
    if not kept.is_file():
        raise Refusal(
            f"the picture of the still {still.shown_number} is not on this machine ({str(kept)!r} is missing)"
        )
    if os.path.splitext(path)[1].lower() not in (".tif", ".tiff"):
        _copied(str(kept), path)
        return
    try:  # as it is kept already
        with whole_file.replacing(path) as fresh:
            shutil.copyfile(kept, fresh)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be written: {error.strerror or error}") from error


def _taken(source: str, target: str) -> tuple[int, int]:
    """Copy a picture file that is as stills are kept, to the bit: rendering rounds. Render another one."""
    _, picture = _picture(source)
    if (picture.codec, picture.pixel_format, picture.rotation) != KEPT:
        return _copied(source, target)
    with whole_file.replacing(target) as fresh:
        shutil.copyfile(source, fresh)
    return picture.width, picture.height


def _picture(source: str) -> tuple[str, VideoStream]:
    """The path of a picture file as it was found, and its picture. Raises Refusal for one that is none."""
    from resolve_engine.media.info import ProbeFailure
    from resolve_engine.worker.client import MediaWorker

    (found,) = MediaWorker.shared().probe([{"path": source, "sequence": False}])
    if isinstance(found, ProbeFailure):
        raise Refusal(found.reason)
    if found.video is None or found.kind != "still":
        raise Refusal(f"{source!r} is no picture")
    return found.path, found.video


def _copied(source: str, target: str) -> tuple[int, int]:
    """Render a picture file at its own size to another file, through the one renderer; answers the size."""
    from resolve_engine.media.errors import MediaError
    from resolve_engine.render.spec import ItemSpec, SourceSpec, TimelineSpec, TrackSpec
    from resolve_engine.worker.client import MediaWorker

    path, picture = _picture(source)
    width, height = picture.width, picture.height
    rate = (24, 1)
    of = SourceSpec(path, "still", rate, 1, video_stream=picture.stream_index)
    item = ItemSpec("still", os.path.basename(source), 0, 1, of, (0, 1))
    spec = TimelineSpec("still", rate, False, width, height, 0, 1, (TrackSpec(True, (item,)),), ())
    try:
        MediaWorker.shared().render_frame(spec, 0, target, width, height)
    except MediaError as error:
        raise Refusal(error.reason) from error
    return width, height


def _kept(project: Project, write: Callable[[str], tuple[int, int]]) -> tuple[str, tuple[int, int]]:
    """Have a picture written, and keep it; its SHA-256 and its size."""
    if len(project.stills) >= MOST_STILLS:
        raise Refusal(f"the project holds {MOST_STILLS} stills, and more are not taken; delete some first")
    fresh = None
    try:
        fresh = stills.fresh(project.id)
        size = write(str(fresh))
        return stills.keep(project.id, fresh), size
    except OSError as error:
        raise Refusal(f"the picture of the still cannot be kept: {error.strerror or error}") from error
    finally:
        if fresh is not None:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)


def _add(
    project: Project,
    picture: str,
    size: tuple[int, int],
    nodes: Nodes,
    place: tuple[int, int],
    clip: str,
    timecode: str,
) -> Still:
    taken = [still.number[2] for still in project.stills.values() if tuple(still.number[:2]) == place]
    still = Still(
        project.changes,
        parent=project.open_album().id,
        position=project.next_position(),
        nodes=nodes or FRESH,
        picture=picture,
        width=size[0],
        height=size[1],
        number=(*place, max(taken, default=0) + 1),
        clip=clip,
        timecode=timecode,
    )
    project.add(still)
    return still
