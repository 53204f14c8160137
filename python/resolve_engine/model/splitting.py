"""Cutting an item where it stands: in two, with what is linked with it, or off at one end."""

from __future__ import annotations

import uuid
from collections import Counter

from resolve_engine.errors import Refusal
from resolve_engine.model.building import fields_of
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.timecode import Ratio


def split(project: Project, item: Item, frame: int) -> Item:
    """Cut an item and those linked with it at a frame inside it, counted from the timeline's start; its right part.

    Nothing that is seen or heard changes. Raises Refusal for a locked track and for an item with takes.
    """
    together = [one for one in project.linked(item) if one.position < frame < one.end]
    return cut_apart(project, together, frame)[together.index(item)]


def cut_apart(project: Project, items: list[Item], frame: int) -> list[Item]:
    """Cut items at a frame inside each, whatever they are linked with; their right parts, in order. Raises Refusal."""
    for one in items:
        _check(project, one, frame)
    links = Counter(one.link for one in items)
    fresh = {link: str(uuid.uuid4()) if link and count > 1 else "" for link, count in links.items()}
    return [_split(project, one, frame, fresh[one.link]) for one in items]


def trim_start(project: Project, item: Item, frame: int) -> None:
    """Cut off what an item shows before a frame inside it; the rest stays where it is. Raises Refusal."""
    _check(project, item, frame)
    offset = frame - item.position
    item.source_start = _source_at(project, item, offset)
    item.markers = tuple(one._replace(frame=one.frame - offset) for one in item.markers if one.frame >= offset)
    item.position, item.duration, item.fade_in = frame, item.duration - offset, 0
    _drop(project, [one for one in project.tracks[item.parent].crossing(item) if one.after == item.id])


def trim_end(project: Project, item: Item, frame: int) -> None:
    """Cut off what an item shows from a frame inside it on. Raises Refusal."""
    _check(project, item, frame)
    item.duration, item.fade_out = frame - item.position, 0
    item.markers = tuple(one for one in item.markers if one.frame < item.duration)
    _drop(project, [one for one in project.tracks[item.parent].crossing(item) if one.before == item.id])


def _drop(project: Project, transitions: list[Item]) -> None:
    """Remove the transitions on an edge that is cut off."""
    for transition in transitions:
        project.remove(transition)


def _check(project: Project, item: Item, frame: int) -> None:
    track = project.tracks[item.parent]
    if track.locked:
        raise Refusal(f"{track.type} track {track.position} is locked")
    if item.takes:
        raise Refusal(f"{item.name!r} has takes; keep one with FinalizeTake first")
    if any(t.position < frame < t.end for t in track.crossing(item)):
        raise Refusal(f"a transition of {item.name!r} stands where it would be cut; delete it first")
    if item.fade_in > frame - item.position or item.fade_out > item.end - frame:
        raise Refusal(f"a fade of {item.name!r} stands where it would be cut; set it to 0 first")


def _source_at(project: Project, item: Item, offset: int) -> Ratio:
    """The source frame that an item shows so many frames after its first."""
    rate = project.timeline_of(item).rate
    clip = project.clips.get(item.clip)
    return item.source_at(offset, clip.rate if clip is not None else rate, rate)


def _split(project: Project, item: Item, frame: int, link: str) -> Item:
    track = project.tracks[item.parent]
    offset = frame - item.position
    crossing = [transition for transition in track.crossing(item) if transition.before == item.id]
    fields = fields_of(item)
    fields["source_start"] = _source_at(project, item, offset)
    fields["duration"] = item.duration - offset
    fields["fade_in"], fields["link"] = 0, link
    fields["markers"] = tuple(one._replace(frame=one.frame - offset) for one in item.markers if one.frame >= offset)
    item.markers = tuple(one for one in item.markers if one.frame < offset)
    item.duration, item.fade_out = offset, 0
    right = Item(project.changes, parent=track.id, position=frame, **fields)
    project.add(right)
    for transition in crossing:
        transition.before = right.id
    return right
