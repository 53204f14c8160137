"""Resolve's composite modes whose formula is known, on floats in which black is 0 and white is 1.

The formulas are the usual ones of compositing (W3C "Compositing and Blending", Adobe's for the linear family); Resolve
names the modes and publishes no formula. Modes without a generally agreed one are refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy
from numpy.typing import NDArray

Plane: TypeAlias = NDArray[numpy.float32]
"""One colour of a region: rows x columns."""

Blend: TypeAlias = Callable[[Plane, Plane], Plane]
"""Answers what a colour of the picture below and the layer's own make together, before opacity."""

_TINY = numpy.float32(1e-6)
"""Keeps a division by black finite; far below a code of 16 bits."""


def _add(below: Plane, above: Plane) -> Plane:
    lit: Plane = numpy.minimum(below + above, 1)
    return lit


def _subtract(below: Plane, above: Plane) -> Plane:
    dark: Plane = numpy.maximum(below - above, 0)
    return dark


def _screen(below: Plane, above: Plane) -> Plane:
    return below + above - below * above


def _hard_light(below: Plane, above: Plane) -> Plane:
    return numpy.where(above <= 0.5, 2 * below * above, _screen(below, 2 * above - 1))


def _soft_light(below: Plane, above: Plane) -> Plane:
    root = numpy.where(below <= 0.25, ((16 * below - 12) * below + 4) * below, numpy.sqrt(numpy.maximum(below, 0)))
    dark = below - (1 - 2 * above) * below * (1 - below)
    return numpy.where(above <= 0.5, dark, below + (2 * above - 1) * (root - below))


def _dodge(below: Plane, above: Plane) -> Plane:
    lit = numpy.minimum(below / numpy.maximum(1 - above, _TINY), 1)
    return numpy.where(below <= 0, below, lit)


def _burn(below: Plane, above: Plane) -> Plane:
    burnt = 1 - numpy.minimum((1 - below) / numpy.maximum(above, _TINY), 1)
    return numpy.where(below >= 1, below, burnt)


def _vivid_light(below: Plane, above: Plane) -> Plane:
    return numpy.where(above <= 0.5, _burn(below, 2 * above), _dodge(below, 2 * above - 1))


def _pin_light(below: Plane, above: Plane) -> Plane:
    return numpy.where(above <= 0.5, numpy.minimum(below, 2 * above), numpy.maximum(below, 2 * above - 1))


MODES: dict[int, tuple[str, Blend]] = {
    1: ("COMPOSITE_ADD", _add),
    2: ("COMPOSITE_SUBTRACT", _subtract),
    3: ("COMPOSITE_DIFF", lambda below, above: numpy.abs(below - above)),
    4: ("COMPOSITE_MULTIPLY", lambda below, above: below * above),
    5: ("COMPOSITE_SCREEN", _screen),
    6: ("COMPOSITE_OVERLAY", lambda below, above: _hard_light(above, below)),
    7: ("COMPOSITE_HARDLIGHT", _hard_light),
    8: ("COMPOSITE_SOFTLIGHT", _soft_light),
    9: ("COMPOSITE_DARKEN", numpy.minimum),
    10: ("COMPOSITE_LIGHTEN", numpy.maximum),
    11: ("COMPOSITE_COLOR_DODGE", _dodge),
    12: ("COMPOSITE_COLOR_BURN", _burn),
    13: ("COMPOSITE_EXCLUSION", lambda below, above: below + above - 2 * below * above),
    18: ("COMPOSITE_DIVIDE", lambda below, above: numpy.minimum(below / numpy.maximum(above, _TINY), 1)),
    19: ("COMPOSITE_LINEAR_DODGE", _add),
    20: ("COMPOSITE_LINEAR_BURN", lambda below, above: numpy.maximum(below + above - 1, 0)),
    21: ("COMPOSITE_LINEAR_LIGHT", lambda below, above: numpy.clip(below + 2 * above - 1, 0, 1)),
    22: ("COMPOSITE_VIVID_LIGHT", _vivid_light),
    23: ("COMPOSITE_PIN_LIGHT", _pin_light),
    24: ("COMPOSITE_HARD_MIX", lambda below, above: (below + above >= 1).astype(numpy.float32)),
}
"""Value of the CompositeMode property to its name and formula; 0 is normal and needs none."""
