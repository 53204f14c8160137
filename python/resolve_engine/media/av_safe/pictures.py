"""Pictures between decoder, filter and encoder: their colour tags, their signature, their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import av
import numpy
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

Picture: TypeAlias = VideoFrame
"""A decoded or filtered picture."""

BT709, BT601, RGB = 1, 6, 0
"""FFmpeg's numbers of the YUV matrices (AVCOL_SPC_BT709, _SMPTE170M) and of RGB."""
LIMITED, FULL = 1, 2
"""FFmpeg's numbers of the ranges (AVCOL_RANGE_MPEG, _JPEG)."""

_MOST = 65504
"""The largest half float."""

_SPACE_NAMES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco",
                9: "bt2020nc", 10: "bt2020c"}  # fmt: skip
_PRIMARY_NAMES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
                  10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213"}  # fmt: skip
_TRANSFER_NAMES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100",
                   10: "log316", 11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10",
                   15: "bt2020-12", 16: "smpte2084", 17: "smpte428", 18: "arib-std-b67"}  # fmt: skip


@dataclass(frozen=True)
class Signature:
    """What a filter graph is built for; a picture with another one must not enter it."""

    width: int
    height: int
    format: str
    space: int
    range: int

    @property
    def is_rgb(self) -> bool:
        """Whether the samples are RGB (or grey) rather than YUV."""
        return self.space == RGB

    @property
    def buffer_arguments(self) -> str:
        """For the `buffer` filter: `width=…:height=…`. The time base counts frames."""
        space = "gbr" if self.space == RGB else _SPACE_NAMES.get(self.space, "bt709")
        levels = "pc" if self.range == FULL else "tv"
        return (
            f"video_size={self.width}x{self.height}:pix_fmt={self.format}:time_base=1/1:pixel_aspect=1/1"
            f":colorspace={space}:range={levels}"
        )


def is_rgb(format_name: str) -> bool:
    """Whether a pixel format holds RGB or a palette; grey counts as YUV, as FFmpeg has it."""
    form = VideoFormat(format_name, 16, 16)
    return form.is_rgb or form.has_palette


def is_jpeg(format_name: str) -> bool:
    """Whether a pixel format is JPEG's kind of YUV, which is full range and, when it is written, BT.601."""
    return format_name.startswith("yuvj")


def has_alpha(format_name: str) -> bool:
    """Whether a pixel format has transparency. A palette may have it."""
    form = VideoFormat(format_name, 16, 16)
    return form.has_palette or any(component.is_alpha for component in form.components)


def is_subsampled(format_name: str) -> bool:
    """Whether columns share chroma, which a mirror would leave on the wrong one of them, as a quarter turn would."""
    return any(component.width < 16 for component in VideoFormat(format_name, 16, 16).components)


def bit_depth(format_name: str) -> int:
    """Bits of one component."""
    return max((component.bits for component in VideoFormat(format_name, 16, 16).components), default=8)


def tag(frame: Picture) -> Picture:
    """Give a picture without colour tags the ones that its size implies, so that no filter has to guess.

    An HD picture (720 lines or 1280 columns and more) is BT.709, a smaller one BT.601; FFmpeg would read both as
    BT.601. RGB and palette are full range without a matrix.
    """
    name = frame.format.name
    if is_rgb(name):
        frame.colorspace, frame.color_range = RGB, FULL
        return frame
    if frame.colorspace in (0, 2, 3):
        frame.colorspace = BT709 if frame.height >= 720 or frame.width >= 1280 else BT601
    if frame.color_range == 0:
        frame.color_range = FULL if is_jpeg(name) else LIMITED
    return frame


def signature(frame: Picture) -> Signature:
    """The signature of a tagged picture."""
    return Signature(frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)


def blank(width: int, height: int, format_name: str) -> Picture:
    """A black, opaque picture of a planar format, limited range and BT.709 where it is YUV."""
    frame = VideoFrame(width, height, format_name)
    form = frame.format
    value: float
    yuv = not is_rgb(format_name)
    for index, component in enumerate(form.components):
        plane = frame.planes[component.plane]
        depth = component.bits
        if depth == 32:
            kind, value = "<f4", float(component.is_alpha)
        else:
            kind, value = "<u2" if depth > 8 else "u1", 0
            if component.is_alpha:
                value = (1 << depth) - 1
            elif yuv:
                value = (16 if index == 0 else 128) << (depth - 8)
        count = plane.buffer_size // numpy.dtype(kind).itemsize
        plane.update(numpy.full(count, value, kind).tobytes())
    if yuv:
        frame.colorspace, frame.color_range = BT709, LIMITED
    else:
        frame.colorspace, frame.color_range = RGB, FULL
    return frame


def plane_array(frame: Picture, index: int, kind: str = "uint8") -> NDArray[Any]:
    """One plane as an array of rows x columns, a copy, without the padding at the end of its rows."""
    plane = frame.planes[index]
    size = numpy.dtype(kind).itemsize
    rows = numpy.frombuffer(_memory(plane), numpy.uint8).reshape(plane.height, plane.line_size)
    array: NDArray[Any] = rows[:, : plane.width * size].copy().view(kind)
    return array


