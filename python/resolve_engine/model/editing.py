"""Taking items off a timeline, with and without closing the gap."""

from __future__ import annotations

from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.placing import unlink
from resolve_engine.model.project import Project
from resolve_engine.model.splitting import cut_apart, trim_end, trim_start
from resolve_engine.model.timeline import Timeline


def delete_items(project: Project, timeline: Timeline, items: list[Item], ripple: bool) -> None:
    """Remove items. Linked ones that are not named stay. With ripple, what stands right of a gap moves left, and the
    gap is cut out of what reaches into it on any track that is not locked.

    Raises Refusal for a locked track, for a ripple that would take an item away whole that was not named, and where an
    item cannot be cut; what it changed until then is the caller's to take back.
    """
    for item in items:
        track = project.tracks[item.parent]
        if track.locked:
            raise Refusal(f"{track.type} track {track.position} is locked")
    gaps = _gaps([item for item in items if item.type != "transition"]) if ripple else []
    gone = set(items)
    if ripple:
        for track in timeline.all_tracks():
            for item in (item for gap in gaps for item in track.within(*gap)):
                if item not in gone and not track.locked:
                    raise Refusal(
                        f"{item.name!r} on {track.type} track {track.position} lies within what would be closed; name "
                        "it too, lock its track, or delete without ripple"
                    )
    for item in items:
        if item.id in project.items:  # a transition is gone already when an item at its side was named before it
            unlink(project, item)
            project.remove(item)
    for start, end in reversed(gaps):
        _cut_out(project, timeline, start, end)
        shift(timeline, end, start - end)


def _cut_out(project: Project, timeline: Timeline, start: int, end: int) -> None:
    """Take a range out of what reaches into it on tracks that are not locked."""
    tracks = [track for track in timeline.all_tracks() if not track.locked]
    found = [track.at(end - 1) for track in tracks]
    late = [item for item in found if item is not None and item.end > end]
    cut_apart(project, [item for item in late if item.position < start], end)
    for item in late:
        if item.position >= start:
            trim_start(project, item, end)
    for track in tracks:
        early = track.at(start)
        if early is not None and early.position < start:
            trim_end(project, early, start)


def shift(timeline: Timeline, since: int, by: int) -> None:
    """Move what starts at a frame or later on tracks that are not locked; transitions go with their items. The caller
    has made sure that nothing will overlap."""
    for track in timeline.all_tracks():
        if not track.locked:
            track.shift(since, by)


def _gaps(items: list[Item]) -> list[tuple[int, int]]:
    """The ranges that the items cover, joined where they touch, in order."""
    gaps: list[tuple[int, int]] = []
    for item in sorted(items, key=lambda item: item.position):
        if gaps and item.position <= gaps[-1][1]:
            gaps[-1] = (gaps[-1][0], max(gaps[-1][1], item.end))
        else:
            gaps.append((item.position, item.end))
    return gaps
