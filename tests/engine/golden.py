"""Pictures that a render must make, by NumPy alone in double precision; nothing of the engine is used here.

A picture is height x width x RGB from 0 to 1. The formulas are written down anew from the W3C's "Compositing and
Blending", from Adobe's descriptions of its blend modes, and from what Resolve's manual says of the inspector.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from numpy.typing import NDArray

Array = NDArray[Any]
Mode = Callable[[Array, Array], Array]
Kernel = Callable[[Array], Array]


def codes(picture: Array) -> Array:
    """Whole codes of eight bits, for formulas that leap: two of them make exactly white or they do not."""
    return numpy.rint(picture * 255).astype(int)


def quotient(over: Array, under: Array) -> Array:
    """The one divided by the other, 1 at most; white where anything is divided by nothing, black where nothing is."""
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return numpy.where(over == 0, 0.0, numpy.where(under == 0, 1.0, numpy.minimum(over / under, 1)))


def dodge(base: Array, layer: Array) -> Array:
    """The base divided by what is left of the layer to white."""
    return quotient(base, 1 - layer)


def burn(base: Array, layer: Array) -> Array:
    """The negative of dodging negatives."""
    return 1 - quotient(1 - base, layer)


def hard_light(base: Array, layer: Array) -> Array:
    """Multiplied with twice the layer below its middle, screened above."""
    return numpy.where(layer <= 0.5, base * 2 * layer, 1 - (1 - base) * (2 - 2 * layer))


def soft_light(base: Array, layer: Array) -> Array:
    """The W3C's, with its function D(Cb)."""
    d = numpy.where(base <= 0.25, ((16 * base - 12) * base + 4) * base, numpy.sqrt(base))
    lower = base - (1 - 2 * layer) * base * (1 - base)
    return numpy.where(layer <= 0.5, lower, base + (2 * layer - 1) * (d - base))


def vivid_light(base: Array, layer: Array) -> Array:
    """Burnt with the layer's lower half stretched, dodged with its upper."""
    return numpy.where(layer <= 0.5, burn(base, 2 * layer), dodge(base, 2 * layer - 1))


def lum(colour: Array) -> Array:
    """The W3C's Lum."""
    return (colour * (0.3, 0.59, 0.11)).sum(axis=-1, keepdims=True)


def sat(colour: Array) -> Array:
    """The W3C's Sat."""
    return colour.max(axis=-1, keepdims=True) - colour.min(axis=-1, keepdims=True)


def set_lum(colour: Array, wanted: Array) -> Array:
    """The W3C's SetLum, with ClipColor."""
    moved = colour + wanted - lum(colour)
    level, low, high = lum(moved), moved.min(axis=-1, keepdims=True), moved.max(axis=-1, keepdims=True)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        moved = numpy.where(low < 0, level + (moved - level) * level / (level - low), moved)
        return numpy.where(high > 1, level + (moved - level) * (1 - level) / (high - level), moved)


def set_sat(colour: Array, wanted: Array) -> Array:
    """The W3C's SetSat: the least of the three becomes 0, the most what is wanted, the middle in proportion."""
    ordered = numpy.sort(colour, axis=-1)
    least, span = ordered[..., :1], ordered[..., 2:] - ordered[..., :1]
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return numpy.where(span > 0, (colour - least) * wanted / span, 0.0)


def total(picture: Array) -> Array:
    """The sum of the three codes of a pixel."""
    return codes(picture).sum(axis=-1, keepdims=True)


MODES: dict[str, Mode] = {
    "ADD": lambda base, layer: numpy.minimum(base + layer, 1),
    "SUBTRACT": lambda base, layer: numpy.maximum(base - layer, 0),
    "DIFF": lambda base, layer: numpy.maximum(base, layer) - numpy.minimum(base, layer),
    "MULTIPLY": lambda base, layer: base * layer,
    "SCREEN": lambda base, layer: 1 - (1 - base) * (1 - layer),
    "OVERLAY": lambda base, layer: hard_light(layer, base),
    "HARDLIGHT": hard_light,
    "SOFTLIGHT": soft_light,
    "DARKEN": numpy.minimum,
    "LIGHTEN": numpy.maximum,
    "COLOR_DODGE": dodge,
    "COLOR_BURN": burn,
    "EXCLUSION": lambda base, layer: base * (1 - layer) + layer * (1 - base),
    "HUE": lambda base, layer: set_lum(set_sat(layer, sat(base)), lum(base)),
    "SATURATE": lambda base, layer: set_lum(set_sat(base, sat(layer)), lum(base)),
    "COLORIZE": lambda base, layer: set_lum(layer, lum(base)),
    "DIVIDE": quotient,
    "LINEAR_DODGE": lambda base, layer: numpy.minimum(base + layer, 1),
    "LINEAR_BURN": lambda base, layer: numpy.maximum(base + layer - 1, 0),
    "LINEAR_LIGHT": lambda base, layer: numpy.clip(base + 2 * layer - 1, 0, 1),
    "VIVID_LIGHT": vivid_light,
    "PIN_LIGHT": lambda base, layer: numpy.clip(base, 2 * layer - 1, 2 * layer),
    "HARD_MIX": lambda base, layer: (codes(base) + codes(layer) >= 255).astype(float),
    "LIGHTER_COLOR": lambda base, layer: numpy.where(total(layer) > total(base), layer, base),
    "DARKER_COLOR": lambda base, layer: numpy.where(total(layer) < total(base), layer, base),
}
"""By the name that Resolve's constant has behind COMPOSITE_."""


