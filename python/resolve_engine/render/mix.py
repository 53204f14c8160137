"""The sound of a timeline: every item's samples at their exact places, mixed to stereo in floats."""

from __future__ import annotations

import math
from collections import OrderedDict
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.errors import MediaError
from resolve_engine.media.sound_reader import SoundCache, SoundReader
from resolve_engine.render.plan import Heard, Ramp, sounds
from resolve_engine.render.resample import margin, sampled
from resolve_engine.render.stretch import Stretcher
from resolve_engine.render.support import pitch_shift, unsupported
from resolve_engine.render.timing import first_sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from resolve_engine.render.spec import ItemSpec, TimelineSpec

_HALF = Fraction(1, 2)
_HALF_POWER = math.sqrt(0.5)

MOST_BLOCKS = 64
"""Frames of a nested timeline's sound that are kept: two blocks in a row of the outer one share some."""

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

    def __init__(
        self,
        timeline: TimelineSpec,
        first: int,
        end: int,
        sample_rate: int,
        nested: Mapping[str, TimelineSpec] | None = None,
    ) -> None:
        """`nested` is where timelines that stand as clips are found; the timeline's own when it is left out."""
        self._timeline = timeline
        self._nested = timeline.nested if nested is None else nested
        self._inner: dict[str, NestedSound] = {}
        self._first = first
        self._rate = sample_rate
        self._heard = sounds(timeline, first, end)
        for heard in self._heard:
            why = unsupported(heard.item.properties)
            if why is not None:
                raise MediaError(f"the sound item {heard.item.name!r} cannot be rendered: {why}", "unsupported")
        self._cache = SoundCache()
        self._paces: dict[tuple[str, int], tuple[Fraction, Fraction, float | None]] = {}
        self._stretchers: dict[tuple[str, int], Stretcher] = {}
        """By the id of the item and its stream."""

    def close(self) -> None:
        """Let go of files."""
        self._cache.close()
        for inner in self._inner.values():
            inner.close()
        self._inner.clear()

    def block(self, frame: int) -> NDArray[numpy.float32]:
        """The samples of one timeline frame, samples x 2. The blocks of all frames join without a hole."""
        begin = self._sample(frame)
        end = self._sample(frame + 1)
        mixed = numpy.zeros((end - begin, 2), numpy.float32)
        for heard in self._heard:
            if heard.first <= frame < heard.end:
                self._add(heard, begin, mixed)
        return mixed

    def blocks(self, first: int, end: int) -> NDArray[numpy.float32]:
        """The samples of a half-open range of timeline frames, which follow those of the call before; none for an empty
        one."""
        if end == first + 1:
            return self.block(first)
        parts = [self.block(frame) for frame in range(first, end)]
        return numpy.concatenate([numpy.zeros((0, 2), numpy.float32), *parts])

    def _sample(self, frame: int) -> int:
        return first_sample(frame - self._first, self._timeline.rate, self._rate)

    def _add(self, heard: Heard, begin: int, mixed: NDArray[numpy.float32]) -> None:
        item = heard.item
        gain = _gains(item)
        for ramp in heard.ramps:
            gain = gain * self._ramp(ramp, begin, len(mixed))[:, None]
        streams = {}
        for stream in item.source.audio_streams:
            try:
                reader = self._reader(item, stream)
                samples = streams[stream] = self._samples(item, stream, reader, begin, len(mixed))
            except MediaError as error:
                raise MediaError(f"the sound item {item.name!r} cannot be heard: {error.reason}", error.code) from error
            if not item.source.channels:
                mixed += (samples @ fold(reader.layout, reader.channels)) * gain
        if item.source.channels:
            mixed += _routed(item, streams) * gain

    def _ramp(self, ramp: Ramp, begin: int, count: int) -> NDArray[numpy.float32]:
        """The gain of each output sample from `begin` on in, before and after a ramp."""
        first, end = self._sample(ramp.first), self._sample(ramp.end)
        share = numpy.clip((numpy.arange(count) + (begin - first + 0.5)) / (end - first), 0, 1)
        if not ramp.rises:
            share = 1 - share
        if ramp.equal_power:
            share = numpy.sin(share * (math.pi / 2))
        return share.astype(numpy.float32)

    def _reader(self, item: ItemSpec, stream: int) -> SoundReader | NestedSound:
        if item.source.kind != "timeline":
            return self._cache.reader(item.id, item.source.path, stream)
        inner = self._inner.get(item.id)
        if inner is None:
            timeline = self._nested[item.source.path]
            inner = self._inner[item.id] = NestedSound(timeline, self._rate, self._nested)
        return inner

    def _samples(
        self, item: ItemSpec, stream: int, reader: SoundReader | NestedSound, begin: int, count: int
    ) -> NDArray[numpy.float32]:
        """An item's samples for the output samples from `begin` on, in the source's channels."""
        source: SoundReader | NestedSound | Stretcher = reader
        entry, step, pitch = self._pace(item, reader.rate)
        if step and pitch is not None:
            # Stretched first, and then read at the speed that gives it its pitch.
            natural = Fraction(pitch) * Fraction(reader.rate, self._rate)
            if (item.id, stream) not in self._stretchers:
                self._stretchers[item.id, stream] = Stretcher(reader, float(entry), float(step / natural))
            source, entry, step = self._stretchers[item.id, stream], Fraction(0), natural
        if step == 1:
            return source.read(math.floor(entry + _HALF) + begin - self._sample(item.start), count)
        place = entry + (begin - self._sample(item.start)) * step
        last = place + (count - 1) * step
        room = margin(float(step))
        low = math.floor(min(place, last)) - room
        high = math.ceil(max(place, last)) + room + 1
        return sampled(source.read(low, high - low), float(place - low), float(step), count)

    def _pace(self, item: ItemSpec, rate: int) -> tuple[Fraction, Fraction, float | None]:
        """An item's first sample in its source, how far it goes there for one sample of the mix, and its pitch; `rate`
        is the source's. Found once, as fractions are slow."""
        key = item.id, rate
        if key not in self._paces:
            entry = Fraction(*item.source_start) / Fraction(*item.source.rate) * rate
            self._paces[key] = entry, Fraction(*item.speed) * Fraction(rate, self._rate), _pitch(item)
        return self._paces[key]


