"""Float pictures with values that are no numbers: what is read of them is finite, and a graded render does not die."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from generate import still
from looks import bend, cube_text
from spec_maker import item, picture, source, timeline

from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import blank, plane_view, signature
from resolve_engine.media.reader import StillReader
from resolve_engine.render.spec import NodeSpec

SIZE = WIDTH, HEIGHT = 64, 36


def broken(folder: Path) -> Path:
    """A grey EXR with a column that is no number, one that is infinite, and one that is so below zero."""
    pixels = numpy.full((HEIGHT, WIDTH, 3), 0.5, numpy.float32)
    pixels[:, 20], pixels[:, 30], pixels[:, 40] = numpy.nan, numpy.inf, -numpy.inf
    return still(folder / "broken.exr", pixels, "gbrpf32le", "exr", "gbrpf32le")


def test_what_is_read_is_finite(tmp_path: Path) -> None:
    """Black for no number, the ends of a half float for the infinite ones, and the rest as it was."""
    frame = StillReader(str(broken(tmp_path))).read(0)
    for index in range(3):
        row = plane_view(frame, index)[10]
        assert list(row[[10, 20, 30, 40]]) == [0.5, 0, 65504, -65504]


@pytest.mark.parametrize("properties", [{}, {"Pan": 0.5}, {"ZoomX": 0.5, "ZoomY": 0.5}, {"RotationAngle": 10}])
def test_a_graded_render_lives_through_it(tmp_path: Path, properties: dict[str, float]) -> None:
    """FFmpeg's lattice ended the process; a value that is no number made its neighbours so."""
    lut = tmp_path / "bend.cube"
    lut.write_text(cube_text(33, bend), encoding="ascii")
    of = source({"path": str(broken(tmp_path)), "sequence": False})
    one = item("one", 0, 2, of, properties=properties, nodes=(NodeSpec(lut=str(lut)),))
    shown = picture(timeline([[one]], size=SIZE), 0)
    plain = bend(numpy.float64([[0.5, 0.5, 0.5]]))[0] * 255
    assert shown[18, 46] == pytest.approx(plain, abs=1.5)


@pytest.mark.parametrize("width", [192, 193, 196, 199])
def test_a_filter_has_room_behind_each_row(width: int) -> None:
    """For the eight floats that it takes at a time: `lut3d` read beyond a picture's end, and died of what was there."""
    one = blank(width, 97, "gbrpf32le")
    graph = PictureGraph([signature(one)])
    graph.finish(graph.chain(0, [("null", {})]))
    inside = graph.run([one])
    assert all(plane.line_size % 32 == 0 for plane in inside.planes)
    assert (plane_view(inside, 0) == plane_view(one, 0)).all()
