"""The last step of a timeline's picture: its own grade, on all layers together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy

from resolve_engine.colour.bake import acts, cube_for, is_exact
from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import plane_view, signature, unset
from resolve_engine.render.exact import ExactGrade

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import NodeSpec

WIDE = (-0.5, 1.5)
"""The values that the lattice reaches: grades of items leave some below black and above white, which must not be cut
off before the timeline's grade. 0 and 1 are points of it."""

CLOSE = (-1 / 6, 7 / 6)
"""The same where it converts to an output colour space, which needs points nearer to one another."""


class Finish:
    """Grades finished float pictures of one timeline."""

    def __init__(self, nodes: Sequence[NodeSpec]) -> None:
        self.nodes = tuple(nodes)
        self.acts = acts(nodes)
        """Whether there is anything to do."""
        self._exact = ExactGrade(nodes) if is_exact(nodes) else None
        self._graph: tuple[str, PictureGraph] | None = None
        """For pictures of one format and level, the latest."""

    def run(self, picture: Picture, level: float) -> Picture:
        """A float picture, alpha not multiplied in, in which white is `level` before and after."""
        if self._exact is not None:
            return self._exact.run(picture, level, level)
        purpose = f"{picture.format.name} {level}"
        if self._graph is None or self._graph[0] != purpose:
            graph = PictureGraph([signature(picture)])
            graph.finish(graph.chain(0, self._steps(level)))
            self._graph = purpose, graph
        return self._graph[1].run([picture])

    def _steps(self, level: float) -> list[FilterStep]:
        low, high = CLOSE if any(node.convert for node in self.nodes) else WIDE
        cube = cube_for(self.nodes, level, (low, high))
        if cube is None:
            return [("null", {})]
        # The filter makes (value - black) / (2 ** -exposure - black) of a value: 0 of low and 1 of high.
        shift: dict[str, object] = {"black": low * level, "exposure": -math.log2(high * level)}
        return [("exposure", shift), ("lut3d", {"file": cube, "interp": "tetrahedral"})]


def blacken(picture: Picture, frame: tuple[int, int, int, int]) -> None:
    """Make the bars beside the timeline's frame (x, y, width, height) black again."""
    x, y, width, height = frame
    for index in range(3):
        plane = plane_view(picture, index)
        for bar in (plane[: max(0, y)], plane[y + height :], plane[:, : max(0, x)], plane[:, x + width :]):
            bar.fill(0)


def multiply_alpha(picture: Picture) -> None:
    """Multiply the colours of a float picture by its alpha."""
    alpha = plane_view(picture, 3)
    for index in range(3):
        plane = plane_view(picture, index)
        plane *= alpha


def multiplied(picture: Picture, opaque: float) -> Picture:
    """A copy of a float picture with the colours multiplied by its alpha, whose full opacity is `opaque`."""
    result = unset(picture.width, picture.height, picture.format.name)
    alpha = plane_view(picture, 3)
    share = alpha * numpy.float32(1 / opaque)
    for index in range(3):
        numpy.multiply(plane_view(picture, index), share, out=plane_view(result, index))
    numpy.copyto(plane_view(result, 3), alpha)
    return result
