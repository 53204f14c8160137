"""How loud the sound of a timeline is, frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy

from resolve_engine.render.mix import Mixer

if TYPE_CHECKING:
    from resolve_engine.render.spec import TimelineSpec

SAMPLE_RATE = 48000


def levels(timeline: TimelineSpec) -> list[float]:
    """The root mean square of each frame's sound, both sides together; 1 is full scale."""
    mixer = Mixer(timeline, timeline.start, timeline.end, SAMPLE_RATE)
    try:
        blocks = (mixer.block(frame) for frame in range(timeline.start, timeline.end))
        return [float(numpy.sqrt(numpy.mean(block**2))) if len(block) else 0.0 for block in blocks]
    finally:
        mixer.close()
