"""Playing an item at another speed: forwards, backwards, or one frame held."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from resolve_engine.errors import Refusal
from resolve_engine.model.editing import shift
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.timecode import Ratio, floor


def set_speed(project: Project, item: Item, speed: Fraction, ripple: bool, keep_pitch: bool) -> None:
    """Give an item and those linked with it a speed, in source seconds per timeline second; sounds keep their pitch
    then, or not.

    The lower end of what they show stays forwards, the upper end backwards. Without ripple the length stays; with it
    the same stretch of the source is shown, and what stands behind moves. Raises Refusal, having changed nothing.
    """
    together = project.linked(item)
    for one in together:
        _check(project, one)
    length = item.duration
    if ripple:
        length = int(item.duration * abs(Fraction(*item.speed)) / abs(speed))
        if length < 1:
            raise Refusal(f"{item.name!r} would be shorter than one frame")
        if any((one.position, one.duration) != (item.position, item.duration) for one in together):
            raise Refusal(f"what is linked with {item.name!r} has another place or length; unlink it first")
        if any(one.fade_in + one.fade_out > length for one in together):
            raise Refusal(f"the fades of {item.name!r} would be longer than the {length} frames it would have")
        _check_ripple(project, item, together, length)
    starts = [_start(project, one, speed, length if ripple else one.duration) for one in together]
    end = item.end
    for one, start in zip(together, starts, strict=True):
        one.source_start = start
        one.speed = (speed.numerator, speed.denominator)
        one.keep_pitch = keep_pitch and one.type == "audio"
    if length != item.duration:
        by = length - item.duration
        if by > 0:
            shift(project.timeline_of(item), end, by)
        for one in together:
            one.duration = length
        if by < 0:
            shift(project.timeline_of(item), end, by)


def freeze_frame(project: Project, item: Item, playhead: int) -> None:
    """Hold the frame under the playhead, kept inside the item, for the whole of a picture item."""
    _check(project, item)
    if item.type != "video":
        raise Refusal(f"{item.name!r} is no picture, and only pictures can be held at speed 0")
    offset = min(max(playhead - item.position, 0), item.duration - 1)
    shown = item.source_at(offset, project.clips[item.clip].rate, project.timeline_of(item).rate)
    item.source_start = (floor(shown), 1)
    item.speed = (0, 1)


def _check(project: Project, item: Item) -> None:
    track = project.tracks[item.parent]
    if not item.clip:
        raise Refusal(f"{item.name!r} shows no clip and has no speed")
    if item.takes:
        raise Refusal(f"{item.name!r} has takes; keep one with FinalizeTake first")
    if track.locked:
        raise Refusal(f"{track.type} track {track.position} is locked")
    if track.crossing(item):
        raise Refusal(f"{item.name!r} has a transition on an edge; delete it first, and add it again afterwards")


def _start(project: Project, item: Item, speed: Fraction, length: int) -> Ratio:
    """The source frame at which the item is to begin; Refusal where the source has too few."""
    clip = project.clips[item.clip]
    if clip.type == "Still":
        return item.source_start
    rate = project.timeline_of(item).rate
    lower, upper = (Fraction(*end) for end in item.source_range(clip.rate, rate))
    span = length * abs(speed) * Fraction(*clip.rate) / Fraction(*rate)
    frames = project.extent(clip)[1]
    if speed > 0:
        start = lower
        low, high = lower, lower + span
    else:
        # A picture begins with its highest frame, a sound at its upper end.
        start = upper - (span / length if item.type != "audio" else 0)
        low, high = upper - span, upper
    if low < 0 or high > frames:
        missing = ceil(max(-low, high - frames))
        raise Refusal(
            f"{clip.name!r} has {frames} frames, {missing} too few for {float(speed * 100):g}% over {length}; "
            "shorten the item, or let it ripple (RippleTimeline)"
        )
    return start.numerator, start.denominator


def _check_ripple(project: Project, item: Item, together: list[Item], length: int) -> None:
    """Refuse a ripple that would push something into what stays, as a shorter item does to what spans its end."""
    new_end = item.position + length
    if new_end >= item.end:
        return
    for track in project.timeline_of(item).all_tracks():
        if track.locked:
            continue
        for other in track.items:
            if other not in together and other.position < item.end and other.end > new_end:
                raise Refusal(
                    f"{other.name!r} on {track.type} track {track.position} stands where the gap would be closed; lock "
                    "its track or change the speed without ripple"
                )
