"""Frame rates as exact fractions: the standard ones, and which of them a container's rounded figure means."""

from __future__ import annotations

from fractions import Fraction

STANDARD: tuple[Fraction, ...] = tuple(
    Fraction(top, 1001) if top > 1000 else Fraction(top)
    for top in (15, 16, 18, 24000, 24, 25, 30000, 30, 48000, 48, 50, 60000, 60, 72000, 72, 96000, 96, 100, 120000, 120)
)
"""Rates that cameras and timelines use, in frames per second."""

_ROUNDING = Fraction(3, 10000)
"""How far a container's figure may be off: 24000/1001 and 24 are three times as far apart."""

_LOOSE = Fraction(1, 50)
"""How far the mean of a variable rate may be from the rate that was meant."""


def snapped(rate: Fraction) -> Fraction:
    """The standard rate that is meant, or the rate itself with a denominator of at most 1001."""
    nearest = min(STANDARD, key=lambda standard: abs(standard - rate))
    if abs(nearest - rate) <= nearest * _ROUNDING:
        return nearest
    return rate.limit_denominator(1001)


def is_variable(average: Fraction | None, base: Fraction | None) -> bool:
    """Whether a file's frames are unevenly spaced: the mean rate differs from the finest one.

    A base rate of twice the mean is field coding, not an uneven rate.
    """
    if not average or not base:
        return False
    mean, finest = snapped(average), snapped(base)
    return mean not in (finest, finest / 2)


def nominal(average: Fraction) -> Fraction:
    """The rate that a file of variable rate is counted in: a standard one near its mean, else the mean."""
    nearest = min(STANDARD, key=lambda standard: abs(standard - average))
    if abs(nearest - average) <= nearest * _LOOSE:
        return nearest
    return average.limit_denominator(1001)
