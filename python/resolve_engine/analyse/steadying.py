"""How far each picture of a clip must be moved, and all be enlarged, for its motion to be smooth.

The motion from picture to picture is that of the whole frame, a shift: found by phase correlation to the nearest pixel
of a small picture, and then by least squares on its gradients, in which what moves against the rest counts little. What
is taken out of it is all that is quicker than half a second; pans stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy
from numpy.typing import NDArray

from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import part_view, signature, tag
from resolve_engine.media.errors import MediaError
from resolve_engine.media.reader import open_reader

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import SourceSpec

Small = NDArray[numpy.float32]
"""A picture in grey, rows x columns."""

WIDTH = 480
"""Pixels across that motion is measured at: a tenth of one is half of one at 1080p, and a picture costs 30 ms."""

SECONDS = 0.5
"""Standard deviation of the smoothing."""

MOST_SHIFT = 0.1
"""Share of width or height that a picture is moved at most, for which it is enlarged by a quarter."""

LEAST_LIKENESS = 0.5
"""Correlation of two pictures, the one moved onto the other, below which they are different scenes."""


class Steadying(NamedTuple):
    """What makes a clip steady."""

    zoom: float
    shifts: list[tuple[float, float]]
    """Of each picture, right and down, as shares of width and height."""


def steadying(source: SourceSpec, first: int, end: int) -> Steadying:
    """For the pictures `first` up to, not including, `end` of a source. Raises MediaError."""
    reader = open_reader(source)
    motion = [(0.0, 0.0)]
    size = (1, 1)
    try:
        before = None
        for index in range(first, end):
            small = _small(reader.read(index))
            size = small.shape[1], small.shape[0]
            if before is not None:
                motion.append(shift_between(before, small))
            before = small
    finally:
        reader.close()
    path = numpy.cumsum(numpy.array(motion), axis=0) / size
    wanted = _smooth(path, SECONDS * source.rate[0] / source.rate[1]) - path
    most = float(numpy.abs(wanted).max())
    if most > MOST_SHIFT:
        wanted *= MOST_SHIFT / most
        most = MOST_SHIFT
    return Steadying(1 / (1 - 2 * most), [(float(x), float(y)) for x, y in wanted])


def shift_between(one: Small, other: Small) -> tuple[float, float]:
    """How far the content of a picture stands right and down of where it stands in another, in pixels; (0, 0) between
    different scenes."""
    window = numpy.outer(numpy.hanning(one.shape[0]), numpy.hanning(one.shape[1])).astype(numpy.float32)
    spectra = [numpy.fft.rfft2((picture - picture.mean()) * window) for picture in (one, other)]
    cross: Any = spectra[1] * numpy.conj(spectra[0])
    peak = numpy.fft.irfft2(cross / numpy.maximum(numpy.abs(cross), 1e-9), one.shape)
    down, across = (int(place) for place in numpy.unravel_index(int(peak.argmax()), peak.shape))
    down -= one.shape[0] if down > one.shape[0] // 2 else 0
    across -= one.shape[1] if across > one.shape[1] // 2 else 0
    x, y = float(across), float(down)
    likeness = 0.0
    for _ in range(6):
        x, y, likeness = _refined(one, other, x, y)
    return (x, y) if likeness >= LEAST_LIKENESS else (0.0, 0.0)


def _refined(one: Small, other: Small, x: float, y: float) -> tuple[float, float, float]:
    """A better shift than one that is nearly right, and how alike the pictures are with it."""
    margin = 4 + int(max(abs(x), abs(y)))
    if 2 * margin + 16 > min(one.shape):
        return 0.0, 0.0, 0.0
    inner = slice(margin, one.shape[0] - margin), slice(margin, one.shape[1] - margin)
    there = _at(other, x, y, margin)
    here = one[inner]
    gradients: Any = numpy.gradient(one)
    down, across = gradients[0][inner], gradients[1][inner]
    error = here - there
    spread = 1.5 * float(numpy.median(numpy.abs(error))) + 1e-3
    weight = 1 / (1 + (error / spread) ** 2)
    matrix = numpy.array(
        [
            [(weight * across * across).sum(), (weight * across * down).sum()],
            [(weight * across * down).sum(), (weight * down * down).sum()],
        ]
    )
    if numpy.linalg.det(matrix) < 1e-3:
        return 0.0, 0.0, 1.0  # nothing to hold on to: a plain picture stands still
    dx, dy = numpy.linalg.solve(matrix, [(weight * across * error).sum(), (weight * down * error).sum()])
    a, b = here - here.mean(), there - there.mean()
    likeness = float((a * b).sum() / max(float(numpy.sqrt((a * a).sum() * (b * b).sum())), 1e-9))
    return x + float(numpy.clip(dx, -1, 1)), y + float(numpy.clip(dy, -1, 1)), likeness


def _at(picture: Small, x: float, y: float, margin: int) -> Small:
    """The inner part of a picture, taken further right and down by parts of pixels; bilinear."""
    left, top = int(numpy.floor(x)), int(numpy.floor(y))
    across, down = x - left, y - top
    height, width = picture.shape[0] - 2 * margin, picture.shape[1] - 2 * margin
    rows, columns = margin + top, margin + left

    def part(right: int, below: int) -> Small:
        return picture[rows + below : rows + below + height, columns + right : columns + right + width]

    upper = part(0, 0) * (1 - across) + part(1, 0) * across
    lower = part(0, 1) * (1 - across) + part(1, 1) * across
    return numpy.asarray(upper * (1 - down) + lower * down, numpy.float32)


def _smooth(path: NDArray[numpy.float64], deviation: float) -> NDArray[numpy.float64]:
    """A path under a Gaussian window; beyond its ends it goes on as it came, so that a pan is not slowed there."""
    reach = max(1, round(3 * deviation))
    steps = numpy.arange(-reach, reach + 1)
    window = numpy.exp(-0.5 * (steps / max(deviation, 1e-6)) ** 2)
    window /= window.sum()
    padded = numpy.pad(path, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd") if len(path) > 1 else path
    if len(path) == 1:
        return path
    return numpy.stack([numpy.convolve(padded[:, axis], window, "valid") for axis in (0, 1)], axis=-1)


def _small(picture: Picture) -> Small:
    """A picture in grey, at most WIDTH across."""
    if picture.rotation:
        raise MediaError("its file says to turn its pictures, and those are not steadied", "unsupported")
    width = min(WIDTH, picture.width)
    height = max(32, round(picture.height * width / picture.width))
    graph = PictureGraph([signature(tag(picture))])
    steps: list[FilterStep] = [("scale", {"w": width, "h": height, "flags": "area"}), ("format", {"pix_fmts": "gray"})]
    graph.finish(graph.chain(0, steps))
    made = graph.run([picture])
    return part_view(made, 0, "u1", width)[:height].astype(numpy.float32)
