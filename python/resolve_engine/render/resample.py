"""Samples at fractional places of a signal: a windowed sinc, so that rate and speed are changed in one exact step."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH = 24
"""Samples on each side that a value leans on at the signal's own rate: stop band below -90 dB with the window used."""

MAX_STEP = 16.0
"""Beyond sixteen-fold speed the filter is not made longer; what aliases then is a squeak of a few milliseconds."""

_STEPS = 512
"""Points of the kernel's table between two samples; with straight lines between them the error is below -100 dB."""

_BETA = 9.0
"""Shape of the Kaiser window."""


def margin(step: float) -> int:
    """Samples that must be at hand on each side of the first and last place."""
    return int(numpy.ceil(REACH * min(max(abs(step), 1.0), MAX_STEP))) + 1


def sampled(signal: NDArray[numpy.float32], start: float, step: float, count: int) -> NDArray[numpy.float32]:
    """`count` values of a signal (samples x channels) at the places `start`, `start + step`, …

    Places count in samples of the signal; it must reach `margin(step)` beyond them. A step above 1 is low-passed.
    """
    stretch = min(max(abs(step), 1.0), MAX_STEP)
    reach = int(numpy.ceil(REACH * stretch))
    places = start + numpy.arange(count, dtype=numpy.float64) * step
    whole = numpy.floor(places).astype(numpy.int64)
    taps = numpy.arange(1 - reach, reach + 1)
    indices = whole[:, None] + taps[None, :]
    distance = numpy.abs((places - whole)[:, None] - taps[None, :]) * (_STEPS / stretch)
    cell = distance.astype(numpy.int64)
    rest = (distance - cell).astype(numpy.float32)
    table = _table()
    weights = table[cell] * (1 - rest) + table[cell + 1] * rest
    weights /= numpy.float32(stretch)
    numpy.clip(indices, 0, len(signal) - 1, out=indices)
    result: NDArray[numpy.float32] = numpy.einsum("nt,ntc->nc", weights, signal[indices], dtype=numpy.float32)
    return result


@lru_cache(maxsize=1)
def _table() -> NDArray[numpy.float32]:
    """The kernel at distances 0 to REACH (and a little more, where it is zero), in steps of 1 / _STEPS."""
    distance = numpy.arange(REACH * _STEPS + 1) / _STEPS
    inside = numpy.sqrt(numpy.maximum(1 - (distance / REACH) ** 2, 0))
    kernel = numpy.sinc(distance) * numpy.i0(_BETA * inside) / numpy.i0(_BETA)
    kernel[-1] = 0
    return numpy.concatenate([kernel, numpy.zeros(2 * _STEPS)]).astype(numpy.float32)
