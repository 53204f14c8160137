"""Where an item's picture stands on the canvas: Resolve's sizing properties turned into crops, sizes and places.

Readings of Resolve that are taken here:
- The picture is fitted whole into the frame ("scale entire image to fit"), with bars where the aspects differ.
- Pan and Tilt are pixels of the timeline; positive Pan moves right and positive Tilt moves up, as the Inspector's
  Position X and Y do. RotationAngle turns counter-clockwise, as Fusion's Angle does. AnchorPointX and Y count from the
  picture's centre, right and up, and hold still under zoom and rotation.
- Crop counts pixels of the timeline on the fitted, not yet zoomed picture, so it travels with the transform.
- CropSoftness counts the same pixels. Where it is negative the picture comes up in a straight ramp that begins at the
  edge of the crop and ends inside of it; where it is positive the ramp begins outside, as far as there is a picture,
  and ends at the edge. All four edges are soft, cropped or not, and corners have the product of two. Resolve's manual
  says which side is soft; that the unit is a pixel and the ramp straight is taken here.
- A picture that is fitted is at most half a pixel larger or smaller on each side than its shape asks for, so that the
  bars beside it have whole pixels: between them each of its rows would be sampled anew.
- Nothing else is moved to whole pixels: where a picture stands between them it is sampled there, and an edge inside of
  a pixel covers a part of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from resolve_engine.render.span import NEAR, ROOM, Between, Span, span

SCALE_USE_PROJECT, SCALE_CROP, SCALE_FIT, SCALE_FILL, SCALE_STRETCH = range(5)
"""Values of the Scaling property."""

_TRANSFORM = (
    ("pan", "Pan"),
    ("tilt", "Tilt"),
    ("zoom_x", "ZoomX"),
    ("zoom_y", "ZoomY"),
    ("rotation", "RotationAngle"),
    ("anchor_x", "AnchorPointX"),
    ("anchor_y", "AnchorPointY"),
)
_CROPPING = (
    ("crop_left", "CropLeft"),
    ("crop_right", "CropRight"),
    ("crop_top", "CropTop"),
    ("crop_bottom", "CropBottom"),
    ("crop_softness", "CropSoftness"),
)


@dataclass(frozen=True)
class Canvas:
    """The rendered frame: the timeline's frame scaled into the output, with bars where the aspects differ."""

    timeline_width: int
    timeline_height: int
    output_width: int
    output_height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in output pixels of the timeline's frame; even, so that chroma stays in place."""
        scale = min(self.output_width / self.timeline_width, self.output_height / self.timeline_height)
        width = min(self.output_width, _even(self.timeline_width * scale, self.output_width))
        height = min(self.output_height, _even(self.timeline_height * scale, self.output_height))
        return width, height

    @property
    def corner(self) -> tuple[int, int]:
        """Where the timeline's frame stands in the output."""
        width, height = self.size
        return (self.output_width - width) // 4 * 2, (self.output_height - height) // 4 * 2


@dataclass(frozen=True)
class Sizing:
    """An item's sizing properties, in Resolve's words and units."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom_x: float = 1.0
    zoom_y: float = 1.0
    rotation: float = 0.0
    anchor_x: float = 0.0
    anchor_y: float = 0.0
    flip_x: bool = False
    flip_y: bool = False
    crop_left: float = 0.0
    crop_right: float = 0.0
    crop_top: float = 0.0
    crop_bottom: float = 0.0
    crop_softness: float = 0.0
    opacity: float = 100.0
    scaling: int = SCALE_USE_PROJECT

    @staticmethod
    def of(properties: Mapping[str, Any]) -> Sizing:
        """From an item's properties; a section that is switched off counts as untouched."""

        def number(key: str, default: float) -> float:
            return float(properties.get(key, default))

        transform = bool(properties.get("TransformEnabled", True))
        cropping = bool(properties.get("CroppingEnabled", True))
        composite = bool(properties.get("CompositeEnabled", True))
        scaling = bool(properties.get("RetimeAndScalingEnabled", True))
        flips = transform and bool(properties.get("FlipX", False)), transform and bool(properties.get("FlipY", False))
        numbers: dict[str, float] = {}
        if transform:
            numbers.update(
                (name, number(key, 1.0 if name in ("zoom_x", "zoom_y") else 0.0)) for name, key in _TRANSFORM
            )
        if cropping:
            numbers.update((name, number(key, 0.0)) for name, key in _CROPPING)
        return replace(
            Sizing(
                flip_x=flips[0],
                flip_y=flips[1],
                opacity=number("Opacity", 100.0) if composite else 100.0,
                scaling=int(properties.get("Scaling", 0)) if scaling else 0,
            ),
            **numbers,  # type: ignore[arg-type]  # names of number fields only
        )