def over(base: Array, layer: Array, alpha: Array | float, mode: str = "NORMAL") -> Array:
    """A layer put over a picture with a composite mode, as much as its alpha says."""
    mixed = layer if mode == "NORMAL" else MODES[mode](base, layer)
    return base + (mixed - base) * alpha


def placed(picture: Array, properties: dict[str, Any]) -> tuple[Array, Array, Array]:
    """A picture of the frame's size by its inspector values, over black: the frame, where the picture is well inside of
    its edges, and where it is well outside. Each point of the frame is looked up where it comes from, bilinear."""
    height, width = picture.shape[:2]

    def value(key: str, default: float = 0.0) -> float:
        return float(properties.get(key, default))

    angle = numpy.radians(value("RotationAngle"))
    cosine, sine = numpy.cos(angle), numpy.sin(angle)
    rows, columns = numpy.mgrid[0:height, 0:width]
    right = columns + 0.5 - width / 2 - value("Pan") - value("AnchorPointX")
    up = height / 2 - rows - 0.5 - value("Tilt") - value("AnchorPointY")
    x = (cosine * right + sine * up) / value("ZoomX", 1) + value("AnchorPointX")
    y = (cosine * up - sine * right) / value("ZoomY", 1) + value("AnchorPointY")
    x = width / 2 + (-x if properties.get("FlipX") else x)
    y = height / 2 - (-y if properties.get("FlipY") else y)
    left, low = value("CropLeft"), width - value("CropRight")
    top, foot = value("CropTop"), height - value("CropBottom")
    edge = numpy.minimum(numpy.minimum(x - left, low - x), numpy.minimum(y - top, foot - y))
    first, second = numpy.floor(x - 0.5), numpy.floor(y - 0.5)
    across, down = (x - 0.5 - first)[..., None], (y - 0.5 - second)[..., None]

    def at(over_: int, under: int) -> Array:
        return picture[
            numpy.clip(second.astype(int) + under, 0, height - 1), numpy.clip(first.astype(int) + over_, 0, width - 1)
        ]

    upper, lower = (at(0, step) * (1 - across) + at(1, step) * across for step in (0, 1))
    found = (upper * (1 - down) + lower * down) * value("Opacity", 100) / 100
    return numpy.where(edge[..., None] > 0, found, 0.0), edge > 3, edge < -3


def cubic(distance: Array) -> Array:
    """The cubic spline through its points with a slope of 0.6 (B = 0, C = 0.6 of Mitchell's and Netravali's), which the
    engine's bicubic is."""
    near = 1 - 2.4 * distance**2 + 1.4 * distance**3
    far = -0.6 * (distance**3 - 5 * distance**2 + 8 * distance - 4)
    return numpy.where(distance < 1, near, numpy.where(distance < 2, far, 0.0))


def linear(distance: Array) -> Array:
    """Straight lines from point to point."""
    return numpy.maximum(0.0, 1 - distance)


