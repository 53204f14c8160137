"""Rendering at another rate than the timeline's: which timeline frame each frame of the file shows, in exact fractions.

A file frame shows what the timeline shows at the moment at which it begins; pictures are repeated or left out, never
mixed. Sound keeps its length and its samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resolve_engine import timecode
from resolve_engine.timecode import DROP_FRAME_RATES, Ratio

if TYPE_CHECKING:
    from resolve_engine.render.spec import OutputSpec, TimelineSpec


def frames(output: OutputSpec, rate: Ratio) -> int:
    """Count of the frames of a file: as many as begin in its range of a timeline of this rate."""
    length = output.last - output.first + 1
    top, bottom = _step(output, rate)
    return -(-length * bottom // top)


def shown(output: OutputSpec, rate: Ratio, number: int) -> int:
    """The timeline frame that a frame of the file, counted from 0, shows."""
    top, bottom = _step(output, rate)
    return output.first + number * top // bottom


def _step(output: OutputSpec, rate: Ratio) -> tuple[int, int]:
    """Timeline frames for one frame of the file."""
    own = output.rate or rate
    return rate[0] * own[1], rate[1] * own[0]


def start_timecode(output: OutputSpec, timeline: TimelineSpec) -> str:
    """The timecode of the first frame, in the file's rate: the same time of day, its frames counted anew."""
    rate, drop = timeline.rate, timeline.drop_frame
    start = output.timecode or timecode.to_timecode(output.first, rate, drop)
    own = output.rate or rate
    if own == rate:
        return start
    base = timecode.nominal(own)
    head, frame = start.replace(";", ":").rsplit(":", 1)
    number = int(frame) * base // timecode.nominal(rate)
    drops = drop and own in DROP_FRAME_RATES
    _, minutes, seconds = head.split(":")
    if drops and seconds == "00" and int(minutes) % 10:
        number = max(number, base // 15)  # the numbers before it do not exist
    return f"{head}{';' if drops else ':'}{number:0{max(2, len(str(base - 1)))}}"
