"""Drawing generators: test patterns and plain colours, at the timeline's size, without a file.

Where Resolve's own look of a generator is not written down anywhere, what is drawn is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy
from numpy.typing import NDArray

from resolve_engine.media.av_safe import from_array
from resolve_engine.media.av_safe.pictures import BT709, LIMITED
from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import SourceSpec

Floats = NDArray[numpy.float32]

_BARS = ((1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1))
"""Grey or white, yellow, cyan, green, magenta, red, blue: the order of all colour bars, as shares of R, G, B."""

_BLACK, _WHITE = (16, 128, 128), (235, 128, 128)
_MINUS_I, _PLUS_Q = (16, 158, 95), (16, 174, 149)
_BELOW, _ABOVE = (7, 128, 128), (24, 128, 128)
"""Eight-bit studio codes of the lower row of SMPTE bars: -I and +Q, and the pulses 4 % below and above black."""


def draw(source: SourceSpec, index: int, width: int, height: int) -> Picture:
    """The picture of a generated source at a frame of it. Raises MediaError for one that is not drawn."""
    name = str(source.content.get("name"))
    if source.content.get("kind") in ("composition", "adjustment"):  # the one is empty, the other shown by itself
        return from_array(numpy.zeros((height, width, 4), numpy.uint8), "rgba")
    if name == "Text+":
        from resolve_engine.render.title import draw_text_plus

        return draw_text_plus(source.content, width, height)
    if source.content.get("kind") == "title":
        from resolve_engine.render.title import draw_title

        return draw_title(name, str(source.content.get("text", "")), index, source.frames, width, height)
    if name == "SMPTE Color Bar":
        return _smpte(width, height)
    pattern = _PATTERNS.get(name)
    if pattern is None:
        raise MediaError(f"the generator {name!r} is not drawn", "unsupported")
    picture = numpy.broadcast_to(pattern(width, height), (height, width, 3)).astype(numpy.float32)
    return from_array(picture, "gbrpf32le")


def drawing_key(source: SourceSpec, index: int) -> int:
    """Equal for frames of a source that look the same: only a scroll changes from frame to frame."""
    return index if source.content.get("name") == "Scroll" else 0


def _steps(count: int) -> Callable[[int, int], Floats]:
    """Bars of one width from black on the left to white on the right."""

    def pattern(width: int, height: int) -> Floats:
        bar = numpy.arange(width) * count // width
        return (bar / numpy.float32(count - 1)).astype(numpy.float32)[None, :, None]

    return pattern


def _ramp(width: int, height: int) -> Floats:
    """From black in the first column to white in the last."""
    return numpy.linspace(0, 1, width, dtype=numpy.float32)[None, :, None]


def _ebu(width: int, height: int) -> Floats:
    """EBU bars 100/0/75/0: white in full, the colours at 75 %, black."""
    colours = [[0.75 * part for part in bar] for bar in _BARS[1:]]
    bars: Floats = numpy.array([[1, 1, 1], *colours, [0, 0, 0]], numpy.float32)
    return bars[numpy.arange(width) * len(bars) // width][None]


def _gradient(width: int, height: int) -> Floats:
    """Mixed from the corners: red and green above, blue and yellow below."""
    across = numpy.linspace(0, 1, width, dtype=numpy.float32)[None, :, None]
    down = numpy.linspace(0, 1, height, dtype=numpy.float32)[:, None, None]
    red, green, blue, yellow = (
        numpy.array(corner, numpy.float32) for corner in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0))
    )
    above, below = red * (1 - across) + green * across, blue * (1 - across) + yellow * across
    return numpy.asarray(above * (1 - down) + below * down, numpy.float32)


def _solid(width: int, height: int) -> Floats:
    """Black; a CDL on the item colours it."""
    return numpy.zeros((1, 1, 3), numpy.float32)


def _window(width: int, height: int) -> Floats:
    """A white rectangle of half the width and height in the middle of black."""
    picture = numpy.zeros((height, width, 1), numpy.float32)
    picture[height // 4 : height - height // 4, width // 4 : width - width // 4] = 1
    return picture


def _smpte(width: int, height: int) -> Picture:
    """SMPTE bars in eight-bit studio codes of BT.709: the lower pulses go below black, which RGB cannot hold."""
    grid = numpy.empty((height, width, 3), numpy.uint8)
    top, middle = height * 2 // 3, height * 3 // 4
    bar = numpy.arange(width) * 7 // width
    colours = numpy.array([_studio(tuple(0.75 * part for part in colour)) for colour in _BARS], numpy.uint8)
    reverse = numpy.array([colours[6], _BLACK, colours[4], _BLACK, colours[2], _BLACK, colours[0]], numpy.uint8)
    grid[:top] = colours[bar][None]
    grid[top:middle] = reverse[bar][None]
    # Four fields of 5/28 of the width stand under the first five bars, three pulses of a third under the sixth.
    edges = [width * part // 84 for part in (0, 15, 30, 45, 60, 64, 68, 72, 84)]
    fields = (_MINUS_I, _WHITE, _PLUS_Q, _BLACK, _BELOW, _BLACK, _ABOVE, _BLACK)
    for first, end, field in zip(edges, edges[1:], fields, strict=False):
        grid[middle:, first:end] = field
    picture = from_array(grid.transpose(2, 0, 1), "yuv444p")
    picture.colorspace, picture.color_range = BT709, LIMITED
    return picture


def _studio(colour: tuple[float, ...]) -> tuple[int, int, int]:
    """The studio codes of an RGB colour."""
    red, green, blue = colour
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (
        round(16 + 219 * luma),
        round(128 + 224 * (blue - luma) / 1.8556),
        round(128 + 224 * (red - luma) / 1.5748),
    )


_PATTERNS: dict[str, Callable[[int, int], Floats]] = {
    "10 Step": _steps(10),
    "100mV Steps": _steps(8),  # 0 to 700 mV
    "EBU Color Bar": _ebu,
    "Four Color Gradient": _gradient,
    "Grey Scale": _ramp,
    "Solid Color": _solid,
    "Window": _window,
}
