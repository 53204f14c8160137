"""Resolve's composite modes whose formula is known, on floats in which black is 0 and white is 1.

The formulas are the usual ones of compositing (W3C "Compositing and Blending", Adobe's for the linear family); Resolve
names the modes and publishes no formula. Modes without a generally agreed one (the luma mask, and those that make a
matte of a layer) are refused, not guessed.
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

Mixture: TypeAlias = Callable[[Plane, Plane], Plane]
"""The same of all three colours at once: 3 x rows x columns, in FFmpeg's order green, blue, red."""

_TINY = numpy.float32(1e-6)
"""Keeps a division by black finite; far below a code of 16 bits."""

_NONE = numpy.float32(1 / 510)
"""What counts as no difference where a formula leaps: at a division by black, at a sum of white, between two sums of
three colours. Half a code of eight bits: FFmpeg's scaler widens such codes to within a sixth of one."""

_LUMA = numpy.array([0.59, 0.11, 0.3], numpy.float32)
"""The W3C's weights of green, blue and red."""


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
    return numpy.where(below <= _NONE, 0, numpy.where(above >= 1 - _NONE, 1, lit))


def _burn(below: Plane, above: Plane) -> Plane:
    burnt = 1 - numpy.minimum((1 - below) / numpy.maximum(above, _TINY), 1)
    return numpy.where(below >= 1 - _NONE, 1, numpy.where(above <= _NONE, 0, burnt))


def _vivid_light(below: Plane, above: Plane) -> Plane:
    return numpy.where(above <= 0.5, _burn(below, 2 * above), _dodge(below, 2 * above - 1))


def _pin_light(below: Plane, above: Plane) -> Plane:
    return numpy.where(above <= 0.5, numpy.minimum(below, 2 * above), numpy.maximum(below, 2 * above - 1))


def _divide(below: Plane, above: Plane) -> Plane:
    lit = numpy.minimum(below / numpy.maximum(above, _TINY), 1)
    return numpy.where(below <= _NONE, 0, numpy.where(above <= _NONE, 1, lit))


def _hard_mix(below: Plane, above: Plane) -> Plane:
    return (below + above >= 1 - _NONE).astype(numpy.float32)


def _luma(colour: Plane) -> Plane:
    luma: Plane = numpy.einsum("c,cyx->yx", _LUMA, colour)[None]
    return luma


def _range(colour: Plane) -> Plane:
    """The W3C's saturation: how far the strongest colour is from the weakest."""
    width: Plane = colour.max(axis=0) - colour.min(axis=0)
    return width[None]


def _with_luma(colour: Plane, luma: Plane) -> Plane:
    """A colour moved to a luma, and drawn towards grey where it would leave 0 to 1: the W3C's SetLum and ClipColor."""
    moved = colour + (luma - _luma(colour))
    low, high = moved.min(axis=0)[None], moved.max(axis=0)[None]
    moved = numpy.where(low < 0, luma + (moved - luma) * luma / numpy.maximum(luma - low, _TINY), moved)
    far = (moved - luma) * (1 - luma) / numpy.maximum(high - luma, _TINY)
    return numpy.where(high > 1, luma + far, moved)


def _with_range(colour: Plane, width: Plane) -> Plane:
    """A colour of the same hue whose weakest part is 0 and whose strongest is `width`: the W3C's SetSat."""
    low = colour.min(axis=0)[None]
    own = _range(colour)
    return numpy.where(own > _TINY, (colour - low) * width / numpy.maximum(own, _TINY), 0)


def _brighter(one: Plane, other: Plane) -> Plane:
    """Where the sum of the three colours of the one is larger."""
    brighter: Plane = (one.sum(axis=0) > other.sum(axis=0) + _NONE)[None]
    return brighter


MIXTURES: dict[int, tuple[str, Mixture]] = {
    14: ("COMPOSITE_HUE", lambda below, above: _with_luma(_with_range(above, _range(below)), _luma(below))),
    15: ("COMPOSITE_SATURATE", lambda below, above: _with_luma(_with_range(below, _range(above)), _luma(below))),
    16: ("COMPOSITE_COLORIZE", lambda below, above: _with_luma(above, _luma(below))),
    25: ("COMPOSITE_LIGHTER_COLOR", lambda below, above: numpy.where(_brighter(above, below), above, below)),
    26: ("COMPOSITE_DARKER_COLOR", lambda below, above: numpy.where(_brighter(below, above), above, below)),
}
"""Modes that look at all three colours of a pixel, as the W3C and, the last two, Adobe define them."""

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
    18: ("COMPOSITE_DIVIDE", _divide),
    19: ("COMPOSITE_LINEAR_DODGE", _add),
    20: ("COMPOSITE_LINEAR_BURN", lambda below, above: numpy.maximum(below + above - 1, 0)),
    21: ("COMPOSITE_LINEAR_LIGHT", lambda below, above: numpy.clip(below + 2 * above - 1, 0, 1)),
    22: ("COMPOSITE_VIVID_LIGHT", _vivid_light),
    23: ("COMPOSITE_PIN_LIGHT", _pin_light),
    24: ("COMPOSITE_HARD_MIX", _hard_mix),
}
"""Value of the CompositeMode property to its name and formula; 0 is normal and needs none."""
