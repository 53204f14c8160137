"""How the sounds of two recordings of one event lie to each other, by cross-correlation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from resolve_engine.media.av_safe.sound import SoundDecoder
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[numpy.float32]

COARSE_RATE = 4000
"""Samples a second that are compared: a quarter of a millisecond apart, far below a frame, and a voice is in them."""
LONGEST_S = 2 * 3600
"""Seconds of each sound that are looked at: the arrays of two such sounds take some 0.7 GB."""
LEAST_OVERLAP_S = 0.5
LEAST_LIKENESS = 0.05
"""Correlation where they overlap: 1 for equal sounds; measured 0.7 in noise as loud, 0.09 under noise ten times so."""
LEAST_STANDOUT = 12.0
"""Peak over the spread of all places: unrelated sounds of an hour reached 8, the quietest true match of those 35."""
MIX = -2
"""Stands for all channels together."""


def lag(first: dict[str, Any], second: dict[str, Any]) -> float:
    """Seconds by which the second recording begins after the first (negative: before).

    Each is `{"path": …, "streams": [stream indexes], "channel": from 1 over these streams, or MIX}`. Raises MediaError
    when the sounds do not fit together anywhere.
    """
    one, other = _samples(first), _samples(second)
    size = 1 << (len(one) + len(other) - 1).bit_length()
    # The place of the peak is the shift: what stands at n in the second stands at n + shift in the first.
    spectrum = numpy.fft.rfft(one, size)
    spectrum *= numpy.conj(numpy.fft.rfft(other, size))
    correlation: Samples = numpy.fft.irfft(spectrum, size).astype(numpy.float32)
    least = int(LEAST_OVERLAP_S * COARSE_RATE)
    lags = numpy.arange(size)
    lags[size // 2 :] -= size
    overlap = numpy.minimum(lags + len(other), len(one)) - numpy.maximum(lags, 0)
    correlation[overlap < least] = 0
    place = int(numpy.argmax(numpy.abs(correlation)))
    shift = int(lags[place])
    a = one[max(shift, 0) : max(shift, 0) + max(int(overlap[place]), 0)]
    b = other[max(-shift, 0) : max(-shift, 0) + len(a)]
    energy = float(numpy.sqrt(numpy.dot(a, a) * numpy.dot(b, b))) if len(a) else 0.0
    spread = float(correlation.std())
    peak = abs(float(correlation[place]))
    if energy <= 0 or spread <= 0 or peak < LEAST_LIKENESS * energy or peak < LEAST_STANDOUT * spread:
        raise MediaError(
            f"the sounds of {quoted(first['path'])} and {quoted(second['path'])} do not fit together anywhere; sync by"
            " timecode or by marks instead",
            "unsupported",
        )
    return shift / COARSE_RATE


def _samples(sound: dict[str, Any]) -> Samples:
    """The sound as one channel at the coarse rate, without its mean."""
    channel, parts = int(sound["channel"]), []
    for index in sound["streams"]:
        decoder = SoundDecoder(sound["path"], int(index))
        try:
            wanted = None if channel == MIX else channel - 1
            if wanted is not None and not 0 <= wanted < decoder.channels:
                channel -= decoder.channels
                continue
            parts.append(_decimated(decoder, wanted))
        finally:
            decoder.close()
        if wanted is not None:
            break
    if not parts or not max(len(part) for part in parts):
        raise MediaError(f"{quoted(sound['path'])} has no such channel to sync by", "invalid_argument")
    result = numpy.zeros(max(len(part) for part in parts), numpy.float32)
    for part in parts:
        result[: len(part)] += part
    result -= result.mean()
    return result


def _decimated(decoder: SoundDecoder, channel: int | None) -> Samples:
    """One stream; each output sample is the mean of the input samples that fall to it, which is its low-pass filter."""
    most = LONGEST_S * COARSE_RATE
    sums = numpy.zeros(1 << 16, numpy.float64)
    counts = numpy.zeros(1 << 16, numpy.int32)
    end = 0
    while (block := decoder.next()) is not None:
        start, samples = block
        mono = samples.mean(axis=1) if channel is None else samples[:, channel]
        places = (start + numpy.arange(len(mono))) * COARSE_RATE // decoder.rate
        inside = (places >= 0) & (places < most)
        if not inside.any():
            if start * COARSE_RATE > most * decoder.rate:
                break
            continue
        places, mono = places[inside], mono[inside]
        low, high = int(places[0]), int(places[-1]) + 1
        while high > len(sums):
            sums, counts = numpy.concatenate([sums, sums * 0]), numpy.concatenate([counts, counts * 0])
        sums[low:high] += numpy.bincount(places - low, mono, high - low)
        counts[low:high] += numpy.bincount(places - low, minlength=high - low)
        end = max(end, high)
    return (sums[:end] / numpy.maximum(counts[:end], 1)).astype(numpy.float32)