def plane_view(frame: Picture, index: int) -> NDArray[numpy.float32]:
    """One plane of a float picture as rows x columns that share its memory; lives as long as the picture is kept."""
    plane = frame.planes[index]
    rows = numpy.frombuffer(_memory(plane), numpy.float32).reshape(plane.height, plane.line_size // 4)
    return rows[:, : plane.width]


def part_view(frame: Picture, index: int, kind: str, columns: int) -> NDArray[Any]:
    """The first columns of one plane as rows that share its memory, in numbers of NumPy's `kind`; lives as long as the
    picture is kept."""
    plane = frame.planes[index]
    rows = numpy.frombuffer(_memory(plane), kind)
    array: NDArray[Any] = rows.reshape(plane.height, -1)[:, :columns]
    return array


def samples_of(frame: Picture) -> list[NDArray[numpy.uint8]]:
    """The components of a picture of eight bits that has a sample of each for each pixel, as they lie in its memory,
    which they share."""
    if not frame.format.is_planar:
        count = len(frame.format.components)
        plane = part_view(frame, 0, "u1", frame.width * count)
        return [plane[:, index::count] for index in range(count)]
    return [part_view(frame, index, "u1", frame.width) for index in range(len(frame.format.components))]


def relabelled(frame: Picture, format_name: str, border: int) -> Picture:
    """A copy of a picture of four bytes a pixel with zeros around it, whose bytes are taken for another format's: so a
    filter that moves pixels moves those of a format that it does not know."""
    result = VideoFrame(frame.width + 2 * border, frame.height + 2 * border, format_name)
    target = part_view(result, 0, "<u4", result.width)
    target[:] = 0
    target[border : border + frame.height, border : border + frame.width] = part_view(frame, 0, "<u4", frame.width)
    return tag(result)


def copied(frame: Picture) -> Picture:
    """A copy of a planar YUV picture of eight bits, which nobody else holds."""
    result = VideoFrame(frame.width, frame.height, frame.format.name)
    for index, component in enumerate(frame.format.components):
        numpy.copyto(part_view(result, index, "u1", component.width), part_view(frame, index, "u1", component.width))
    result.colorspace, result.color_range = frame.colorspace, frame.color_range
    return result


def unset(width: int, height: int, format_name: str) -> Picture:
    """A picture whose pixels are still to be set; limited range and BT.709 where it is YUV."""
    frame = VideoFrame(width, height, format_name)
    frame.colorspace, frame.color_range = BT709, LIMITED
    return tag(frame)


def finite(frame: Picture) -> Picture:
    """A picture of floats in which all are numbers: black where one was none, and a half float's most or least where it
    was infinite. FFmpeg's `lut3d` reads outside of its table where it finds something else, and ends the process; what
    is sampled from it spreads. A picture of whole numbers stays as it is."""
    name = frame.format.name
    if "f32" in name or "f16" in name:
        kind = (">" if frame.format.is_big_endian else "<") + ("f4" if "f32" in name else "f2")
        for plane in frame.planes:
            values = numpy.frombuffer(_memory(plane), kind)
            if not numpy.isfinite(values).all():
                numpy.nan_to_num(values, copy=False, nan=0, posinf=_MOST, neginf=-_MOST)
    return frame


def is_upright(frame: Picture) -> bool:
    """Whether the rows of a picture lie in its memory from the top down, so that its pixels can be read in place."""
    return all(plane.line_size > 0 for plane in frame.planes)


def _memory(plane: VideoPlane) -> memoryview:
    """A plane's memory; a picture that is stored upside down (negative line size) has none that could be read."""
    if plane.line_size <= 0:
        raise ValueError("a picture that is stored upside down must be copied before its pixels are read")
    return memoryview(plane)


def inked(frame: Picture) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom (the last two exclusive) of what is not wholly transparent in an `rgba` picture; None
    for another format and for a picture that is all transparent."""
    if frame.format.name != "rgba":
        return None
    plane = frame.planes[0]
    rows = numpy.frombuffer(_memory(plane), numpy.uint8).reshape(plane.height, plane.line_size)
    alpha = rows[:, 3 : frame.width * 4 : 4]
    down, across = numpy.flatnonzero(alpha.any(axis=1)), numpy.flatnonzero(alpha.any(axis=0))
    if not len(down):
        return None
    return int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1


def pixels(frame: Picture) -> NDArray[numpy.float32]:
    """The planes of a `gbrpf32le` picture as an array of height x width x RGB."""
    if frame.format.name != "gbrpf32le":
        raise ValueError(f"pixels() reads gbrpf32le, not {frame.format.name}")
    green, blue, red = (plane_array(frame, index, "float32") for index in range(3))
    return numpy.stack([red, green, blue], axis=-1)


def is_planar_yuv(format_name: str) -> bool:
    """Whether a format is planar YUV of 8 to 16 bits without alpha, whose planes can be patched."""
    form = VideoFormat(format_name, 16, 16)
    return form.is_planar and not is_rgb(format_name) and len(form.components) == 3 and not has_alpha(format_name)


def paste(target: Picture, patch: Picture, place: tuple[int, int], inset: tuple[int, int, int, int]) -> None:
    """Copy a part of a planar YUV picture into another of the same format, which nobody else may hold.

    `inset` is x, y, width, height of the part in the patch, `place` where it goes in the target; all even.
    """
    form = target.format
    for index, component in enumerate(form.components):
        kind = numpy.dtype("<u2" if component.bits > 8 else "u1")
        views: list[NDArray[Any]] = []
        for frame in (target, patch):
            plane = frame.planes[index]
            rows = numpy.frombuffer(_memory(plane), kind).reshape(plane.height, plane.line_size // kind.itemsize)
            views.append(rows[:, : plane.width])
        across = target.width // views[0].shape[1]
        down = target.height // views[0].shape[0]
        x, y, width, height = inset[0] // across, inset[1] // down, inset[2] // across, inset[3] // down
        left, top = place[0] // across, place[1] // down
        views[0][top : top + height, left : left + width] = views[1][y : y + height, x : x + width]


def mixed(one: Picture, other: Picture, weight: float) -> Picture:
    """A new picture between two of one signature, sample by sample; `weight` is the share of the second, 0 to 1.

    ValueError for a palette, whose numbers are no values, and for pictures that differ in signature.
    """
    if signature(one) != signature(other) or one.format.has_palette:
        raise ValueError("only pictures of one size and format, without a palette, can be mixed")
    result = VideoFrame(one.width, one.height, one.format.name)
    depth = bit_depth(one.format.name)
    kind = "u1" if depth <= 8 else (">" if one.format.is_big_endian else "<") + ("f4" if depth == 32 else "u2")
    if depth == 16 and "f16" in one.format.name:
        kind = kind[0] + "f2"
    size = numpy.dtype(kind).itemsize
    share = numpy.float32(weight)
    for first, second, target in zip(one.planes, other.planes, result.planes, strict=True):
        views = [
            numpy.frombuffer(_memory(plane), kind).reshape(plane.height, plane.line_size // size)
            for plane in (first, second, target)
        ]
        width = min(view.shape[1] for view in views)
        before, after, into = (view[:, :width] for view in views)
        between = before.astype(numpy.float32) * (1 - share) + after.astype(numpy.float32) * share
        into[:] = between if into.dtype.kind == "f" else between + numpy.float32(0.5)
    result.colorspace, result.color_range = one.colorspace, one.color_range
    return tag(result)


def is_deep_rgb(format_name: str) -> bool:
    """Whether a format holds whole numbers of more than eight bits of RGB."""
    return is_rgb(format_name) and bit_depth(format_name) in range(9, 17) and "f16" not in format_name


def quantised(frame: Picture, format_name: str) -> Picture:
    """A float picture (`gbrpf32le` or `gbrapf32le`, white at 1) as one of deep RGB with or without alpha, each value at
    its nearest code.

    FFmpeg's own way there passes through YUV of fifteen bits and is off by up to 70 of 65535.
    """
    most = (1 << bit_depth(format_name)) - 1
    result = VideoFrame(frame.width, frame.height, format_name)
    kind = ">u2" if result.format.is_big_endian else "<u2"
    packed = not result.format.is_planar
    count = len(result.format.components)
    for index, component in enumerate((1, 2, 0, 3)[:count]):  # the float planes are green, blue, red, alpha
        codes = plane_view(frame, index) * numpy.float32(most)
        codes += numpy.float32(0.5)
        numpy.clip(codes, 0, most, out=codes)
        target = result.planes[0 if packed else index]
        rows = numpy.frombuffer(_memory(target), kind).reshape(target.height, target.line_size // 2)
        if packed:
            rows[:, component : frame.width * count : count] = codes
        else:
            rows[:, : frame.width] = codes
    return tag(result)


def packed_rgb(frame: Picture) -> bytes:
    """The pixels of an `rgb24` picture, row by row without padding."""
    if frame.format.name != "rgb24":
        raise ValueError(f"packed_rgb() reads rgb24, not {frame.format.name}")
    plane = frame.planes[0]
    rows = numpy.frombuffer(_memory(plane), numpy.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : frame.width * 3].tobytes()


def from_array(array: NDArray[Any], format_name: str) -> Picture:
    """A picture from an array, tagged."""
    return tag(VideoFrame.from_ndarray(numpy.ascontiguousarray(array), format=format_name))


def colour_names(space: int, primaries: int, transfer: int) -> tuple[str, str, str]:
    """FFmpeg's words for the numbers of its colour tags; '' for an unknown one."""
    return _SPACE_NAMES.get(space, ""), _PRIMARY_NAMES.get(primaries, ""), _TRANSFER_NAMES.get(transfer, "")


def range_name(number: int) -> str:
    """`tv` (limited), `pc` (full) or ''."""
    return {LIMITED: "tv", FULL: "pc"}.get(number, "")


FFMPEG_VERSION = ".".join(str(part) for part in av.library_versions["libavcodec"])
"""Version of the codec library, for the logs."""
