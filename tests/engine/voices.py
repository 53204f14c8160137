"""Something that a recogniser takes for speech: syllables of vowels, made of pulses through three formants."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray

VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Their formants in hertz."""
SYLLABLES_S = 5


def syllables(count: int, rate: int = 48000, seed: int = 0) -> NDArray[numpy.float32]:
    """So many syllables of a fifth of a second each, one channel."""
    generator = numpy.random.default_rng(seed)
    length = rate // SYLLABLES_S
    frequencies = numpy.fft.rfftfreq(length, 1 / rate)
    rise = numpy.sin(numpy.pi * numpy.arange(length) / length) ** 0.5
    spoken = []
    for _ in range(count):
        phase = numpy.cumsum(numpy.full(length, 110 + 20 * generator.random()) / rate)
        pulses = numpy.diff(numpy.floor(phase), prepend=0)
        formants = VOWELS[generator.integers(len(VOWELS))]
        gain = sum(1 / (1 + ((frequencies - one) / (60 + 0.05 * one)) ** 2) for one in formants)
        voice = numpy.fft.irfft(numpy.fft.rfft(pulses) * gain, length)
        spoken.append(voice / numpy.abs(voice).max() * 0.4 * rise)
    return numpy.concatenate(spoken).astype(numpy.float32)[:, None]


def silence(seconds: float, rate: int = 48000) -> NDArray[numpy.float32]:
    """Nothing, one channel."""
    return numpy.zeros((round(seconds * rate), 1), numpy.float32)
