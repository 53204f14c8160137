"""The float picture that layers are put down on, and the way a layer is put down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy
from numpy.typing import NDArray

from resolve_engine.media.av_safe.pictures import blank, plane_view

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.blend import Blend, Plane


@dataclass(frozen=True)
class LayerPicture:
    """A layer as floats, cut and turned, and where it stands."""

    planes: tuple[Plane, Plane, Plane]
    """Green, blue, red, as FFmpeg orders them."""
    alpha: Plane | None
    """Opacity of each pixel, 0 to 1; None where it is opaque."""
    premultiplied: bool
    """Whether the colours were multiplied by the alpha already."""
    level: float
    """The value of white."""
    place: tuple[int, int]
    """x, y of its top left corner in the timeline's frame."""
    opacity: float
    blend: Blend | None
    """Formula of its composite mode; None for normal."""


class FloatCanvas:
    """A `gbrpf32le` picture of the output's size; layers appear only inside the timeline's frame in it."""

    def __init__(self, size: tuple[int, int], frame: tuple[int, int, int, int], level: float) -> None:
        self._size = size
        self._frame = frame
        """x, y, width, height of the timeline's frame."""
        self.level = level
        """The value of white: what the output format widens to, so that the last conversion is exact."""
        self.picture: Picture = blank(*size, "gbrpf32le")
        self._planes = self._views()

    def renew(self) -> None:
        """Take a new picture, for an output that keeps the old one."""
        self.picture = blank(*self._size, "gbrpf32le")
        self._planes = self._views()

    def _views(self) -> tuple[Plane, ...]:
        """The planes as arrays that write into the picture."""
        return tuple(plane_view(self.picture, index) for index in range(3))

    def clear(self) -> None:
        """Black."""
        for plane in self._planes:
            plane.fill(0)

    def put(self, layer: LayerPicture) -> None:
        """Put a layer over what is there."""
        height, width = layer.planes[0].shape
        left, top = layer.place[0] + self._frame[0], layer.place[1] + self._frame[1]
        x0, y0 = max(left, self._frame[0]), max(top, self._frame[1])
        x1 = min(left + width, self._frame[0] + self._frame[2])
        y1 = min(top + height, self._frame[1] + self._frame[3])
        if x1 <= x0 or y1 <= y0:
            return
        inside = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        alpha = None if layer.alpha is None else layer.alpha[inside]
        for below, colour in zip(self._planes, layer.planes, strict=True):
            self._put_plane(below[y0:y1, x0:x1], colour[inside], alpha, layer)

    def _put_plane(self, below: Plane, above: Plane, alpha: Plane | None, layer: LayerPicture) -> None:
        ratio = numpy.float32(self.level / layer.level)
        if layer.blend is not None:
            self._blend(below, above, alpha, layer)
        elif alpha is None and layer.opacity >= 1:
            if ratio == 1:
                numpy.copyto(below, above)
            else:
                numpy.multiply(above, ratio, out=below)
        elif alpha is None:
            difference = above * ratio
            difference -= below
            difference *= numpy.float32(layer.opacity)
            below += difference
        else:
            weight = alpha * numpy.float32(layer.opacity)
            if layer.premultiplied:
                below *= 1 - weight
                below += above * (ratio * numpy.float32(layer.opacity))
            else:
                difference = above * ratio
                difference -= below
                difference *= weight
                below += difference

    def _blend(self, below: Plane, above: Plane, alpha: Plane | None, layer: LayerPicture) -> None:
        assert layer.blend is not None
        base = numpy.clip(below / numpy.float32(self.level), 0, 1)
        colour = above / numpy.float32(layer.level)
        if alpha is not None and layer.premultiplied:
            colour = numpy.divide(colour, alpha, out=numpy.zeros_like(colour), where=alpha > 0)
        colour = numpy.clip(colour, 0, 1)
        mixed: NDArray[numpy.float32] = layer.blend(base, colour)
        weight = numpy.float32(layer.opacity) if alpha is None else alpha * numpy.float32(layer.opacity)
        numpy.multiply(base + (mixed - base) * weight, numpy.float32(self.level), out=below)
