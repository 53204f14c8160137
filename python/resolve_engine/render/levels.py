"""What white becomes when a pixel format is widened to floats: FFmpeg shifts bits rather than scale to the full range.

White of YUV and of eight-bit RGB comes out as 0.9962, of ten-bit RGB as 0.9990. Everything that computes on floats
divides by this level first and multiplies by the output format's level last; the way back rounds to the nearest code.
"""

from __future__ import annotations

from functools import lru_cache

from resolve_engine.media.av_safe import Picture, blank
from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import has_alpha, is_jpeg, is_rgb, plane_array, signature

ACCURATE = "accurate_rnd+full_chroma_int+full_chroma_inp"
"""Scaler flags: exact rounding, and chroma interpolated rather than repeated."""

_SIDE = 16
"""Pixels on a side of the pictures that levels are measured on."""


@lru_cache(maxsize=128)
def white_level(pixel_format: str) -> float:
    """The float that white of a pixel format becomes; 1.0 for formats that hold floats."""
    if "f32" in pixel_format or "f16" in pixel_format:
        return 1.0
    if is_rgb(pixel_format):
        one = blank(_SIDE, _SIDE, "gbrpf32le")
        for plane in one.planes:
            plane.update(b"\x00\x00\x80\x3f" * (plane.buffer_size // 4))
        white = _converted(one, pixel_format if pixel_format != "pal8" else "rgb24")
    else:
        white = blank(_SIDE, _SIDE, "yuv420p")
        white.planes[0].update(b"\xeb" * white.planes[0].buffer_size)
    wide = _converted(white, "gbrpf32le")
    return float(sum(plane_array(wide, index, "float32")[8, 8] for index in range(3)) / 3)


@lru_cache(maxsize=128)
def opaque_level(pixel_format: str) -> float:
    """The float that full opacity of a pixel format with alpha becomes."""
    if "f32" in pixel_format or "f16" in pixel_format or not has_alpha(pixel_format):
        return 1.0
    wide = _converted(blank(_SIDE, _SIDE, "rgba" if pixel_format == "pal8" else pixel_format), "gbrapf32le")
    return float(plane_array(wide, 3, "float32")[8, 8])


def to_format(pixel_format: str, **scale: object) -> list[FilterStep]:
    """The steps that bring a picture into a pixel format (and size): BT.709 and limited range where it is YUV, BT.601
    and full range where it is JPEG's.

    Chroma that is subsampled lies on the left of its two columns, as in H.264, HEVC, ProRes and DNxHR, and in the
    middle of them in JPEG; the scaler would take the middle for all. `scale` says so of what comes in where it is
    otherwise (see `siting`).
    """
    arguments: dict[str, object] = {"flags": f"bicubic+{ACCURATE}", "in_chroma_loc": "left", **scale}
    if is_jpeg(pixel_format):
        arguments.update(out_color_matrix="bt601", out_range="pc", out_chroma_loc="center")
    elif not is_rgb(pixel_format):
        arguments.update(out_color_matrix="bt709", out_range="tv", out_chroma_loc="left")
    return [("scale", arguments), ("format", {"pix_fmts": pixel_format})]


def siting(pixel_format: str, turn: int) -> dict[str, object]:
    """Where the chroma of a picture lies that was turned clockwise by quarter turns, as arguments of the scaler."""
    if is_jpeg(pixel_format):
        return {"in_chroma_loc": "center"}
    if turn == 180:
        return {"in_h_chr_pos": 256, "in_v_chr_pos": 128}
    return {"in_chroma_loc": {90: "top", 270: "bottom"}.get(turn, "left")}


def _converted(picture: Picture, pixel_format: str) -> Picture:
    graph = PictureGraph([signature(picture)])
    graph.finish(graph.chain(0, to_format(pixel_format)))
    return graph.run([picture])
