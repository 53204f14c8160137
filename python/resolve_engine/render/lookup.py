"""Grades of eight-bit pictures by looking up: every colour is graded once, and pictures take theirs from there.

A picture of YUV has 16.7 million possible colours. Taking each pixel's from a table costs two fifths of what the way
through RGB and a lattice does (16 against 40 ms at 1080p), and is as exact as eight bits are; making the table costs as
much as grading ten frames. So it is for renders, not for single frames.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import numpy
from numpy.typing import NDArray

from resolve_engine.colour.bake import acts
from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import (
    LIMITED,
    Picture,
    Signature,
    bit_depth,
    has_alpha,
    is_jpeg,
    is_rgb,
    part_view,
    signature,
    unset,
)
from resolve_engine.render.levels import to_format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resolve_engine.render.spec import ItemSpec, NodeSpec, TimelineSpec

Table: TypeAlias = NDArray[numpy.uint32]
"""The graded colour at V * 65536 + U * 256 + Y: V, U and Y from the lowest byte up, as a `vuyx` picture has them."""

MOST_TABLES = 2
"""Tables that a render keeps: 64 MiB each. Further grades go through their lattices."""

WORTH = 80_000_000
"""Pixels that a grade must have in a render to get a table: 40 frames at 1080p, of which making it costs 10."""

_SIDE = 256
_PART = 16
"""Values of V that are graded at once: pictures of a million colours, 6 MB in sixteen bits."""

_ROWS = 32
"""Rows that are looked up at once, so that their places stay in the processor's cache."""

_QUICK: dict[str, object] = {"flags": "bicubic"}
"""Scaler flags between formats of eight bits, where exact rounding takes twice as long and changes no code by more than
one."""


class Lookups:
    """The tables of one render. Belongs to one thread."""

    def __init__(self, timeline: TimelineSpec, frames: range, pixels: int) -> None:
        """`frames` are those of the timeline that will be rendered, in pictures of so many `pixels`."""
        counts: Counter[tuple[NodeSpec, ...]] = Counter()
        for item in _graded(timeline):
            counts[item.nodes] += max(0, min(item.end, frames.stop) - max(item.start, frames.start))
        self._worth = {nodes for nodes, count in counts.most_common(MOST_TABLES) if count * pixels >= WORTH}
        self._tables: dict[tuple[str, int, int], Table] = {}

    def takes(self, item: ItemSpec, source: str, target: str) -> bool:
        """Whether an item's grade is looked up, for a source and an output of these pixel formats."""
        return item.nodes in self._worth and _is_plain(source) and _is_plain(target)

    def table(self, cube: str, form: Signature) -> Table | None:
        """The table of the grade in a cube file, for pictures with the matrix and the range of a signature; None when
        there are as many as are kept."""
        key = (cube, form.space, form.range)
        if key not in self._tables:
            if len(self._tables) == MOST_TABLES:
                return None
            self._tables[key] = _table(cube, form)
        return self._tables[key]


class Lookup:
    """Grades pictures of one signature by a table."""

    def __init__(self, table: Table, form: Signature, before: list[FilterStep], size: tuple[int, int], to: str) -> None:
        """`before` are the filters that make `nv24` pictures of this size of them; `to` is what comes out."""
        self._table = table
        self._widen = PictureGraph([form])
        self._widen.finish(self._widen.chain(0, before))
        self._size = size
        looked_up = signature(self._unset())
        self._narrow = PictureGraph([looked_up])
        self._narrow.finish(self._narrow.chain(0, to_format(to, **_QUICK)))
        rows, width = min(_ROWS, size[1]), size[0]
        self._places = numpy.zeros((rows, width), numpy.int64)
        # Y is the lowest byte of a place, U and V are the two above it.
        self._luma = numpy.ndarray((rows, width), "u1", self._places, 0, (width * 8, 8))
        self._chroma = numpy.ndarray((rows, width), "<u2", self._places, 1, (width * 8, 8))

    def _unset(self) -> Picture:
        return unset(*self._size, "vuyx")

    def run(self, picture: Picture) -> Picture:
        """A new picture, graded."""
        wide, result = self._widen.run([picture]), self._unset()
        (width, height), rows = self._size, len(self._places)
        luma, chroma = part_view(wide, 0, "u1", width), part_view(wide, 1, "<u2", width)
        colours = part_view(result, 0, "<u4", width)
        for top in range(0, height, rows):
            end = min(top + rows, height)
            self._luma[: end - top] = luma[top:end]
            self._chroma[: end - top] = chroma[top:end]
            numpy.take(self._table, self._places[: end - top], out=colours[top:end], mode="clip")
        return self._narrow.run([result])


def widened(**scale: object) -> list[FilterStep]:
    """The steps that bring a picture to the format that is looked up, with its own matrix and range."""
    return [("scale", {"in_chroma_loc": "left", **_QUICK, **scale}), ("format", {"pix_fmts": "nv24"})]


def _is_plain(pixel_format: str) -> bool:
    """Whether a format is YUV of eight bits without alpha, whose range may be limited."""
    yuv = not is_rgb(pixel_format) and not is_jpeg(pixel_format) and not pixel_format.startswith("gray")
    return yuv and bit_depth(pixel_format) == 8 and not has_alpha(pixel_format)


def _graded(timeline: TimelineSpec) -> Iterable[ItemSpec]:
    """The items that are graded, by themselves or with the whole timeline."""
    for track in timeline.video:
        if track.enabled:
            yield from (
                item
                for item in track.items
                if item.enabled and not item.adjusts and acts((*item.nodes, *timeline.nodes))
            )


def _table(cube: str, form: Signature) -> Table:
    """Every colour through the cube, in pictures of 256 values of Y across and of U and V down."""
    table = numpy.empty((_SIDE, _SIDE, _SIDE, 4), numpy.uint8)
    table[..., 3] = 255
    part = unset(_SIDE, _SIDE * _PART, "yuv444p")
    part.colorspace, part.color_range = form.space, form.range or LIMITED
    values = numpy.arange(_SIDE, dtype=numpy.uint8)
    luma, blue, red = (part_view(part, index, "u1", _SIDE) for index in range(3))
    luma[:] = values
    blue[:] = numpy.tile(values, _PART)[:, None]
    graph = PictureGraph([signature(part)])
    steps: list[FilterStep] = [("lut3d", {"file": cube, "interp": "tetrahedral"})]
    graph.finish(graph.chain(0, [*to_format("gbrp16le"), *steps, *to_format("yuv444p")]))
    for first in range(0, _SIDE, _PART):
        red[:] = numpy.repeat(values[first : first + _PART], _SIDE)[:, None]
        graded = graph.run([part])
        for place, index in ((2, 0), (1, 1), (0, 2)):
            plane = part_view(graded, index, "u1", _SIDE)
            table[first : first + _PART, ..., place] = plane.reshape(_PART, _SIDE, _SIDE)
    return table.reshape(-1).view(numpy.uint32)