@dataclass(frozen=True)
class Placement:
    """How to make a layer from a source picture: crop, scale, flip, crop again, turn, and put down."""

    window: tuple[int, int, int, int]
    """x, y, width, height in source pixels: what is scaled."""
    scaled: tuple[int, int]
    """Width and height of the window on the canvas."""
    flip_x: bool
    flip_y: bool
    cut: tuple[int, int, int, int]
    """x, y, width, height in the scaled (and flipped) window: what remains."""
    rotation: float
    """Degrees counter-clockwise."""
    place: tuple[int, int]
    """Where the top left corner of what remains (or of the box around it, once turned) stands on the canvas."""
    box: tuple[int, int]
    """Width and height of the box around it; of what remains itself when it is not turned."""
    opacity: float
    """0 to 1."""
    between: tuple[Between, Between] | None = None
    """How its columns and rows are sampled where its pixels do not stand on whole ones, instead of scale, flip and cut;
    None where they do."""

    @property
    def partial(self) -> bool:
        """Whether pixels at its edges are covered in part."""
        return self.between is not None and any(map(Between.partial, self.between, self.cut[2:]))

    def covers(self, size: tuple[int, int]) -> bool:
        """Whether it hides everything under it, if the picture itself is opaque."""
        x, y = self.place
        _, _, width, height = self.cut
        inside = x <= 0 and y <= 0 and x + width >= size[0] and y + height >= size[1]
        return inside and self.rotation == 0 and self.opacity >= 1 and not self.partial


def place(sizing: Sizing, canvas: Canvas, width: int, height: int, aspect: float = 1.0) -> Placement | None:
    """Where a source picture of this size and pixel aspect stands; None when nothing of it can be seen."""
    canvas_width, canvas_height = canvas.size
    unit_x = canvas_width / canvas.timeline_width
    unit_y = canvas_height / canvas.timeline_height
    fit_x, fit_y = _fit(sizing.scaling, canvas, width * aspect, height)
    fitted = width * aspect * fit_x, height * fit_y
    across, down = fitted[0] * sizing.zoom_x * unit_x, fitted[1] * sizing.zoom_y * unit_y
    if across < 0.5 or down < 0.5 or sizing.opacity <= 0:
        return None
    cosine, sine = cosine_and_sine(sizing.rotation)
    # The picture's centre: the anchor holds still while the picture is zoomed and turned around it (y upwards).
    from_anchor_x = -sizing.anchor_x * sizing.zoom_x
    from_anchor_y = -sizing.anchor_y * sizing.zoom_y
    centre_x = sizing.anchor_x + cosine * from_anchor_x - sine * from_anchor_y + sizing.pan
    centre_y = sizing.anchor_y + sine * from_anchor_x + cosine * from_anchor_y + sizing.tilt
    middle = canvas_width / 2 + centre_x * unit_x, canvas_height / 2 - centre_y * unit_y
    flip_x, flip_y, rotation = sizing.flip_x, sizing.flip_y, sizing.rotation % 360
    if rotation == 180:
        flip_x, flip_y, rotation, cosine = not flip_x, not flip_y, 0.0, 1.0
    # What is left after cropping, in canvas pixels from the picture's centre (y downwards), before it is turned.
    left, right = sizing.crop_left / fitted[0], sizing.crop_right / fitted[0]
    top, bottom = sizing.crop_top / fitted[1], sizing.crop_bottom / fitted[1]
    if flip_x:
        left, right = right, left
    if flip_y:
        top, bottom = bottom, top
    kept_x, soft_x = _softened(across, left, right, sizing.crop_softness * sizing.zoom_x * unit_x)
    kept_y, soft_y = _softened(down, top, bottom, sizing.crop_softness * sizing.zoom_y * unit_y)
    seen = _seen(middle, canvas.size, cosine, sine)

    def spans(by_scaler: bool, room: int = 0) -> tuple[Span | None, Span | None]:
        """Columns and rows. On a straight picture they are those of the canvas."""
        starts = tuple(math.floor(of + 0.5) - of if sine == 0 else 0.0 for of in middle)
        return (
            span(kept_x, (seen[0], seen[2]), starts[0], across, width, flip_x, by_scaler, room),
            span(kept_y, (seen[1], seen[3]), starts[1], down, height, flip_y, by_scaler, room),
        )

    x, y = spans(by_scaler=not sizing.crop_softness)
    if x is None or y is None:
        return None
    box = _turned_box(middle, x, y, cosine, sine)
    between: tuple[Between, Between] | None = None
    if x.between is not None or y.between is not None or max(map(abs, box.rest)) > NEAR:
        x, y = spans(by_scaler=False, room=0 if sine == 0 else ROOM)
        if x is None or y is None or x.between is None or y.between is None:
            return None
        box = _turned_box(middle, x, y, cosine, sine)
        # What the box is off its place is made up for where the picture is sampled, before it is turned.
        by = cosine * box.rest[0] - sine * box.rest[1], sine * box.rest[0] + cosine * box.rest[1]
        between = (
            x.between.moved(by[0]).softened(soft_x, x.start + by[0]),
            y.between.moved(by[1]).softened(soft_y, y.start + by[1]),
        )
    return Placement(
        window=(x.window, y.window, x.window_length, y.window_length),
        scaled=(x.scaled, y.scaled),
        flip_x=flip_x,
        flip_y=flip_y,
        cut=(x.cut, y.cut, x.length, y.length),
        rotation=rotation,
        place=box.corner,
        box=box.size,
        opacity=min(sizing.opacity, 100.0) / 100,
        between=between,
    )


