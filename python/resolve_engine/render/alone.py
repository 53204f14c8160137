"""One item of a timeline alone, with handles before and behind it: what a render of individual clips makes."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from resolve_engine.render.spec import ItemSpec, TimelineSpec, TrackSpec

ENDLESS = ("still", "generated")
"""Kinds of sources that have a picture for every frame."""


def room(item: ItemSpec, rate: tuple[int, int]) -> tuple[int | None, int | None]:
    """Timeline frames that its source has before the item and behind it; None without an end.

    `rate` is the timeline's.
    """
    if item.source.kind in ENDLESS:
        return None, None
    step = Fraction(*item.speed) * Fraction(*item.source.rate) / Fraction(*rate)
    if step == 0:
        return None, None
    first = Fraction(*item.source_start)
    last = first + step * (item.end - 1 - item.start)
    below, above = (first, item.source.frames - last) if step > 0 else (last, item.source.frames - first)
    # Downwards frame 0 itself is still there; upwards the frame at the count is not.
    low = max(0, math.floor(below / abs(step)))
    high = max(0, math.ceil(above / abs(step)) - 1)
    return (low, high) if step > 0 else (high, low)


def alone(timeline: TimelineSpec, item: ItemSpec, sounds: Collection[str], first: int, last: int) -> TimelineSpec:
    """A timeline that holds an item and the sounds with these ids from `first` to `last`, both inclusive, without
    fades and transitions. They play on to both sides as far as their sources go."""
    video = (TrackSpec(True, (reaching(item, first, last + 1, timeline.rate),)),)
    audio = tuple(
        TrackSpec(True, (reaching(sound, first, last + 1, timeline.rate),))
        for track in timeline.audio
        for sound in track.items
        if sound.id in sounds
    )
    return replace(timeline, start=first, end=last + 1, video=video, audio=audio)


def sound_alone(timeline: TimelineSpec, item: ItemSpec, first: int, last: int) -> TimelineSpec:
    """The same for a sound item by itself."""
    audio = (TrackSpec(True, (reaching(item, first, last + 1, timeline.rate),)),)
    return replace(timeline, start=first, end=last + 1, video=(), audio=audio)


def reaching(item: ItemSpec, start: int, end: int, rate: tuple[int, int]) -> ItemSpec:
    """The item from one timeline frame to another, each showing what it would at that frame; without fades."""
    step = Fraction(*item.speed) * Fraction(*item.source.rate) / Fraction(*rate)
    place = Fraction(*item.source_start) + step * (start - item.start)
    return replace(
        item,
        start=start,
        end=end,
        source_start=(place.numerator, place.denominator),
        enabled=True,
        fade_in=0,
        fade_out=0,
    )
