"""Renders with alpha: what layers do not cover is transparent in the file."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray
from PIL import Image
from spec_maker import item, job, source, timeline

from resolve_engine.media.av_safe.films import FilmDecoder, decode_still
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import Picture, plane_array, signature
from resolve_engine.render.formats import is_sequence
from resolve_engine.render.levels import opaque_level, to_format, white_level
from resolve_engine.render.partial import frame_name
from resolve_engine.render.session import render
from resolve_engine.render.spec import TimelineSpec

COLOUR = (200, 100, 40)
SOME = 96
"""Opacity of the half of the picture that is not opaque, of 255."""


@pytest.fixture
def of(tmp_path: Path) -> TimelineSpec:
    """A still on a larger frame: its left half opaque, its right half nearly a third, nothing around it."""
    image = numpy.zeros((90, 160, 4), numpy.uint8)
    image[:, :, :3] = COLOUR
    image[:, :80, 3], image[:, 80:, 3] = 255, SOME
    Image.fromarray(image).save(tmp_path / "half.png")
    return timeline([[item("p", 0, 2, source(tmp_path / "half.png"), properties={"ZoomX": 0.5, "ZoomY": 0.5})]])


def floats(frame: Picture) -> NDArray[numpy.float32]:
    """A picture as height x width x RGBA, white and full opacity at 255."""
    name = frame.format.name
    graph = PictureGraph([signature(frame)])
    graph.finish(graph.chain(0, to_format("gbrapf32le")))
    wide = graph.run([frame])
    green, blue, red, alpha = (plane_array(wide, index, "float32") for index in range(4))
    white = white_level(name)
    planes = [red / white, green / white, blue / white, alpha / opaque_level(name)]
    stacked: NDArray[numpy.float32] = numpy.stack(planes, axis=-1) * 255
    return stacked


def first(path: Path) -> Picture:
    """The first picture of a file."""
    if path.suffix in (".mov", ".mkv"):
        decoder = FilmDecoder(str(path), 0)
        found = decoder.next()
        decoder.close()
        assert found is not None
        return found[1]
    return decode_still(str(path))


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mov", "ProRes4444"), ("mov", "ProRes4444XQ"), ("png", "RGB8"), ("png", "RGB16"), ("tif", "RGB8"),
        ("tif", "RGB16LZW"), ("exr", "RGBHalfZIP"), ("exr", "RGBFloat"), ("mkv", "FFV1RGBA_8"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("alpha", ["straight", "premultiplied"])
def test_alpha_is_what_is_covered(of: TimelineSpec, tmp_path: Path, form: str, codec: str, alpha: str) -> None:
    """Opaque, partly and not at all; the colour is its own (straight) or multiplied by the alpha."""
    import threading

    target = tmp_path / f"o.{form}"
    render(job(of, target, form, codec, audio=False, alpha=alpha), threading.Event(), lambda done: None)
    path = Path(frame_name(str(target), 0)) if is_sequence(form) else target
    seen = floats(first(path))
    loss = 3.0 if form == "mov" else 1.0
    for column, opacity in ((120, 255), (200, SOME), (20, 0)):
        share = opacity / 255 if alpha == "premultiplied" else float(opacity > 0)
        expected = [*(value * share for value in COLOUR), opacity]
        assert numpy.abs(seen[90, column] - expected).max() <= loss, (column, seen[90, column], expected)


def test_a_codec_without_alpha_is_refused(of: TimelineSpec, tmp_path: Path) -> None:
    """By name, before anything is written."""
    import threading

    from resolve_engine.media.errors import MediaError

    with pytest.raises(MediaError, match=r"H\.264 carries no alpha"):
        render(job(of, tmp_path / "o.mp4", alpha="straight"), threading.Event(), lambda done: None)
    assert [path.name for path in tmp_path.iterdir()] == ["half.png"]
