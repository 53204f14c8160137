"""Sound at another speed with its pitch kept: grains of it, laid where their waves fit (WSOLA).

Grain k stands around sample k * HOP and fades over HOP on each side, so that two make one. Around the place in the
source that the speed gives it, the place is chosen whose wave goes on as the grain before it would. Read faster or
slower than it is, what comes out has another pitch, too.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

import numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP = 1024
"""Samples from grain to grain: 21 ms at 48 kHz, in which the lowest voices have two waves."""
SEARCH = 512
"""Samples on each side in which the best place is looked for: a wave of 47 Hz in all."""
WARM_UP = 16
"""Grains that are laid before the first one that is heard, where a render begins inside an item."""
MOST_GRAINS = 8
"""Grains kept: two sound at once, and the blocks of two frames share some."""


class Readable(Protocol):
    """Samples of a source by their places."""

    rate: int
    """Samples per second."""
    channels: int
    layout: str

    def read(self, first: int, count: int) -> NDArray[numpy.float32]:
        """Samples x channels; zero outside of the source."""


class Stretcher:
    """A sound that plays faster, slower or backwards, read like the samples of a file. Belongs to one thread."""

    def __init__(self, source: Readable, entry: float, speed: float) -> None:
        """`entry` is the source sample at sample 0, `speed` how many source samples one sample goes on; not 0."""
        self.rate, self.channels, self.layout = source.rate, source.channels, source.layout
        self._source = source
        self._entry = entry
        self._speed = speed
        self._forwards = 1 if speed > 0 else -1
        self._last: tuple[int, int] | None = None
        """The latest grain that was laid: its number, and the source sample in its middle."""
        self._grains: OrderedDict[int, NDArray[numpy.float32]] = OrderedDict()
        rise = 0.5 - 0.5 * numpy.cos(numpy.pi * numpy.arange(HOP) / HOP)
        self._window = numpy.concatenate([rise, 1 - rise]).astype(numpy.float32)[:, None]

    def read(self, first: int, count: int) -> NDArray[numpy.float32]:
        """The samples from one on, samples x channels."""
        result = numpy.zeros((count, self.channels), numpy.float32)
        for number in range(first // HOP, (first + count - 1) // HOP + 2):
            grain = self._grain(number)
            begin = number * HOP - HOP
            low, high = max(begin, first), min(begin + 2 * HOP, first + count)
            if low < high:
                result[low - first : high - first] += grain[low - begin : high - begin]
        return result

    def _grain(self, number: int) -> NDArray[numpy.float32]:
        """A grain with its fades."""
        found = self._grains.get(number)
        if found is None:
            middle = self._lay(number)
            found = self._grains[number] = self._at(middle - HOP * self._forwards, 2 * HOP) * self._window
            while len(self._grains) > MOST_GRAINS:
                self._grains.popitem(last=False)
        return found

    def _lay(self, number: int) -> int:
        """The source sample in the middle of a grain; each is laid after the one before it."""
        if self._last is None or not self._last[0] < number <= self._last[0] + 2 * WARM_UP:
            first = number - WARM_UP
            self._last = (first, self._wanted(first))
        last, middle = self._last
        for following in range(last + 1, number + 1):
            middle = self._fitting(self._wanted(following), middle + HOP * self._forwards)
        self._last = (number, middle)
        return middle

    def _wanted(self, number: int) -> int:
        return math.floor(self._entry + number * HOP * self._speed + 0.5)

    def _fitting(self, wanted: int, going_on: int) -> int:
        """The place near the wanted one from which the sound is most like the one that would go on."""
        target = self._at(going_on - HOP * self._forwards, HOP).mean(axis=1)
        around = self._at(wanted - (HOP + SEARCH) * self._forwards, HOP + 2 * SEARCH).mean(axis=1)
        energy = numpy.concatenate([[0.0], numpy.cumsum(around.astype(numpy.float64) ** 2)])
        loudness = numpy.sqrt(numpy.maximum(energy[HOP:] - energy[:-HOP], 1e-9))
        likeness = _correlated(around, target) / loudness
        best = int(numpy.argmax(likeness)) if likeness.max() > 0 else SEARCH  # in silence every place is as good
        return wanted + (best - SEARCH) * self._forwards

    def _at(self, place: int, count: int) -> NDArray[numpy.float32]:
        """Source samples from a place on, in the direction in which it plays."""
        if self._forwards > 0:
            return self._source.read(place, count)
        return self._source.read(place - count + 1, count)[::-1]


def _correlated(around: NDArray[numpy.float32], target: NDArray[numpy.float32]) -> NDArray[numpy.float64]:
    """The sum of products with a target at each place inside a longer stretch."""
    size = 1 << (len(around) + len(target) - 1).bit_length()
    product = numpy.fft.rfft(around, size) * numpy.conj(numpy.fft.rfft(target, size))
    return numpy.fft.irfft(product, size)[: len(around) - len(target) + 1]
