"""The sound of a timeline: every item's samples at their exact places, mixed to stereo in floats."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.errors import MediaError
from resolve_engine.media.sound_reader import SoundCache, SoundReader
from resolve_engine.render.plan import sounds
from resolve_engine.render.resample import margin, sampled
from resolve_engine.render.support import unsupported
from resolve_engine.render.timing import first_sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resolve_engine.render.spec import ItemSpec, TimelineSpec

_HALF_POWER = math.sqrt(0.5)

_FOLDS: dict[str, tuple[str, ...]] = {
    "5.1": ("L", "R", "C", "-", "l", "r"),
    "5.1(side)": ("L", "R", "C", "-", "l", "r"),
    "5.0": ("L", "R", "C", "l", "r"),
    "quad": ("L", "R", "l", "r"),
    "7.1": ("L", "R", "C", "-", "l", "r", "l", "r"),
    "3.0": ("L", "R", "C"),
    "2.1": ("L", "R", "-"),
}
"""Where the channels of a layout go: left, right, both (centre), left or right at half power, nowhere (LFE)."""


class Mixer:
    """Mixes a half-open range of timeline frames, one frame after the other. Belongs to one thread."""

    def __init__(self, timeline: TimelineSpec, first: int, end: int, sample_rate: int) -> None:
        self._timeline = timeline
        self._first = first
        self._rate = sample_rate
        self._items = sounds(timeline, first, end)
        for item in self._items:
            why = unsupported(item.properties)
            if why is not None:
                raise MediaError(f"the sound item {item.name!r} cannot be rendered: {why}", "unsupported")
        self._cache = SoundCache()

    def close(self) -> None:
        """Let go of files."""
        self._cache.close()

    def block(self, frame: int) -> NDArray[numpy.float32]:
        """The samples of one timeline frame, samples x 2. The blocks of all frames join without a hole."""
        begin = self._sample(frame)
        end = self._sample(frame + 1)
        mixed = numpy.zeros((end - begin, 2), numpy.float32)
        for item in self._items:
            if item.start <= frame < item.end:
                self._add(item, begin, mixed)
        return mixed

    def _sample(self, frame: int) -> int:
        return first_sample(frame - self._first, self._timeline.rate, self._rate)

    def _add(self, item: ItemSpec, begin: int, mixed: NDArray[numpy.float32]) -> None:
        gain = _gains(item)
        for stream in item.source.audio_streams:
            try:
                reader = self._cache.reader(item.id, item.source.path, stream)
                samples = self._samples(item, reader, begin, len(mixed))
            except MediaError as error:
                raise MediaError(f"the sound item {item.name!r} cannot be heard: {error.reason}", error.code) from error
            mixed += (samples @ fold(reader.layout, reader.channels)) * gain

    def _samples(self, item: ItemSpec, reader: SoundReader, begin: int, count: int) -> NDArray[numpy.float32]:
        """An item's samples for the output samples from `begin` on, in the source's channels."""
        entry = Fraction(*item.source_start) / Fraction(*item.source.rate) * reader.rate
        step = Fraction(*item.speed) * Fraction(reader.rate, self._rate)
        place = entry + (begin - self._sample(item.start)) * step
        if step == 1:
            return reader.read(math.floor(place + Fraction(1, 2)), count)
        last = place + (count - 1) * step
        room = margin(float(step))
        low = math.floor(min(place, last)) - room
        high = math.ceil(max(place, last)) + room + 1
        return sampled(reader.read(low, high - low), float(place - low), float(step), count)


def fold(layout: str, channels: int) -> NDArray[numpy.float32]:
    """The matrix (channels x 2) that makes stereo of a layout: never louder than full scale.

    Mono goes to both sides. Channels without a known layout go left and right in turn, as their mean.
    """
    if channels == 1:
        return numpy.ones((1, 2), numpy.float32)
    if channels == 2:
        return numpy.eye(2, dtype=numpy.float32)
    matrix = numpy.zeros((channels, 2), numpy.float64)
    places = _FOLDS.get(layout)
    if places is None or len(places) != channels:
        for channel in range(channels):
            matrix[channel, channel % 2] = 1
    else:
        for channel, place in enumerate(places):
            left = {"L": 1.0, "C": _HALF_POWER, "l": _HALF_POWER}.get(place, 0.0)
            right = {"R": 1.0, "C": _HALF_POWER, "r": _HALF_POWER}.get(place, 0.0)
            matrix[channel] = left, right
    loudest = matrix.sum(axis=0)
    return (matrix / numpy.where(loudest > 0, loudest, 1)).astype(numpy.float32)


def _gains(item: ItemSpec) -> NDArray[numpy.float32]:
    """What the item's AudioVolume (decibels) and AudioPan (-100 left to 100 right, a balance) do to each side."""
    properties = item.properties
    volume = float(properties.get("AudioVolume") or 0.0) if properties.get("AudioVolumeEnabled", True) else 0.0
    pan = float(properties.get("AudioPan") or 0.0) / 100 if properties.get("AudioPanEnabled", True) else 0.0
    factor = 10 ** (volume / 20) if volume > -100 else 0.0
    return numpy.array([factor * min(1.0, 1 - pan), factor * min(1.0, 1 + pan)], numpy.float32)