def _softened(
    length: float, begin: float, end: float, softness: float
) -> tuple[tuple[float, float], tuple[float, float, float, float] | None]:
    """Where a picture of so many pixels begins and ends that is cropped by shares of it, from its middle; and where its
    edges come and go when they are soft, to the inside for negative numbers."""
    first, last = length * (begin - 0.5), length * (0.5 - end)
    if not softness:
        return (first, last), None
    out, inner = max(softness, 0.0), max(-softness, 0.0)
    kept = max(first - out, -length / 2), min(last + out, length / 2)
    return kept, (first - out, first + inner, last - inner, last + out)


def cosine_and_sine(degrees: float) -> tuple[float, float]:
    """Exact for quarter turns."""
    angle = math.radians(degrees % 360)
    return round(math.cos(angle), 15), round(math.sin(angle), 15)


def _seen(
    middle: tuple[float, float], size: tuple[int, int], cosine: float, sine: float
) -> tuple[float, float, float, float]:
    """The box around the canvas as seen from the picture: left, top, right, bottom from its centre, turned back."""
    xs: list[float] = []
    ys: list[float] = []
    for corner_x in (0, size[0]):
        for corner_y in (0, size[1]):
            dx, dy = corner_x - middle[0], corner_y - middle[1]
            xs.append(cosine * dx - sine * dy)
            ys.append(sine * dx + cosine * dy)
    return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True)
class _Box:
    """What is around a turned picture, on whole pixels of the canvas."""

    corner: tuple[int, int]
    size: tuple[int, int]
    rest: tuple[float, float]
    """Right and down: how far its middle is from that of the picture."""


def _turned_box(middle: tuple[float, float], x: Span, y: Span, cosine: float, sine: float) -> _Box:
    """The box around what remains, once it is turned: of the smallest one and one a pixel larger, the one whose corner
    falls nearer to a whole pixel."""
    across, down = x.start + x.length / 2, y.start + y.length / 2
    centre = middle[0] + cosine * across + sine * down, middle[1] - sine * across + cosine * down
    needed = (
        abs(x.length * cosine) + abs(y.length * sine),
        abs(x.length * sine) + abs(y.length * cosine),
    )
    corner, size = [0, 0], [0, 0]
    for axis in range(2):
        least = max(1, math.ceil(needed[axis] - 1e-6))
        choices = (least,) if abs(sine) in (0, 1) else (least, least + 1)
        size[axis] = min(choices, key=lambda length: abs(_rest(centre[axis] - length / 2)))
        corner[axis] = math.floor(centre[axis] - size[axis] / 2 + 0.5)
    rest = corner[0] + size[0] / 2 - centre[0], corner[1] + size[1] / 2 - centre[1]
    return _Box((corner[0], corner[1]), (size[0], size[1]), rest)


def _rest(value: float) -> float:
    """How far a number is from the nearest whole one."""
    return value - math.floor(value + 0.5)


def _fit(scaling: int, canvas: Canvas, width: float, height: float) -> tuple[float, float]:
    """Timeline pixels for one display pixel of the source, across and down."""
    across, down = canvas.timeline_width / width, canvas.timeline_height / height
    if scaling == SCALE_CROP:
        return 1.0, 1.0
    if scaling == SCALE_FILL:
        return max(across, down), max(across, down)
    if scaling == SCALE_STRETCH:
        return across, down
    scale = min(across, down)
    return (
        _with_whole_bars(width * scale, canvas.timeline_width) / width,
        _with_whole_bars(height * scale, canvas.timeline_height) / height,
    )


def _with_whole_bars(size: float, limit: int) -> int:
    """The size nearest to that of a fitted picture which leaves bars of whole pixels on both sides."""
    return max(limit % 2 or 2, limit - 2 * round((limit - size) / 2))


def _even(value: float, limit: int) -> int:
    """The even number nearest to a size; the limit itself when it is reached, even or not."""
    return limit if abs(value - limit) < 1 else max(2, round(value / 2) * 2)
