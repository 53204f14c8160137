"""Takes: stretches of clips that one item can show instead of each other, at its own place and length."""

from __future__ import annotations

from resolve_engine.errors import Refusal
from resolve_engine.model.clip import FUSION_CLIP, Clip
from resolve_engine.model.item import Item, Take
from resolve_engine.model.placing import check_nesting
from resolve_engine.model.project import Project
from resolve_engine.timecode import ceiling, floor

MOST_TAKES = 100
"""Of one item; far more than anybody shoots, and one row should not grow without bound."""


def add_take(project: Project, item: Item, clip: Clip, first: int | None, after: int | None) -> None:
    """Add a stretch of a clip, by default all of it; the first one added makes what the item shows its take 1."""
    _check(project, item)
    kind = "picture" if item.type == "video" else "sound"
    if not (clip.has_video if item.type == "video" else clip.has_audio):
        raise Refusal(f"{clip.name!r} has no {kind}, which {item.name!r} shows")
    if FUSION_CLIP in (clip.type, project.clips[item.clip].type):
        raise Refusal("a Fusion clip shows its composition, which is no take of another clip")
    check_nesting(project, project.timeline_of(item), clip)
    frames = project.extent(clip)[1]
    take = Take(clip.id, 0 if first is None else first, frames if after is None else after)
    if not 0 <= take.first < take.after <= frames:
        raise Refusal(f"frames {take.first} to {take.after} are no stretch of {clip.name!r}, which has {frames}")
    takes = item.takes or (_shown(project, item),)
    if take in takes:
        raise Refusal(f"frames {take.first} to {take.after} of {clip.name!r} are take {takes.index(take) + 1} already")
    if len(takes) >= MOST_TAKES:
        raise Refusal(f"{item.name!r} has {MOST_TAKES} takes, and more are not taken")
    _check_length(project, item, take)
    item.take = item.take or 1
    item.takes = (*takes, take)


def selector_of_shown(project: Project, item: Item, clip: Clip, first: int | None, after: int | None) -> bool:
    """Whether an item without takes shows this very stretch; it becomes its take 1 then, and nothing else happens."""
    _check(project, item)
    frames = project.extent(clip)[1]
    if item.takes or _shown(project, item) != Take(clip.id, first or 0, frames if after is None else after):
        return False
    item.take, item.takes = 1, (_shown(project, item),)
    return True


def select_take(project: Project, item: Item, number: int) -> None:
    """Show a take, counted from 1."""
    _check(project, item)
    take = take_at(item, number)
    _check_length(project, item, take)
    clip = project.clips[take.clip]
    if item.clip != clip.id:
        item.remote = ""  # the grade stays, and is the item's own: the versions are those of the other clip
    item.clip = clip.id
    item.name = clip.name
    item.source_start = (0 if clip.type == "Still" else take.first, 1)
    item.take = number


def delete_take(item: Item, number: int) -> None:
    """Take one out of the list, but not the one that is shown."""
    take_at(item, number)
    if number == item.take:
        raise Refusal(f"take {number} is the one that is shown; select another first")
    item.takes = (*item.takes[: number - 1], *item.takes[number:])
    if number < item.take:
        item.take -= 1


def take_at(item: Item, number: int) -> Take:
    """A take by its number, counted from 1."""
    if not 1 <= number <= len(item.takes):
        raise Refusal(f"there is no take {number}; {item.name!r} has {len(item.takes)}")
    return item.takes[number - 1]


def _shown(project: Project, item: Item) -> Take:
    clip = project.clips[item.clip]
    if clip.type == "Still":
        return Take(clip.id, 0, 1)
    low, high = item.source_range(clip.rate, project.timeline_of(item).rate)
    return Take(clip.id, floor(low), ceiling(high))


def _check(project: Project, item: Item) -> None:
    track = project.tracks[item.parent]
    if not item.clip:
        raise Refusal(f"{item.name!r} shows no clip and has no takes")
    if item.type == "audio":
        raise Refusal("the engine keeps takes of pictures only")
    if item.speed != (1, 1):
        raise Refusal(f"{item.name!r} plays at another speed; set it to 100 first")
    if track.locked:
        raise Refusal(f"{track.type} track {track.position} is locked")
    if track.crossing(item):
        raise Refusal(f"{item.name!r} has a transition on an edge; delete it first")


def _check_length(project: Project, item: Item, take: Take) -> None:
    """Refuse a take from whose start the clip cannot fill the item."""
    clip = project.clips[take.clip]
    if clip.type == "Still":
        return
    rate = project.timeline_of(item).rate
    # Rounded up: of a source that is slower than the timeline, the last frame is shown for a part of its time.
    needed = ceiling((item.duration * clip.rate[0] * rate[1], clip.rate[1] * rate[0]))
    there = project.extent(clip)[1] - take.first
    if needed > there:
        raise Refusal(
            f"{clip.name!r} has {there} frames from frame {take.first} on, and {item.name!r} needs {needed}; choose "
            "an earlier start"
        )
