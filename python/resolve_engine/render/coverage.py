"""How much of each pixel a picture covers whose edges lie between pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from resolve_engine.render.geometry import cosine_and_sine

if TYPE_CHECKING:
    from resolve_engine.render.geometry import Placement
    from resolve_engine.render.span import Between

Floats = NDArray[numpy.float32]


def upright(placement: Placement) -> Floats | None:
    """The shares of the pixels of what remains of a picture that is sampled between pixels, before it is turned; None
    where it covers all of them."""
    if placement.between is None or not placement.partial:
        return None
    across, down = (
        _inside(numpy.arange(count) + 0.5, of, 1.0, 0.0)
        for of, count in zip(placement.between, placement.cut[2:], strict=True)
    )
    return numpy.outer(down, across).astype(numpy.float32)


def turned(placement: Placement) -> Floats:
    """The shares of the pixels of the box around a turned picture that is sampled between pixels."""
    assert placement.between is not None
    cosine, sine = cosine_and_sine(placement.rotation)
    (width, height), (across, down) = placement.cut[2:], placement.box
    right = (numpy.arange(across) + 0.5 - across / 2)[None, :]
    below = (numpy.arange(down) + 0.5 - down / 2)[:, None]
    x, y = placement.between
    inside = _inside(cosine * right - sine * below + width / 2, x, abs(cosine), abs(sine))
    inside *= _inside(sine * right + cosine * below + height / 2, y, abs(cosine), abs(sine))
    return inside.astype(numpy.float32)


def _inside(places: NDArray[Any], of: Between, long: float, short: float) -> NDArray[Any]:
    """How much of pixels with their middles at some places along an axis lies between the edges across it. Seen along
    the axis a turned pixel is a trapezoid: two boxes, `long` and `short`, one laid over the other."""
    result: NDArray[Any] = _share(places - of.kept[0], long, short)
    result *= _share(of.kept[1] - places, long, short)
    if of.soft is not None:
        comes, come, goes, gone = of.soft
        result *= _ramp(places - comes, come - comes)
        result *= _ramp(gone - places, gone - goes)
    return result


def _ramp(distance: NDArray[Any], width: float) -> NDArray[Any]:
    """The mean over a pixel of a ramp from 0 to 1, from whose beginning its middle is so far."""

    def area(to: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = to.clip(0, width) ** 2 / (2 * width) + numpy.maximum(to - width, 0)
        return found

    mean: NDArray[Any] = area(distance + 0.5) - area(distance - 0.5)
    return mean


def _share(distance: NDArray[Any], long: float, short: float) -> NDArray[Any]:
    """How much of a pixel lies beyond an edge from which its middle is so far."""
    if min(long, short) < 1e-6:
        straight: NDArray[Any] = numpy.clip(distance / max(long, short) + 0.5, 0, 1)
        return straight

    def below(by: float) -> NDArray[Any]:
        square: NDArray[Any] = numpy.maximum(distance + by, 0) ** 2
        return square

    outer, inner = (long + short) / 2, (long - short) / 2
    share: NDArray[Any] = (below(outer) - below(inner) - below(-inner) + below(-outer)) / (2 * long * short)
    return share.clip(0, 1)
