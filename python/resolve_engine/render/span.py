"""One axis of a placement: which pixels of the source are needed, and where on the canvas they come out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

MARGIN = 8
"""Source pixels kept around what is visible, so that the scaler's window (Lanczos: 6 taps) sees real neighbours."""
FURTHEST = 128
"""The most of them: so many places are tried for an edge that comes out on a whole pixel."""
REACH = 4
"""Pixels, of the source or of the canvas, whichever are larger, that a sample leans on: Lanczos 3, and one."""

WHOLE = 1 / 256
"""Pixels up to which a visible edge counts as on a whole one: a code of eight bits of coverage."""
NEAR = 1 / 32
"""Pixels up to which the inside of a picture may be off its place: nobody sees it, and it is left to the scaler."""

ROOM = 2
"""Pixels that a picture goes on beyond its edges where it is turned afterwards: half a diagonal of a pixel, what the
box around it is off its place, and what the turn leans on."""


@dataclass(frozen=True)
class Between:
    """Where pixels come from that are no whole pixels of the scaled source."""

    first: float
    """Where the first pixel of what remains begins, in source pixels from the window's first (or last: flipped)."""
    scale: float
    """Canvas pixels for one source pixel."""
    kept: tuple[float, float]
    """Where the picture begins and ends, in pixels of what remains; a pixel between is covered in part."""
    soft: tuple[float, float, float, float] | None = None
    """Where it begins to come and has come, begins to go and has gone, of a picture with soft edges."""

    def partial(self, length: int) -> bool:
        """Whether an edge of the picture lies inside of one of so many pixels."""
        begins, ends = self.kept if self.soft is None else self.soft[1:3]
        return max(begins, self.kept[0]) > WHOLE or min(ends, self.kept[1]) < length - WHOLE

    def moved(self, by: float) -> Between:
        """With the pixels so many pixels further on."""
        return replace(self, first=self.first + by / self.scale, kept=(self.kept[0] - by, self.kept[1] - by))

    def softened(self, edges: tuple[float, float, float, float] | None, start: float) -> Between:
        """With soft edges, which are counted from where the first pixel that remains is at `start`."""
        if edges is None:
            return self
        comes, come, goes, gone = (edge - start for edge in edges)
        return replace(self, soft=(comes, come, goes, gone))


@dataclass(frozen=True)
class Span:
    """One axis of a placement."""

    window: int
    window_length: int
    scaled: int
    cut: int
    length: int
    start: float
    """Canvas pixels from the picture's centre to the first pixel that remains."""
    between: Between | None
    """How it is sampled where the scaler, which makes whole pixels of whole pixels, would be off; None where not."""


def span(
    kept: tuple[float, float], seen: tuple[float, float], origin: float, length: float, source: int, flipped: bool,
    by_scaler: bool = True, room: int = 0,
) -> Span | None:  # fmt: skip
    """Choose the pixels of one axis: those of the canvas lie whole numbers from `origin`, which counts like the edges
    of what is `kept` and `seen` from the picture's centre. `length` is the picture's on the canvas, `source` that of
    its file. Where not `by_scaler` it is sampled between pixels in any case, with `room` pixels more on each side."""
    first = _outer(max(kept[0], seen[0]) - origin, -1) - room
    last = _outer(min(kept[1], seen[1]) - origin, 1) + room
    if last - first <= 2 * room:
        return None
    scale = length / source
    # Where the source's pixels come out, counted like `first`: pixel p begins at p * scale + zero.
    zero = -length / 2 - origin
    needed = (first - zero) / scale, (last - zero) / scale
    if by_scaler and all(_off(edge - origin) < WHOLE for edge in kept if seen[0] < edge < seen[1]):
        chosen = _window(needed, scale, zero, source, flipped, first)
        if chosen is not None:
            scaled_from, scaled_to = (math.floor(edge * scale + zero + 0.5) for edge in chosen)
            first, last = max(first, scaled_from), min(last, scaled_to)
            window = source - chosen[1] if flipped else chosen[0]
            count, cut, scaled = last - first, first - scaled_from, scaled_to - scaled_from
            return Span(window, chosen[1] - chosen[0], scaled, cut, count, first + origin, None) if count > 0 else None
    window_from, window_to = _ends(needed, math.ceil(REACH / min(scale, 1.0)), source, flipped)
    if window_to <= window_from:
        return None
    between = Between(needed[0] - window_from, scale, (kept[0] - origin - first, kept[1] - origin - first))
    window = source - window_to if flipped else window_from
    count = last - first
    return Span(window, window_to - window_from, count, 0, count, first + origin, between)


def _window(
    needed: tuple[float, float], scale: float, zero: float, source: int, flipped: bool, first: int
) -> tuple[int, int] | None:
    """Source pixels with a margin on each side whose ends come out on whole pixels; None when there are none. Best are
    those whose cut begins on an even pixel: it can be made on subsampled chroma."""
    ends = [_ends(needed, margin, source, flipped) for margin in range(MARGIN, FURTHEST, 2)]
    if ends[0][1] <= ends[0][0]:
        return None
    begins = _fitting([begin for begin, _ in ends], scale, zero)
    stops = _fitting([stop for _, stop in ends], scale, zero)
    if not begins or not stops:
        return None
    even = [begin for begin in begins if (math.floor(begin * scale + zero + 0.5) - first) % 2 == 0]
    return (even or begins)[0], stops[0]


def _ends(needed: tuple[float, float], margin: int, source: int, flipped: bool) -> tuple[int, int]:
    """Source pixels with a margin, on even ones of the file, where its chroma is."""
    window_from = max(0, math.floor(needed[0]) - margin) // 2 * 2
    window_to = min(source, (math.ceil(needed[1]) + margin + 1) // 2 * 2)
    if flipped:
        window_to += (source - window_to) % 2
    return window_from, window_to


def _fitting(edges: Sequence[int], scale: float, zero: float) -> list[int]:
    """The edges of source pixels that come out on whole pixels, the nearest first."""
    return [edge for edge in edges if _off(edge * scale + zero) < NEAR]


def _outer(edge: float, way: int) -> int:
    """The whole pixel on which an edge lies, or the next one outside (`way` is -1 for a first edge, 1 for a last)."""
    if _off(edge) < WHOLE:
        return math.floor(edge + 0.5)
    return math.floor(edge) if way < 0 else math.ceil(edge)


def _off(value: float) -> float:
    """How far a number is from the nearest whole one."""
    return abs(value - math.floor(value + 0.5))
