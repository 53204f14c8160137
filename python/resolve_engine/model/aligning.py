"""Moving items along their tracks to where they line up."""

from __future__ import annotations

from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project


def move(project: Project, shifts: dict[Item, int]) -> None:
    """Move items by so many frames each, all at once; nothing is overwritten.

    Raises Refusal, having changed nothing, for a locked track, an item with a transition, and a place that is taken
    or lies before the timeline.
    """
    for item, by in shifts.items():
        track = project.tracks[item.parent]
        where = f"{track.type} track {track.position}"
        if not by:
            continue
        if track.locked:
            raise Refusal(f"{where} is locked")
        if track.crossing(item):
            raise Refusal(f"{item.name!r} on {where} has a transition; delete it first")
        first, end = item.position + by, item.end + by
        if first < 0:
            raise Refusal(
                f"{item.name!r} would begin {-first} frames before the timeline; move the others to the right"
            )
        for other in track.items:
            there = other.position + shifts.get(other, 0)
            if other is not item and there < end and first < there + other.duration:
                raise Refusal(
                    f"{item.name!r} on {where} would lie over {other.name!r}; put them on tracks of their own"
                )
    moved = [(item, by) for item, by in shifts.items() if by]
    for item, _ in moved:
        project.tracks[item.parent].remove(item)
    for item, by in moved:
        item.position += by
        project.tracks[item.parent].insert(item)
