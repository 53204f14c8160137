"""The shapes of transitions between pictures: which part of the frame shows the one that comes.

Resolve's parameters of them cannot be read or set by scripts. What is drawn is said beside each: edges are hard but for
half a pixel on each side, there are no borders, and everything is centred.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from numpy.typing import NDArray

Plane = NDArray[Any]
"""Of floats, height x width."""

DIP = "Dip To Color Dissolve"
"""Through black: the one that goes is gone half way, and then the other comes."""
PUSH, SLIDE = "Push", "Slide"
"""The one that comes moves in from the left, and pushes the other out or slides over it. Of Push that was measured."""


def share(name: str, progress: float, width: int, height: int) -> Plane | float:
    """How much of each pixel is of the picture that comes; one number where that is everywhere the same."""
    wipe = _WIPES.get(name)
    if wipe is None:
        return progress
    across = (numpy.arange(width, dtype=numpy.float32) + 0.5)[None, :]
    down = (numpy.arange(height, dtype=numpy.float32) + 0.5)[:, None]
    inside = wipe(across, down, width, height, progress)
    return numpy.ascontiguousarray(numpy.broadcast_to(numpy.clip(inside + 0.5, 0, 1), (height, width)), numpy.float32)


def _edge(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """From left to right."""
    return numpy.float32(progress * width) - across


def _center(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """From the middle to the left and to the right."""
    return numpy.float32(progress * width / 2) - numpy.abs(across - width / 2)


def _barn_door(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """From the left and the right to the middle."""
    return numpy.abs(across - width / 2) - numpy.float32((1 - progress) * width / 2)


def _blinds(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """Ten strips, each from its top down."""
    strip = height / 10
    return numpy.float32(progress * strip) - numpy.mod(down, strip)


def _clock(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """Clockwise from twelve."""
    x, y = across - width / 2, down - height / 2
    angle = numpy.mod(numpy.arctan2(x, -y), 2 * numpy.pi)
    return (numpy.float32(progress * 2 * numpy.pi) - angle) * numpy.hypot(x, y)


def _square(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """A square that opens from the middle."""
    x, y = numpy.abs(across - width / 2), numpy.abs(down - height / 2)
    return numpy.float32(progress * max(width, height) / 2) - numpy.maximum(x, y)


def _diamond(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """A square on its corner that opens from the middle."""
    x, y = numpy.abs(across - width / 2), numpy.abs(down - height / 2)
    return (numpy.float32(progress * (width + height) / 2) - x - y) / numpy.float32(numpy.sqrt(2))


def _oval(across: Plane, down: Plane, width: int, height: int, progress: float) -> Plane:
    """An ellipse of the frame's shape that opens from the middle."""
    x, y = (across - width / 2) / (width / 2), (down - height / 2) / (height / 2)
    return (numpy.float32(progress * numpy.sqrt(2)) - numpy.hypot(x, y)) * numpy.float32(min(width, height) / 2)


_WIPES: dict[str, Callable[[Plane, Plane, int, int, float], Plane]] = {
    "Barn Door": _barn_door,
    "Center Wipe": _center,
    "Clock Wipe": _clock,
    "Diamond Iris": _diamond,
    "Edge Wipe": _edge,
    "Oval Iris": _oval,
    "Square Iris": _square,
    "Venetian Blind Wipe": _blinds,
}
"""How far each pixel lies inside the part that shows the picture that comes, in pixels, negative outside."""