def between(picture: Array, properties: dict[str, Any], weight: Kernel, grid: int = 8) -> tuple[Array, Array]:
    """A picture of the frame's size by its inspector values, wherever its pixels fall: the colours of the frame, and
    how much of each pixel the picture covers, found at `grid` x `grid` points of it.

    Each point of the frame takes the samples around the place that it comes from by their distances; a picture that is
    made smaller takes those of a pixel of the frame. CropSoftness is a ramp of so many pixels, up to the edge of the
    crop or from there on.
    """
    height, width = picture.shape[:2]
    x, y = _from(*numpy.meshgrid(numpy.arange(width) + 0.5, numpy.arange(height) + 0.5), properties, width, height)
    total, weights = numpy.zeros_like(picture, float), numpy.zeros((height, width, 1))
    wide = [max(1.0, 1 / float(properties.get(key, 1))) for key in ("ZoomX", "ZoomY")]
    reach = [int(numpy.ceil(2 * one)) for one in wide]
    for down in range(-reach[1], reach[1] + 2):
        row = numpy.floor(y - 0.5).astype(int) + down
        for across in range(-reach[0], reach[0] + 2):
            column = numpy.floor(x - 0.5).astype(int) + across
            share = weight(abs(column + 0.5 - x) / wide[0]) * weight(abs(row + 0.5 - y) / wide[1])
            weights += share[..., None]
            total += picture[numpy.clip(row, 0, height - 1), numpy.clip(column, 0, width - 1)] * share[..., None]
    soft = properties.get("CropSoftness", 0)
    cover = numpy.zeros((height, width, 1))
    rows, columns = numpy.mgrid[0:height, 0:width]
    for point in range(grid**2):
        down, across = (point // grid + 0.5) / grid, (point % grid + 0.5) / grid
        x, y = _from(columns + across, rows + down, properties, width, height)
        share = ((x > 0) & (x < width) & (y > 0) & (y < height)).astype(float)
        for place, low, high in (
            (x, properties.get("CropLeft", 0), width - properties.get("CropRight", 0)),
            (y, properties.get("CropTop", 0), height - properties.get("CropBottom", 0)),
        ):
            for inside in (place - low, high - place):
                share *= (inside > 0) if not soft else numpy.clip((inside + max(soft, 0)) / abs(soft), 0, 1)
        cover += share[..., None] / grid**2
    return numpy.clip(total / weights, 0, 1), cover


def _from(columns: Array, rows: Array, properties: dict[str, Any], width: int, height: int) -> tuple[Array, Array]:
    """Where in the picture points of the frame come from."""

    def value(key: str, default: float = 0.0) -> float:
        return float(properties.get(key, default))

    right, up = columns - width / 2 - value("Pan"), height / 2 - rows - value("Tilt")
    turned = (right + 1j * up) * numpy.exp(-1j * numpy.radians(value("RotationAngle")))
    x, y = width / 2 + turned.real / value("ZoomX", 1), height / 2 - turned.imag / value("ZoomY", 1)
    return (width - x if properties.get("FlipX") else x), (height - y if properties.get("FlipY") else y)


def wiped(name: str, progress: float, width: int, height: int) -> Array:
    """Where a wipe shows the picture that comes, when it has come so far."""
    x, y = numpy.meshgrid((numpy.arange(width) + 0.5) / width, (numpy.arange(height) + 0.5) / height)
    right, down = (x - 0.5) * width, (y - 0.5) * height
    clock = numpy.degrees(numpy.arctan2(down, right)) + 90
    shapes = {
        "Edge Wipe": x < progress,
        "Center Wipe": numpy.abs(2 * x - 1) < progress,
        "Barn Door": numpy.abs(2 * x - 1) > 1 - progress,
        "Venetian Blind Wipe": (10 * y) % 1 < progress,
        "Clock Wipe": clock % 360 < 360 * progress,
        "Square Iris": numpy.maximum(numpy.abs(right), numpy.abs(down)) < progress * max(width, height) / 2,
        "Diamond Iris": numpy.abs(right) + numpy.abs(down) < progress * (width + height) / 2,
        "Oval Iris": (2 * x - 1) ** 2 + (2 * y - 1) ** 2 < 2 * progress**2,
    }
    return shapes[name]


def near_an_edge(mask: Array) -> Array:
    """The pixels whose neighbours are not all alike."""
    padded = numpy.pad(mask, 1, mode="edge")
    height, width = mask.shape
    around = [padded[row : row + height, column : column + width] for row in range(3) for column in range(3)]
    return numpy.any([other != mask for other in around], axis=0)


def crossed(name: str, before: Array, after: Array, progress: float) -> Array:
    """A transition between two pictures of the frame's size, when it has come so far."""
    height, width = before.shape[:2]
    if name == "Cross Dissolve":
        return before * (1 - progress) + after * progress
    if name == "Dip To Color Dissolve":
        return before * (1 - 2 * progress) if progress < 0.5 else after * (2 * progress - 1)
    if name in ("Push", "Slide"):
        come = round(width * progress)
        kept = before[:, : width - come] if name == "Push" else before[:, come:]
        return numpy.concatenate([after[:, width - come :], kept], axis=1)
    return numpy.where(wiped(name, progress, width, height)[..., None], after, before)
