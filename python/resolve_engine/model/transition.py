"""Transitions: an item of its own over the edge of one item or the cut between two, which play on under it."""

from __future__ import annotations

from fractions import Fraction

from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.track import Track

DEFAULT_FRAMES = 12
"""How long a transition is when no length is asked for; what 21.1 made on its own."""

DISSOLVE = "Cross Dissolve"
"""The one that every form of timeline file knows."""

NAMES = {
    "simple": (
        DISSOLVE, "Barn Door", "Center Wipe", "Clock Wipe", "Diamond Iris", "Dip To Color Dissolve", "Edge Wipe",
        "Oval Iris", "Push", "Slide", "Square Iris", "Venetian Blind Wipe",
    ),
    "audio": ("Cross Fade +3 dB", "Cross Fade 0 dB"),
}  # fmt: skip
"""What the engine renders, by Resolve's category; how those of pictures look is said in `render.wipes`."""


WIPES = tuple(name for name in NAMES["simple"] if name != DISSOLVE)
"""Those of pictures that a form of file may not have."""


def add_transition(project: Project, item: Item, name: str, at_start: bool, alignment: str, frames: int) -> Item:
    """Put a transition on an edge of an item. Raises Refusal, having changed nothing.

    `alignment` says where it lies against the edge: `left` of it, in the `center`, or `right` of it. Where nothing
    stands on the other side of the edge it must lie inside the item.
    """
    track = project.tracks[item.parent]
    if track.locked:
        raise Refusal(f"{track.type} track {track.position} is locked")
    edge = item.position if at_start else item.end
    start = edge - {"left": frames, "center": frames // 2, "right": 0}[alignment]
    end = start + frames
    before, after = _sides(track, item, at_start, edge)
    for side in (before, after):
        if side is not None:
            check_side(project, side, start, end, is_before=side is before)
    if (before is None and start < edge) or (after is None and end > edge):
        inside = "right" if at_start else "left"
        raise Refusal(f"nothing stands on the other side of the edge of {item.name!r}; align the transition {inside}")
    for other in track.transitions:
        if other.position < end and other.end > start:
            raise Refusal(f"a transition stands there already, from frame {other.position} to {other.end}")
    transition = Item(
        project.changes,
        parent=track.id,
        position=start,
        type="transition",
        name=name,
        duration=frames,
        before=before.id if before is not None else "",
        after=after.id if after is not None else "",
    )
    project.add(transition)
    return transition


def _sides(track: Track, item: Item, at_start: bool, edge: int) -> tuple[Item | None, Item | None]:
    """What goes and what comes at the edge."""
    if at_start:
        other = track.at(edge - 1)
        return (other if other is not None and other.end == edge else None), item
    other = track.at(edge)
    return item, other if other is not None and other.position == edge else None


def check_side(project: Project, item: Item, start: int, end: int, is_before: bool) -> None:
    """Refuse a transition that reaches beyond an item's other end, its handle, or over its fade."""
    if start < item.position if is_before else end > item.end:
        raise Refusal(f"the transition would reach beyond {item.name!r}, which has {item.duration} frames")
    if item.fade_out if is_before else item.fade_in:
        raise Refusal(f"{item.name!r} has a fade on that edge; set it to 0 with SetFades first")
    beyond = end - item.end if is_before else item.position - start
    if beyond <= 0:
        return
    clip = project.clips.get(item.clip)
    if clip is None or clip.type == "Still" or item.speed[0] == 0:
        return
    rate = project.timeline_of(item).rate
    lower, upper = (Fraction(*edge) for edge in item.source_range(clip.rate, rate))
    handle = project.extent(clip)[1] - upper if is_before == (item.speed[0] > 0) else lower
    step = abs(Fraction(*item.speed)) * Fraction(*clip.rate) / Fraction(*rate)
    there = int(handle / step) if handle > 0 else 0
    if there < beyond:
        where = "after its end" if is_before else "before its start"
        raise Refusal(f"{item.name!r} has {there} frames {where}, and the transition needs {beyond} of them")
