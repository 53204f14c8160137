"""One frame of a timeline as a picture file; the compositor is the render's own."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resolve_engine import whole_file
from resolve_engine.media.av_safe.pictures import packed_rgb
from resolve_engine.media.av_safe.writing import cannot_write, encode_picture
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture

JPEG_QUALITY = 95
"""Pillow's scale; no visible loss, as Resolve's stills have."""


@dataclass(frozen=True)
class PictureKind:
    """How a kind of picture file is made."""

    encoder: str
    """FFmpeg's encoder; '' for Pillow's JPEG, which writes the full-range BT.601 that viewers expect."""
    pixel_format: str
    options: dict[str, str] = field(default_factory=dict)


_TIFF = PictureKind("tiff", "rgb48le", {"compression_algo": "lzw"})
_JPEG = PictureKind("", "rgb24")
KINDS: dict[str, PictureKind] = {
    # Lines predicted from the line above and the quickest deflate: a quarter of the time, and files of the same size.
    "png": PictureKind("png", "rgb24", {"compression_level": "1", "pred": "up"}),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "tif": _TIFF,
    "tiff": _TIFF,
    "dpx": PictureKind("dpx", "gbrp10be"),
    "exr": PictureKind("exr", "gbrpf32le", {"format": "half", "compression": "zip16"}),
    "bmp": PictureKind("bmp", "bgr24"),
    "ppm": PictureKind("ppm", "rgb24"),
}
"""Kinds of picture files by their extension."""


def picture_kind(path: str) -> PictureKind:
    """The kind that a file's extension names, or an error that lists the ones there are."""
    extension = os.path.splitext(path)[1][1:].lower()
    kind = KINDS.get(extension)
    if kind is None:
        raise MediaError(
            f"{quoted(path)} cannot be written as a picture; end its name with one of .{', .'.join(KINDS)}",
            "invalid_argument",
        )
    return kind


def write_picture(picture: Picture, kind: PictureKind, path: str) -> None:
    """Write a picture of the kind's pixel format; the file has its name only when it is complete."""
    data = encode_picture(picture, kind.encoder, kind.options) if kind.encoder else _jpeg(picture)
    try:
        whole_file.write(path, data)
    except OSError as error:
        raise cannot_write(path, error) from error


def _jpeg(picture: Picture) -> bytes:
    from PIL import Image

    memory = io.BytesIO()
    image = Image.frombytes("RGB", (picture.width, picture.height), packed_rgb(picture))
    image.save(memory, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return memory.getvalue()
