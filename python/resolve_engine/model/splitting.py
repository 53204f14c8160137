"""Cutting an item in two where it stands, with what is linked with it."""

from __future__ import annotations

import uuid
from collections import Counter

from resolve_engine.errors import Refusal
from resolve_engine.model.building import fields_of
from resolve_engine.model.item import Item
from resolve_engine.model.placing import linked_items
from resolve_engine.model.project import Project


def split(project: Project, item: Item, frame: int) -> Item:
    """Cut an item and those linked with it at a frame inside it, counted from the timeline's start; its right part.

    Nothing that is seen or heard changes. Raises Refusal for a locked track and for an item with takes.
    """
    together = [one for one in linked_items(project, item) if one.position < frame < one.end]
    return cut_apart(project, together, frame)[together.index(item)]


def cut_apart(project: Project, items: list[Item], frame: int) -> list[Item]:
    """Cut items at a frame inside each, whatever they are linked with; their right parts, in order. Raises Refusal."""
    for one in items:
        track = project.tracks[one.parent]
        if track.locked:
            raise Refusal(f"{track.type} track {track.position} is locked")
        if one.takes:
            raise Refusal(f"{one.name!r} has takes; keep one with FinalizeTake first")
        if any(t.position < frame < t.end for t in track.crossing(one)):
            raise Refusal(f"a transition of {one.name!r} stands where it would be cut; delete it first")
        if one.fade_in > frame - one.position or one.fade_out > one.end - frame:
            raise Refusal(f"a fade of {one.name!r} stands where it would be cut; set it to 0 first")
    links = Counter(one.link for one in items)
    fresh = {link: str(uuid.uuid4()) if link and count > 1 else "" for link, count in links.items()}
    return [_split(project, one, frame, fresh[one.link]) for one in items]


def _split(project: Project, item: Item, frame: int, link: str) -> Item:
    track = project.tracks[item.parent]
    offset = frame - item.position
    crossing = [transition for transition in track.crossing(item) if transition.before == item.id]
    fields = fields_of(item)
    rate = project.timeline_of(item).rate
    clip = project.clips.get(item.clip)
    fields["source_start"] = item.source_at(offset, clip.rate if clip is not None else rate, rate)
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
