"""Layers put on the very codes of a finished YUV picture of eight bits, without a way through RGB.

Mixing in proportion gives the same colour in YUV as in RGB, so a picture in picture or a title costs what its area
costs and the rest of the frame keeps its codes. Where a mode of mixing is not in proportion, `patch` has to do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from resolve_engine.media.av_safe.pictures import bit_depth, is_jpeg, is_planar_yuv, part_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resolve_engine.media.av_safe import Picture

    Floats = NDArray[numpy.float32]
    Codes = NDArray[numpy.uint8]


@dataclass(frozen=True)
class Part:
    """What a layer lays on one plane."""

    place: tuple[int, int]
    """x, y on the plane, which may lie outside of it."""
    colour: Floats
    """Codes, multiplied by what is covered."""
    covered: Floats | None
    """How much of each sample the layer covers, 0 to 1; None where it covers all."""


def takes_codes(pixel_format: str) -> bool:
    """Whether layers can be put on the codes of a format."""
    return is_planar_yuv(pixel_format) and not is_jpeg(pixel_format) and bit_depth(pixel_format) == 8


def steps_of(picture: Picture) -> list[tuple[int, int]]:
    """Pixels of the picture for one sample of each plane, across and down."""
    form = picture.format
    return [(picture.width // one.width, picture.height // one.height) for one in form.components]


def parts_of_planes(picture: Picture, place: tuple[int, int]) -> list[Part]:
    """The parts of an opaque picture that has the planes of the one below, and stands on whole samples of them all."""
    parts = []
    for index, (across, down) in enumerate(steps_of(picture)):
        plane = part_view(picture, index, "u1", picture.format.components[index].width)
        parts.append(Part((place[0] // across, place[1] // down), plane.astype(numpy.float32), None))
    return parts


def parts_of_samples(
    samples: Sequence[Codes], alpha: Codes | Floats | None, multiplied: bool, place: tuple[int, int],
    steps: Sequence[tuple[int, int]],
) -> list[Part]:  # fmt: skip
    """The parts of a layer that has a sample of Y, U and V for each pixel; `multiplied` when they hold the alpha
    already. `alpha` is in codes of eight bits, or between them. `steps` are those of the picture below."""
    share = numpy.ones(samples[0].shape, numpy.float32) if alpha is None else alpha * numpy.float32(1 / 255)
    parts = []
    cover: dict[tuple[int, int], Floats] = {}
    for plane, (across, down) in zip(samples, steps, strict=True):
        colour = plane.astype(numpy.float32)
        if not multiplied:
            colour *= share
        if (across, down) not in cover:
            cover[across, down] = _averaged(share, place, across, down)
        parts.append(
            Part(
                (place[0] // across, place[1] // down),
                _averaged(colour, place, across, down),
                cover[across, down],
            )
        )
    return parts


def _averaged(plane: Floats, place: tuple[int, int], across: int, down: int) -> Floats:
    """The means of the pixels that share a sample, with nothing around the layer. A sample lies on the first of its two
    columns: half of it is that one, and a quarter each of the two beside it."""
    if (across, down) == (1, 1):
        return plane
    left, top = place[0] % across, place[1] % down
    height, width = plane.shape
    right, bottom = -(left + width) % across, -(top + height) % down
    if across == 2:
        left, right = left + 1, right + 2
    if left or top or right or bottom:
        plane = numpy.pad(plane, ((top, bottom), (left, right)))
    total = numpy.zeros((plane.shape[0] // down, plane.shape[1]), numpy.float32)
    for y in range(down):
        total += plane[y::down]
    total *= numpy.float32(1 / down)
    if across == 2:
        total = total[:, 1:-1:2] * numpy.float32(0.5) + (total[:, 0:-2:2] + total[:, 2::2]) * numpy.float32(0.25)
    return total


def put(picture: Picture, parts: Sequence[Part], opacity: float) -> None:
    """Put a layer on a picture that nobody else holds."""
    share = numpy.float32(opacity)
    for index, part in enumerate(parts):
        component = picture.format.components[index]
        target: NDArray[Any] = part_view(picture, index, "u1", component.width)
        x, y = part.place
        height, width = part.colour.shape
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + width, component.width), min(y + height, component.height)
        if left >= right or top >= bottom:
            continue
        inside = slice(top - y, bottom - y), slice(left - x, right - x)
        below = target[top:bottom, left:right]
        mixed = part.colour[inside] * share
        kept = below * (1 - share) if part.covered is None else below - below * (part.covered[inside] * share)
        mixed += kept
        mixed += numpy.float32(0.5)
        below[:] = mixed
