"""Layers over a small part of a finished picture: only that part is turned into floats and back.

A picture in picture or a lower third costs what its area costs, and the rest of the frame keeps its very codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import paste, signature
from resolve_engine.render.canvas import FloatCanvas, LayerPicture
from resolve_engine.render.levels import to_format, white_level

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.geometry import Placement

MARGIN = 8
"""Pixels around the part that go through floats with it, so that chroma at its edge has its neighbours."""

WORTH = 0.6
"""Share of the frame up to which a part is cheaper than the whole (measured: a patch costs 2 ms beside its area)."""


@dataclass(frozen=True)
class Region:
    """A part of a frame, on even pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top

    def grown(self, by: int, size: tuple[int, int]) -> Region:
        """With a margin, held to the frame."""
        return Region(
            max(0, self.left - by), max(0, self.top - by), min(size[0], self.right + by), min(size[1], self.bottom + by)
        )


def covered(placements: Sequence[Placement], size: tuple[int, int]) -> Region | None:
    """The part of a frame that layers touch, or None when that is most of it (or the frame is odd)."""
    if size[0] % 2 or size[1] % 2:
        return None
    lefts, tops, rights, bottoms = zip(
        *((p.place[0], p.place[1], p.place[0] + p.box[0], p.place[1] + p.box[1]) for p in placements), strict=True
    )
    region = Region(
        max(0, min(lefts)) // 2 * 2,
        max(0, min(tops)) // 2 * 2,
        min(size[0], (max(rights) + 1) // 2 * 2),
        min(size[1], (max(bottoms) + 1) // 2 * 2),
    )
    width, height = region.size
    if width <= 0 or height <= 0 or width * height > WORTH * size[0] * size[1]:
        return None
    return region


class Patcher:
    """Puts layers on one part of pictures of one format and size."""

    def __init__(self, picture: Picture, region: Region, frame: tuple[int, int, int, int]) -> None:
        self.region = region
        size = (picture.width, picture.height)
        outer = region.grown(MARGIN, size)
        self._place = (region.left, region.top)
        self._inset = (region.left - outer.left, region.top - outer.top, *region.size)
        form = signature(picture)
        self.level = white_level(form.format)
        """The value of white that layers should have."""
        width, height = outer.size
        cut: list[FilterStep] = [("crop", {"x": outer.left, "y": outer.top, "w": width, "h": height})]
        self._copy = PictureGraph([form])
        self._copy.finish(self._copy.chain(0, [("copy", {})]))
        self._widen = PictureGraph([form])
        self._widen.finish(self._widen.chain(0, [*cut, *to_format("gbrpf32le")]))
        self._canvas = FloatCanvas(outer.size, (frame[0] - outer.left, frame[1] - outer.top, *frame[2:]), self.level)
        self._narrow = PictureGraph([signature(self._canvas.picture)])
        self._narrow.finish(self._narrow.chain(0, to_format(form.format)))

    def patched(self, picture: Picture, layers: Sequence[LayerPicture]) -> Picture:
        """A copy of the picture with the layers on it."""
        self._canvas.take(self._widen.run([picture]))
        for layer in layers:
            self._canvas.put(layer)
        part = self._narrow.run([self._canvas.picture])
        result = self._copy.run([picture])
        paste(result, part, self._place, self._inset)
        return result
