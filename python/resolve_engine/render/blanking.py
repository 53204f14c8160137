"""Output blanking: what lies outside of a rectangle of the finished picture is black.

Every item has its timeline's or its own; where several show at a frame, that of the topmost rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import is_jpeg, is_planar_yuv, plane_view, signature

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.media.av_safe.pictures import Signature
    from resolve_engine.render.geometry import Canvas

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom edge of what is shown, in pixels of the timeline counted from its top left corner."""
Shares = list[tuple[Edges | None, float]]
"""The blankings of a frame with the share that each has, which is 1 but in a transition; None shows everything."""

Box = tuple[int, int, int, int]
"""x, y, width and height in pixels of the output."""


class Blanker:
    """Blanks pictures of one canvas. Used by one thread."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._graph: tuple[Signature, Box, PictureGraph] | None = None

    def quickly(self, picture: Picture, shares: Shares) -> Picture | None:
        """A finished picture of the whole output with one blanking, in its own format; None where that would touch
        pixels beside the edge."""
        name = picture.format.name
        edges, _ = shares[0]
        if len(shares) > 1 or edges is None or not is_planar_yuv(name) or is_jpeg(name):
            return None
        x, y, width, height = box = self._box(edges)
        if width < 2 or height < 2 or any(number % 2 for number in box):
            return None
        form = signature(picture)
        if self._graph is None or self._graph[:2] != (form, box):
            graph = PictureGraph([form])
            cut: FilterStep = ("crop", {"x": x, "y": y, "w": width, "h": height, "exact": 1})
            put: FilterStep = ("pad", {"x": x, "y": y, "w": picture.width, "h": picture.height, "color": "black"})
            graph.finish(graph.chain(0, [cut, put]))
            self._graph = form, box, graph
        return self._graph[2].run([picture])

    def draw(self, picture: Picture, shares: Shares) -> None:
        """Blank a float picture in its place. Bars are opaque."""
        size = picture.height, picture.width
        shown = numpy.zeros(size, numpy.float32)
        for edges, share in shares:
            x, y, width, height = (0, 0, size[1], size[0]) if edges is None else self._box(edges)
            shown[y : y + height, x : x + width] += numpy.float32(share)
        for index, component in enumerate(picture.format.components):
            plane = plane_view(picture, index)
            plane *= shown
            if component.is_alpha:
                plane += 1 - shown

    def _box(self, edges: Edges) -> Box:
        """The rectangle that is shown; empty when the edges cross."""
        canvas = self._canvas
        across, down = canvas.size[0] / canvas.timeline_width, canvas.size[1] / canvas.timeline_height
        left, right = (min(max(round(edge * across), 0), canvas.size[0]) for edge in (edges[0], edges[2]))
        top, bottom = (min(max(round(edge * down), 0), canvas.size[1]) for edge in (edges[1], edges[3]))
        return left + canvas.corner[0], top + canvas.corner[1], max(right - left, 0), max(bottom - top, 0)
