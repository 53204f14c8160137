"""How loud the sound of a timeline is as a whole: its highest sample and its loudness."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy

from resolve_engine.media.av_safe.loudness import LoudnessMeter
from resolve_engine.render.mix import Mixer

if TYPE_CHECKING:
    from resolve_engine.render.spec import TimelineSpec

SAMPLE_RATE = 48000


class Loudness(NamedTuple):
    """What was measured."""

    peak: float
    """The largest sample; 1 is full scale."""
    integrated: float | None
    """In LKFS (BS.1770, gated); None for what is too quiet or shorter than 0.4 s."""


def loudness(timeline: TimelineSpec, first: int, end: int) -> Loudness:
    """Of a half-open range of timeline frames."""
    mixer = Mixer(timeline, first, end, SAMPLE_RATE)
    meter = LoudnessMeter(SAMPLE_RATE)
    peak = 0.0
    try:
        for frame in range(first, end):
            block = mixer.block(frame)
            peak = max(peak, float(numpy.abs(block).max(initial=0.0)))
            meter.hear(block)
    finally:
        mixer.close()
    return Loudness(peak, meter.integrated())
