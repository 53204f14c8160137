"""A grade computed pixel by pixel with OpenColorIO, where a lattice would be wrong: from and to linear light.

It costs 80 to 200 ms a frame at 1080p. Film and log footage goes through lattices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.av_safe.pictures import blank, plane_view, tag

if TYPE_CHECKING:
    from resolve_engine.colour.grade import Grade
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import NodeSpec


class ExactGrade:
    """The nodes of a grade, for float pictures."""

    def __init__(self, nodes: Sequence[NodeSpec]) -> None:
        self._nodes = tuple(nodes)
        self._grade: Grade | None = None

    def run(self, picture: Picture, before: float, after: float) -> Picture:
        """A new picture, graded, of a float picture of planes; white is `before` in the one and `after` in the other.
        Alpha stays."""
        if self._grade is None:
            from resolve_engine.colour.grade import Grade

            self._grade = Grade(self._nodes)
        planes = [plane_view(picture, index) for index in range(len(picture.format.components))]
        green, blue, red = planes[:3]
        rgb = numpy.empty((*green.shape, 3), numpy.float32)
        for index, plane in enumerate((red, green, blue)):
            numpy.multiply(plane, numpy.float32(1 / before), out=rgb[..., index])
        self._grade.apply(rgb)
        result = blank(picture.width, picture.height, picture.format.name)
        for index, component in enumerate((1, 2, 0)):
            numpy.multiply(rgb[..., component], numpy.float32(after), out=plane_view(result, index))
        for index in range(3, len(planes)):
            numpy.copyto(plane_view(result, index), planes[index])
        return tag(result)
