"""Pictures moved by parts of pixels and enlarged, plane by plane in their own format."""

from __future__ import annotations

import numpy
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import Picture, bit_depth, has_alpha, is_rgb, part_view, signature, tag


def moved(picture: Picture, across: float, down: float, zoom: float) -> Picture:
    """A new picture of the same size whose content stands further right and down by shares of width and height, and is
    enlarged about the middle. Cubic (Catmull-Rom); beyond an edge its pixels go on.

    A picture that is not planar comes back in a planar format of the same kind and depth.
    """
    source = _planar(picture)
    result = VideoFrame(source.width, source.height, source.format.name)
    result.colorspace, result.color_range = source.colorspace, source.color_range
    bits = bit_depth(source.format.name)
    kind = "<f4" if bits == 32 else "<u2" if bits > 8 else "u1"
    for index in range(len(source.planes)):
        width, height = source.planes[index].width, source.planes[index].height
        plane = part_view(source, index, kind, width).astype(numpy.float32)
        made = _resampled(_resampled(plane, down, zoom).T, across, zoom).T
        target = part_view(result, index, kind, width)
        if bits == 32:
            target[:height] = made
        else:
            numpy.rint(made, out=made)
            target[:height] = numpy.clip(made, 0, (1 << bits) - 1)
    return tag(result)


def _resampled(plane: NDArray[numpy.float32], shift: float, zoom: float) -> NDArray[numpy.float32]:
    """Rows moved by a share of their number and enlarged."""
    count = len(plane)
    place = (numpy.arange(count) + 0.5 - count / 2) / zoom + count / 2 - shift * count - 0.5
    first = numpy.floor(place)
    t = (place - first).astype(numpy.float32)[:, None]
    weights = (
        ((-0.5 * t + 1.0) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1.0,
        ((-1.5 * t + 2.0) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )
    made: NDArray[numpy.float32] = numpy.zeros_like(plane)
    for step, weight in enumerate(weights, -1):
        rows = numpy.clip(first + step, 0, count - 1).astype(numpy.intp)
        made += plane[rows] * weight
    return made


def _planar(picture: Picture) -> Picture:
    """A picture with a plane for each component, in this machine's order of bytes."""
    form = picture.format
    bits = bit_depth(form.name)
    whole = bits <= 16 and "f16" not in form.name
    apart = len(picture.planes) == len(form.components) and not form.has_palette and not form.is_big_endian
    if apart and (whole or form.name in ("gbrpf32le", "gbrapf32le")):
        return picture
    alpha, deep = has_alpha(form.name), "" if bits <= 8 else "16le"
    wanted = ("gbrap" if alpha else "gbrp") if is_rgb(form.name) else ("yuva444p" if alpha else "yuv444p")
    graph = PictureGraph([signature(tag(picture))])
    graph.finish(graph.chain(0, [("format", {"pix_fmts": f"{wanted}{deep}" if whole else f"{wanted}f32le"})]))
    return graph.run([picture])
