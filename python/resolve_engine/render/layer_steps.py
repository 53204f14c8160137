"""The filters that a layer is made with: the way to floats and back, grades, turns."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from resolve_engine.colour.bake import folds
from resolve_engine.media.av_safe.pictures import bit_depth, has_alpha, is_jpeg, is_rgb, is_subsampled, signature
from resolve_engine.render.levels import to_format

if TYPE_CHECKING:
    from resolve_engine.media.av_safe.graphs import FilterStep
    from resolve_engine.media.av_safe.pictures import Picture
    from resolve_engine.render.geometry import Placement

FLOAT, FLOAT_ALPHA = "gbrpf32le", "gbrapf32le"
SIXTEEN = "gbrp16le"
"""What a shallow picture is graded in for a shallow output: a fifth faster than floats, and as good to a 256th of a
code of eight bits."""
SHALLOW = 10
"""Bits up to which that is so."""
BORDER = 2
"""Transparent pixels around a turned picture, so that its edges are smoothed; two lie within one scaler's reach."""

UPSIDE_DOWN: list[FilterStep] = [("vflip", {}), ("copy", {})]
"""The flip alone would answer the same memory read backwards, with negative line sizes that arrays cannot follow."""


def graded_steps(cube: str | None, white: float) -> list[FilterStep]:
    """The grade in a cube file, if any, on a picture with this level of white."""
    if cube is None:
        return []
    steps: list[FilterStep] = [("lut3d", {"file": cube, "interp": "tetrahedral"})]
    return steps if folds(white) else [("exposure", {"exposure": -math.log2(white), "black": 0}), *steps]


def last_steps(placement: Placement, pixel_format: str) -> list[FilterStep]:
    """From floats to what is asked for: turn, pixel format."""
    steps = turned_steps(placement)
    if pixel_format not in (FLOAT, FLOAT_ALPHA):
        steps += to_format(pixel_format)
    return steps or [("null", {})]


def is_shallow(pixel_format: str) -> bool:
    """Whether a format without alpha holds so few bits that sixteen are far more."""
    return not has_alpha(pixel_format) and bit_depth(pixel_format) <= SHALLOW


def with_whole_chroma(pixel_format: str) -> str:
    """The format of the same kind and depth with chroma for each pixel; floats where there is none."""
    whole = re.sub(r"(?<=yuv)(a?j?)4\d\d(?=p)", r"\g<1>444", pixel_format)
    return FLOAT if whole == pixel_format else whole


def is_between_matrices(picture: Picture, pixel_format: str) -> bool:
    """Whether a picture becomes YUV of another matrix than its own: the scaler does that in two steps, and forgets
    where subsampled chroma lies."""
    form = signature(picture)
    if form.is_rgb or is_rgb(pixel_format) or not (is_subsampled(form.format) or is_subsampled(pixel_format)):
        return False
    return form.space not in ((5, 6) if is_jpeg(pixel_format) else (1,))


def is_final(picture: Picture, pixel_format: str) -> bool:
    """Whether a picture already is what an output of this format holds."""
    form = signature(picture)
    wanted = ((5, 2), (6, 2)) if is_jpeg(pixel_format) else ((1, 1),)
    return form.format == pixel_format and (form.is_rgb or (form.space, form.range) in wanted)


def turned_for_display(turn: int) -> list[FilterStep]:
    """Set a picture upright that its file says to turn clockwise by quarter turns."""
    return {
        90: [("transpose", {"dir": "clock"})],
        180: [("hflip", {}), *UPSIDE_DOWN],
        270: [("transpose", {"dir": "cclock"})],
    }.get(turn, [])  # type: ignore[return-value]  # the literals are filter steps


def is_turned(placement: Placement) -> bool:
    """Whether a layer is turned by something else than quarters."""
    return bool(placement.rotation % 90)


def turned_steps(placement: Placement) -> list[FilterStep]:
    """RotationAngle, counter-clockwise: quarter turns move pixels, others are interpolated on eight bits. What is
    transparent has its colours multiplied by its alpha."""
    if placement.rotation == 0:
        return []
    if placement.rotation == 90:
        return [("transpose", {"dir": "cclock"})]
    if placement.rotation == 270:
        return [("transpose", {"dir": "clock"})]
    _, _, width, height = placement.cut
    border = {"w": width + 2 * BORDER, "h": height + 2 * BORDER, "x": BORDER, "y": BORDER, "color": "black@0"}
    return [*to_format("rgba"), ("pad", border), ("rotate", turn(placement)), *to_format(FLOAT_ALPHA)]


def turn(placement: Placement) -> dict[str, object]:
    """The arguments of the filter that turns pictures, which leaves nothing around them."""
    return {"a": f"{-placement.rotation}*PI/180", "ow": placement.box[0], "oh": placement.box[1], "c": "black@0"}
