"""Where the picture of a timeline cuts from one scene to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.av_safe.pictures import packed_rgb
from resolve_engine.render.compositor import Compositor

if TYPE_CHECKING:
    from resolve_engine.render.spec import TimelineSpec

SIZE = (64, 36)
"""Pixels that frames are compared at: a scene differs in large areas, and noise is averaged away."""

THRESHOLD = 10.0
"""Percent of full scale. The measure is that of FFmpeg's scdet, and so is its default."""


def scene_cuts(timeline: TimelineSpec, first: int, end: int, since: int) -> list[int]:
    """The frames from `first` up to, not including, `end` with which a new scene begins; none at or before `since`,
    where the pictures begin.

    A frame counts when it differs from the one before it, and by more than that one did from its own: so a pan or a
    flicker is no cut.
    """
    compositor = Compositor(timeline, *SIZE, "rgb24")
    found = []
    try:
        before, changed = None, 0.0
        for frame in range(max(since, first - 2), end):
            shown = numpy.frombuffer(packed_rgb(compositor.picture(frame)), numpy.uint8).astype(numpy.int16)
            if before is not None:
                change = float(numpy.abs(shown - before).mean()) * 100 / 255
                if frame >= first and min(change, abs(change - changed)) >= THRESHOLD:
                    found.append(frame)
                changed = change
            before = shown
    finally:
        compositor.close()
    return found
