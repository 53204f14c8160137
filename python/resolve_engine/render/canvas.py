"""The float picture that layers are put down on, and the way a layer is put down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy
from numpy.typing import NDArray

from resolve_engine.media.av_safe.pictures import blank, plane_view
from resolve_engine.render.wipes import DIP, PUSH, SLIDE, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.blend import Blend, Mixture, Plane


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
    mixture: Mixture | None = None
    """The same where it takes all three colours at once."""

    def within(self, cover: NDArray[numpy.float32], clear: bool) -> LayerPicture:
        """What covers only these shares of its pixels; `clear` when it has an alpha of its own there."""
        if self.alpha is None or not clear:
            return replace(self, alpha=cover, premultiplied=False)
        if not self.premultiplied:
            return replace(self, alpha=self.alpha * cover)
        green, blue, red = (plane * cover for plane in self.planes)
        return replace(self, planes=(green, blue, red), alpha=self.alpha * cover)


class FloatCanvas:
    """A `gbrpf32le` picture that layers are put down on; they appear only inside the timeline's frame."""

    def __init__(
        self, size: tuple[int, int], frame: tuple[int, int, int, int], level: float, transparent: bool = False
    ) -> None:
        self._format = "gbrapf32le" if transparent else "gbrpf32le"
        """With transparency it keeps how much of each pixel is covered; `straighten` must follow the last layer."""
        self._size = size
        self._frame = frame
        """x, y, width, height of the timeline's frame, seen from the canvas; it may reach beyond it."""
        self.level = level
        """The value of white: what the output format widens to, so that the last conversion is exact."""
        self._scratch = numpy.empty((size[1], size[0]), numpy.float32)
        """Room for one plane of intermediate values; made anew for each plane it costs more than the sums."""
        self.picture: Picture = blank(*size, self._format)
        self._planes = self._views()

    def renew(self) -> None:
        """Take a new picture, for an output that keeps the old one."""
        self.picture = blank(*self._size, self._format)
        self._planes = self._views()

    def _views(self) -> tuple[Plane, ...]:
        """The planes as arrays that write into the picture: three colours, and what is covered where that is kept."""
        return tuple(plane_view(self.picture, index) for index in range(len(self.picture.format.components)))

    def take(self, picture: Picture) -> None:
        """Begin with a float picture of the same size, whose white is at the canvas's level."""
        for index, plane in enumerate(self._planes):
            numpy.copyto(plane, plane_view(picture, index))

    def clear(self) -> None:
        """Black."""
        for plane in self._planes:
            plane.fill(0)

    def cross(self, before: LayerPicture | None, after: LayerPicture | None, progress: float, name: str) -> None:
        """Put two layers down as a transition that has come so far, 0 to 1: what the one would make of the canvas and
        what the other would, mixed. So it is right for pictures that are transparent or do not fill the frame, too."""
        if name in (PUSH, SLIDE):
            self._push(before, after, progress, name)
        elif name == DIP:
            self._dip(before if progress < 0.5 else after, abs(1 - 2 * progress))
        else:
            self._mix(before, after, self._share(name, progress))

    def _share(self, name: str, progress: float) -> Plane | numpy.float32:
        """How much of each pixel of the canvas is of the picture that comes."""
        x, y, width, height = self._frame
        found = share(name, progress, width, height)
        if isinstance(found, float):
            return numpy.float32(found)
        whole = numpy.zeros((self._size[1], self._size[0]), numpy.float32)
        right, bottom = min(x + width, self._size[0]), min(y + height, self._size[1])
        whole[max(y, 0) : bottom, max(x, 0) : right] = found[max(-y, 0) : bottom - y, max(-x, 0) : right - x]
        return whole

    def _push(self, before: LayerPicture | None, after: LayerPicture | None, progress: float, name: str) -> None:
        """The one that comes stands left of the frame by what is left to go."""
        width = self._frame[2]
        left = round((1 - progress) * width)
        for layer, by in ((before, width - left if name == PUSH else 0), (after, -left)):
            if layer is not None:
                self.put(replace(layer, place=(layer.place[0] + by, layer.place[1])))

    def _dip(self, layer: LayerPicture | None, level: float) -> None:
        """A layer, and the rest of it opaque black."""
        if layer is not None:
            self.put(layer)
        for index, plane in enumerate(self._planes):
            plane *= numpy.float32(level)
            if index == 3:
                plane += numpy.float32(1 - level)

    def _mix(self, before: LayerPicture | None, after: LayerPicture | None, weight: Plane | numpy.float32) -> None:
        base = [plane.copy() for plane in self._planes]
        if before is not None:
            self.put(before)
        first = [plane.copy() for plane in self._planes]
        for plane, kept in zip(self._planes, base, strict=True):
            numpy.copyto(plane, kept)
        if after is not None:
            self.put(after)
        for plane, other in zip(self._planes, first, strict=True):
            plane *= weight
            other *= 1 - weight
            plane += other

    def adjust(
        self, grade: Callable[[Picture], Picture], share: Plane | numpy.float32, place: tuple[int, int, int, int]
    ) -> None:
        """Grade what is there, as much as the share of each pixel says, in a part of the timeline's frame: x, y and
        what lies right of it and below. `grade` takes a picture whose alpha is not multiplied in."""
        colours = self._planes[:3]
        covered = self._planes[3] if len(self._planes) > 3 else None
        if covered is not None:
            self.straighten()
        graded = grade(self.picture)
        left, top = self._frame[:2]
        rows = slice(max(top + place[1], top, 0), max(min(top + place[3], top + self._frame[3], self._size[1]), 0))
        columns = slice(
            max(left + place[0], left, 0), max(min(left + place[2], left + self._frame[2], self._size[0]), 0)
        )
        if not isinstance(share, numpy.float32):
            first, before = top + place[1], left + place[0]
            share = share[rows.start - first : rows.stop - first, columns.start - before : columns.stop - before]
        for index, plane in enumerate(colours):
            part = plane[rows, columns]
            part += (plane_view(graded, index)[rows, columns] - part) * share
            if covered is not None:
                plane *= covered

    def straighten(self) -> None:
        """Bring colours that were put over nothing to what they are where they cover: alpha not multiplied in."""
        *colours, covered = self._planes
        for plane in colours:
            numpy.divide(plane, covered, out=plane, where=covered > 0)

    def scale_alpha(self, opaque: float) -> None:
        """Bring what is covered to a format's value of full opacity, as `level` does for white."""
        covered = self._planes[-1]
        covered *= numpy.float32(opaque)

    def put(self, layer: LayerPicture) -> None:
        """Put a layer over what is there."""
        height, width = layer.planes[0].shape
        left, top = layer.place[0] + self._frame[0], layer.place[1] + self._frame[1]
        x0, y0 = max(left, self._frame[0], 0), max(top, self._frame[1], 0)
        x1 = min(left + width, self._frame[0] + self._frame[2], self._size[0])
        y1 = min(top + height, self._frame[1] + self._frame[3], self._size[1])
        if x1 <= x0 or y1 <= y0:
            return
        inside = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        alpha = None if layer.alpha is None else layer.alpha[inside]
        scratch = self._scratch[: y1 - y0, : x1 - x0]
        if layer.mixture is not None:
            self._mixed([plane[y0:y1, x0:x1] for plane in self._planes], inside, alpha, layer)
        else:
            for below, colour in zip(self._planes, layer.planes, strict=False):
                self._put_plane(below[y0:y1, x0:x1], colour[inside], alpha, layer, scratch)
        if len(self._planes) > len(layer.planes):
            covered = self._planes[-1][y0:y1, x0:x1]
            share = numpy.float32(layer.opacity) if alpha is None else alpha * numpy.float32(layer.opacity)
            covered += (1 - covered) * share

    def _put_plane(self, below: Plane, above: Plane, alpha: Plane | None, layer: LayerPicture, scratch: Plane) -> None:
        ratio = numpy.float32(self.level / layer.level)
        opacity = numpy.float32(layer.opacity)
        if layer.blend is not None:
            self._blend(below, above, alpha, layer)
        elif alpha is None and layer.opacity >= 1:
            if ratio == 1:
                numpy.copyto(below, above)
            else:
                numpy.multiply(above, ratio, out=below)
        elif alpha is not None and layer.premultiplied:
            numpy.multiply(alpha, -opacity, out=scratch)
            scratch += 1
            below *= scratch
            numpy.multiply(above, ratio * opacity, out=scratch)
            below += scratch
        else:
            if ratio == 1:
                numpy.subtract(above, below, out=scratch)
            else:
                numpy.multiply(above, ratio, out=scratch)
                scratch -= below
            scratch *= opacity
            if alpha is not None:
                scratch *= alpha
            below += scratch

    def _blend(self, below: Plane, above: Plane, alpha: Plane | None, layer: LayerPicture) -> None:
        assert layer.blend is not None
        base, colour = self._base(below), _colour(above, alpha, layer)
        mixed: NDArray[numpy.float32] = layer.blend(base, colour)
        numpy.multiply(base + (mixed - base) * _weight(alpha, layer), numpy.float32(self.level), out=below)

    def _mixed(self, below: list[Plane], inside: tuple[slice, slice], alpha: Plane | None, layer: LayerPicture) -> None:
        assert layer.mixture is not None
        base = numpy.stack([self._base(plane) for plane in below[:3]])
        mixed = layer.mixture(base, numpy.stack([_colour(plane[inside], alpha, layer) for plane in layer.planes]))
        base += (mixed - base) * _weight(alpha, layer)
        for plane, made in zip(below, base, strict=False):
            numpy.multiply(made, numpy.float32(self.level), out=plane)

    def _base(self, below: Plane) -> Plane:
        """A plane of the canvas as 0 to 1."""
        base: Plane = numpy.clip(below / numpy.float32(self.level), 0, 1)
        return base


def _colour(above: Plane, alpha: Plane | None, layer: LayerPicture) -> Plane:
    """A plane of a layer as 0 to 1, alpha not multiplied in."""
    colour = above / numpy.float32(layer.level)
    if alpha is not None and layer.premultiplied:
        colour = numpy.divide(colour, alpha, out=numpy.zeros_like(colour), where=alpha > 0)
    clipped: Plane = numpy.clip(colour, 0, 1)
    return clipped


def _weight(alpha: Plane | None, layer: LayerPicture) -> Plane | numpy.float32:
    """How much of each pixel is what the two make together."""
    return numpy.float32(layer.opacity) if alpha is None else alpha * numpy.float32(layer.opacity)
