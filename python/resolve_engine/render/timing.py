"""Which source frame stands at which timeline frame, in exact fractions; the one rule that pictures follow."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resolve_engine.render.spec import ItemSpec


def source_frame(item: ItemSpec, frame: int, rate: tuple[int, int]) -> int:
    """The source frame, counted from the first of the file, that an item shows at a timeline frame.

    `rate` is the timeline's. Held to the frames that the file has; a nested timeline may have none there.
    """
    if item.source.kind == "still":
        return 0
    # The floor of `source_place`, in whole numbers: asked for each layer of each frame, fractions cost ten times that.
    top, bottom = item.source_start
    speed, of = item.speed, item.source.rate
    along = (frame - item.start) * rate[1] * speed[0] * of[0]
    per = rate[0] * speed[1] * of[1]
    place = (top * per + along * bottom) // (bottom * per)
    if item.source.kind == "timeline":
        return place
    return min(max(place, 0), max(item.source.frames - 1, 0))


def source_place(item: ItemSpec, frame: int, rate: tuple[int, int]) -> Fraction:
    """The exact place in the source, in its frames, of the moment at which a timeline frame begins."""
    elapsed = Fraction(frame - item.start) / Fraction(*rate)
    return Fraction(*item.source_start) + elapsed * Fraction(*item.speed) * Fraction(*item.source.rate)


def fade(item: ItemSpec, frame: int) -> float:
    """How far an item's fades have it at a timeline frame, 0 to 1: where they are in the middle of the frame."""
    level = 1.0
    if item.fade_in:
        level = min(level, progress(item.start, item.start + item.fade_in, frame))
    if item.fade_out:
        level = min(level, 1 - progress(item.end - item.fade_out, item.end, frame))
    return level


def progress(first: int, end: int, frame: int) -> float:
    """How much of a half-open range of frames has passed in the middle of a frame, 0 to 1."""
    return min(max((frame - first + 0.5) / (end - first), 0.0), 1.0)


def first_sample(frames: int, rate: tuple[int, int], sample_rate: int) -> int:
    """The first sound sample of a frame: the sample nearest to the frame's start (half a sample rounds up)."""
    return (2 * frames * sample_rate * rate[1] + rate[0]) // (2 * rate[0])
