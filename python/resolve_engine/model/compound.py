"""Compound and Fusion clips: items of a timeline folded into one, a timeline that no list of timelines shows."""

from __future__ import annotations

import uuid

from resolve_engine.errors import Refusal
from resolve_engine.model.building import fields_of
from resolve_engine.model.clip import COMPOUND, FUSION_CLIP, Clip
from resolve_engine.model.item import Item
from resolve_engine.model.placing import AUDIO_ONLY, VIDEO_ONLY, Placement, place
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track


def fold(project: Project, timeline: Timeline, items: list[Item], name: str, start: int, type: str = COMPOUND) -> Item:
    """Fold items into a compound or a Fusion clip at their place, on the lowest of their tracks of each kind; its
    picture, or its sound where there is no picture. `start` is its first timecode in frames from midnight.

    Raises Refusal; what it changed until then is the caller's to take back.
    """
    for item in items:
        if item.type == "subtitle":
            raise Refusal(f"the subtitle {item.name!r} cannot be folded: nothing would show it; leave it out")
    transitions = _transitions(project, items)
    if type == FUSION_CLIP:
        _check_merge(project, items, transitions)
    first = min(item.position for item in items)
    inner = Timeline(
        project.changes,
        position=project.next_position(),
        name=name,
        rate=timeline.rate,
        drop_frame=timeline.drop_frame,
        start=start,
        settings=timeline.settings,
    )
    project.add(inner)
    clip = Clip(
        project.changes,
        parent=project.open_folder().id,
        position=project.next_position(),
        name=name,
        type=type,
        rate=timeline.rate,
        drop_frame=timeline.drop_frame,
        timeline=inner.id,
    )
    project.add(clip)
    inner.clip = clip.id
    lowest: dict[str, int] = {}
    for item in items:
        track = project.tracks[item.parent]
        if track.locked:
            raise Refusal(f"{track.type} track {track.position} is locked")
        lowest[track.type] = min(track.position, lowest.get(track.type, track.position))
    _move(project, timeline, inner, [*items, *transitions], first, lowest)
    placed = []
    for kind, media_type in (("video", VIDEO_ONLY), ("audio", AUDIO_ONLY)):
        if kind in lowest:
            wanted = Placement(clip, record=first, track=lowest[kind], media_type=media_type)
            placed += place(project, timeline, wanted)
    if len(placed) > 1:
        link = str(uuid.uuid4())
        for item in placed:
            project.link(item, link)
    return placed[0]


def _check_merge(project: Project, items: list[Item], transitions: list[Item]) -> None:
    """Refuse what a composition of merges cannot show."""
    if all(project.tracks[item.parent].type != "video" for item in items):
        raise Refusal(
            "a Fusion clip shows pictures, and none of the items is one; CreateCompoundClip folds sound alone"
        )
    if any(project.tracks[one.parent].type == "video" for one in transitions):
        raise Refusal("a Fusion clip merges its items and has no transitions; delete them, or use CreateCompoundClip")


def _transitions(project: Project, items: list[Item]) -> list[Item]:
    """The transitions between the items; Refusal for one with a side that is not among them."""
    ids = {item.id for item in items} | {""}
    found: dict[str, Item] = {}
    for item in items:
        for transition in project.tracks[item.parent].crossing(item):
            if not {transition.before, transition.after} <= ids:
                raise Refusal(f"the transition at {item.name!r} would be cut off; fold both of its sides or delete it")
            found[transition.id] = transition
    return list(found.values())


def _move(
    project: Project, timeline: Timeline, inner: Timeline, items: list[Item], first: int, lowest: dict[str, int]
) -> None:
    """Give the inner timeline what stood on the outer one, with new ids: to a script the old items are gone."""
    for kind, low in lowest.items():
        wanted = {project.tracks[item.parent].position for item in items if project.tracks[item.parent].type == kind}
        for number in range(low, max(wanted) + 1):
            fields = {**fields_of(timeline.tracks[kind][number - 1]), "locked": False}
            project.add(Track(project.changes, parent=inner.id, position=number - low + 1, **fields))
    ids = {"": ""}
    rows = []
    for item in items:
        track = project.tracks[item.parent]
        rows.append((inner.tracks[track.type][track.position - lowest[track.type]].id, item, fields_of(item)))
    for item in reversed(items):
        if item.id in project.items:  # a transition goes with the first of its sides that does
            project.remove(item)
    kept = {fields["link"] for _, _, fields in rows} - {""}
    for link in kept:  # what was linked with a folded item and stays is linked with it no more
        for item in list(project.links.get(link, ())):
            project.link(item, "")
    for parent, item, fields in rows:
        fields["before"], fields["after"] = ids[item.before], ids[item.after]
        twin = Item(project.changes, parent=parent, position=item.position - first, **fields)
        ids[item.id] = twin.id
        project.add(twin)