def _pitch(item: ItemSpec) -> float | None:
    """The pitch that an item's sound is to have, as a share of its own; None where it follows the speed."""
    shift = pitch_shift(item.properties)
    speed = abs(item.speed[0] / item.speed[1])
    if item.keep_pitch:
        return None if shift == speed == 1 else shift
    return None if shift == 1 else shift * speed


def _routed(item: ItemSpec, streams: Mapping[int, NDArray[numpy.float32]]) -> NDArray[numpy.float32]:
    """The item's channels in its order, folded to stereo."""
    for stream, channel in item.source.channels:
        if channel >= streams[stream].shape[1]:
            raise MediaError(
                f"the sound item {item.name!r} plays channel {channel + 1} of a stream that has only "
                f"{streams[stream].shape[1]}; map its sound again",
                "unsupported",
            )
    columns = [streams[stream][:, channel] for stream, channel in item.source.channels]
    samples = numpy.stack(columns, axis=1)
    routed: NDArray[numpy.float32] = samples @ fold(item.source.layout, len(columns))
    return routed


class NestedSound:
    """The mix of a timeline that stands as a clip on another, read like the samples of a stereo file."""

    channels = 2
    layout = "stereo"

    def __init__(self, timeline: TimelineSpec, sample_rate: int, nested: Mapping[str, TimelineSpec]) -> None:
        self.rate = sample_rate
        self._timeline = timeline
        self._mixer = Mixer(timeline, timeline.start, timeline.end, sample_rate, nested)
        self._blocks: OrderedDict[int, NDArray[numpy.float32]] = OrderedDict()

    def close(self) -> None:
        """Let go of files."""
        self._mixer.close()
        self._blocks.clear()

    def read(self, first: int, count: int) -> NDArray[numpy.float32]:
        """Samples `first` up to `first + count`, counted from the timeline's first frame; zero outside of it."""
        result = numpy.zeros((count, 2), numpy.float32)
        numerator, denominator = self._timeline.rate
        frames = self._timeline.end - self._timeline.start
        frame = max(0, first * numerator // (denominator * self.rate) - 1)
        while frame < frames:
            start = first_sample(frame, self._timeline.rate, self.rate)
            if start >= first + count:
                break
            if first_sample(frame + 1, self._timeline.rate, self.rate) > first:
                block = self._block(frame)
                begin, end = max(start, first), min(start + len(block), first + count)
                result[begin - first : end - first] = block[begin - start : end - start]
            frame += 1
        return result

    def _block(self, frame: int) -> NDArray[numpy.float32]:
        block = self._blocks.get(frame)
        if block is None:
            block = self._blocks[frame] = self._mixer.block(self._timeline.start + frame)
            while len(self._blocks) > MOST_BLOCKS:
                self._blocks.popitem(last=False)
        return block


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
