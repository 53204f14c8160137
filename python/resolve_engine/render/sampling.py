"""Pictures sampled between their pixels, with the kernels of FFmpeg's scaler: for what stands on no whole pixels.

The scaler makes whole pixels of whole pixels and cannot begin inside of one. Here each axis is a matrix that is zero
but for a band around its diagonal, multiplied block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy
from numpy.typing import NDArray

from resolve_engine.media.av_safe.pictures import plane_view, unset
from resolve_engine.render.coverage import upright

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.geometry import Placement
    from resolve_engine.render.span import Between

Floats = NDArray[numpy.float32]
Doubles = NDArray[numpy.float64]

_BLOCK = 16
"""Pixels that are made by one small matrix: of the sizes from 8 to 48 the quickest (2 ms a plane of 1080p)."""
_AT_ONCE = 1 << 18
"""Multiplications of one product: with more OpenBLAS calls for all processors, whose waiting for one another costs ten
times what is worked out."""
_TINY = 1 / 1024
"""Of full opacity: below it a pixel has no colour that could be told."""


def _spline(b: float, c: float) -> Callable[[Doubles], Doubles]:
    """Mitchell's and Netravali's family of cubics."""

    def weight(d: Doubles) -> Doubles:
        near = ((12 - 9 * b - 6 * c) * d + (-18 + 12 * b + 6 * c)) * d * d + (6 - 2 * b)
        far = (((-b - 6 * c) * d + (6 * b + 30 * c)) * d - (12 * b + 48 * c)) * d + (8 * b + 24 * c)
        return numpy.where(d < 1, near, numpy.where(d < 2, far, 0.0)) / 6

    return weight


def _lanczos(d: Doubles) -> Doubles:
    return numpy.where(d < 3, numpy.sinc(d) * numpy.sinc(d / 3), 0.0)


def _area(d: Doubles) -> Doubles:
    """The share of a pixel that lies inside of another one of the same size."""
    return numpy.maximum(0.0, 1 - d)


_KERNELS: dict[str, tuple[float, Callable[[Doubles], Doubles]]] = {
    "bicubic": (2, _spline(0, 0.6)),
    "bicubic:param0=0:param1=0.5": (2, _spline(0, 0.5)),
    "bicubic:param0=1:param1=0": (2, _spline(1, 0)),
    "bicubic:param0=0.3333:param1=0.3333": (2, _spline(1 / 3, 1 / 3)),
    "bilinear": (1, lambda d: numpy.maximum(0.0, 1 - d)),
    "area": (1, _area),
    "gauss": (4, lambda d: numpy.exp2(-3 * d * d)),
    "lanczos": (3, _lanczos),
    "sinc": (10, numpy.sinc),
    "neighbor": (0.5, lambda d: (d <= 0.5).astype(float)),
}
"""The scaler's kernels by the words of `support.RESIZE_FILTERS`: how far each reaches, and its weight at a distance, in
pixels of the source or, where the picture is made smaller, of what comes out."""


@dataclass(frozen=True)
class _Axis:
    """How one axis is sampled."""

    blocks: tuple[tuple[int, int, int, int, Floats], ...]
    """First and end of some pixels that come out, first and end of those that they are made of, and the matrix."""

    @property
    def work(self) -> int:
        """Multiplications for one line."""
        return sum(matrix.size for *_, matrix in self.blocks)


class Sampler:
    """Samples pictures of one size. Used by one thread."""

    def __init__(self, placement: Placement, between: tuple[Between, Between], kernel: str) -> None:
        self._size = placement.cut[2:]
        flips = placement.flip_x, placement.flip_y
        self._across, self._down = (
            _axis(of, source, count, flip, kernel)
            for of, source, count, flip in zip(between, placement.window[2:], self._size, flips, strict=True)
        )
        self._cover = upright(placement) if placement.rotation % 90 == 0 else None

    def run(self, picture: Picture, opaque: float) -> Picture:
        """A new float picture of a float one of planes, whose full opacity is `opaque`; with an alpha that is not
        multiplied in where there was one or where pixels are covered in part. One that will be turned goes on beyond
        its edges."""
        clear = len(picture.format.components) > 3
        result = unset(*self._size, "gbrapf32le" if clear or self._cover is not None else "gbrpf32le")
        alpha = plane_view(picture, 3) if clear else None
        for index in range(3):
            plane = plane_view(picture, index)
            self._sample(plane if alpha is None else plane * alpha, plane_view(result, index))
        if alpha is not None:
            made = plane_view(result, 3)
            self._sample(alpha, made)
            for index in range(3):
                colour = plane_view(result, index)
                numpy.divide(colour, made, out=colour, where=made > _TINY * opaque)
            numpy.clip(made, 0, opaque, out=made)
            if self._cover is not None:
                made *= self._cover
        elif self._cover is not None:
            numpy.copyto(plane_view(result, 3), self._cover)
        return result

    def _sample(self, plane: Floats, into: Floats) -> None:
        (width, height), (rows, columns) = self._size, plane.shape
        across, down = self._across.work, self._down.work
        if across * rows + down * width < down * columns + across * height:
            between = numpy.empty((rows, width), numpy.float32)
            self._columns(plane, between)
            self._rows(between, into)
        else:
            between = numpy.empty((height, columns), numpy.float32)
            self._rows(plane, between)
            self._columns(between, into)

    def _rows(self, plane: Floats, into: Floats) -> None:
        count = plane.shape[1]
        for first, end, low, high, matrix in self._down.blocks:
            step = max(1, _AT_ONCE // matrix.size)
            for left in range(0, count, step):
                right = min(left + step, count)
                numpy.matmul(matrix, plane[low:high, left:right], out=into[first:end, left:right])

    def _columns(self, plane: Floats, into: Floats) -> None:
        count = plane.shape[0]
        for first, end, low, high, matrix in self._across.blocks:
            step = max(1, _AT_ONCE // matrix.size)
            for top in range(0, count, step):
                bottom = min(top + step, count)
                numpy.matmul(plane[top:bottom, low:high], matrix.T, out=into[top:bottom, first:end])


def _axis(between: Between, source: int, count: int, flip: bool, kernel: str) -> _Axis:
    """Beyond the ends of the source its last pixels go on."""
    reach, weight = _KERNELS["bilinear" if kernel == "area" and between.scale >= 1 else kernel]
    wide = max(1.0, 1 / between.scale)
    middles = between.first + (numpy.arange(count) + 0.5) / between.scale - 0.5
    taps = int(numpy.ceil(2 * reach * wide)) + 1
    places = numpy.floor(middles - reach * wide)[:, None] + numpy.arange(taps + 1)
    weights = weight(numpy.abs(places - middles[:, None]) / wide)
    weights /= weights.sum(axis=1, keepdims=True)
    places = numpy.clip(places, 0, source - 1).astype(int)
    if flip:
        places = source - 1 - places
    blocks = []
    for first in range(0, count, _BLOCK):
        end = min(first + _BLOCK, count)
        used = places[first:end]
        low, high = int(used.min()), int(used.max()) + 1
        matrix = numpy.zeros((end - first, high - low), numpy.float64)
        numpy.add.at(matrix, (numpy.arange(end - first)[:, None], used - low), weights[first:end])
        blocks.append((first, end, low, high, matrix.astype(numpy.float32)))
    return _Axis(tuple(blocks))
