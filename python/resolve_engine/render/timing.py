"""Which source frame stands at which timeline frame, in exact fractions; the one rule that pictures follow."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resolve_engine.render.spec import ItemSpec


def source_frame(item: ItemSpec, frame: int, rate: tuple[int, int]) -> int:
    """The source frame, counted from the first of the file, that an item shows at a timeline frame.

    `rate` is the timeline's. Held to the frames that the file has.
    """
    if item.source.kind == "still":
        return 0
    elapsed = Fraction(frame - item.start) / Fraction(*rate)
    place = Fraction(*item.source_start) + elapsed * Fraction(*item.speed) * Fraction(*item.source.rate)
    return min(max(math.floor(place), 0), max(item.source.frames - 1, 0))


def first_sample(frames: int, rate: tuple[int, int], sample_rate: int) -> int:
    """The first sound sample of a frame: the sample nearest to the frame's start (half a sample rounds up)."""
    return math.floor(Fraction(frames * sample_rate) / Fraction(*rate) + Fraction(1, 2))
