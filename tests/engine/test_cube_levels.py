"""A level of white folded into a cube file, as FFmpeg reads it: on the points, between them and behind white."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray

from resolve_engine.colour import bake
from resolve_engine.colour.grade import Grade
from resolve_engine.media.av_safe import from_array
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import pixels, signature, tag
from resolve_engine.render.spec import CdlSpec, NodeSpec

NODES = (NodeSpec(cdl=CdlSpec((1.1, 0.9, 0.8), (0.02, 0.0, 0.05), (1.1, 0.9, 1.2), 0.8)),)
GENTLE = (NodeSpec(cdl=CdlSpec((1.1, 0.9, 0.8), (0.02, 0.0, 0.05), (1.1, 1.0, 1.2), 0.8)),)
"""The first are curves before a lattice, the second a lattice alone."""
EIGHT_BITS = 0.99610895
"""What white of eight bits becomes when FFmpeg widens it to floats."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of this test's own."""
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(tmp_path / "home"))


def through(cube: str, rgb: NDArray[numpy.float32]) -> NDArray[numpy.float32]:
    """Values through FFmpeg's filter, as one row of pixels."""
    picture = tag(from_array(numpy.repeat(rgb[None], 16, axis=0), "gbrpf32le"))
    graph = PictureGraph([signature(picture)])
    graph.finish(graph.chain(0, [("lut3d", {"file": cube, "interp": "tetrahedral"})]))
    return pixels(graph.run([picture]))[0]


@pytest.mark.parametrize("white", [EIGHT_BITS, 0.999, 1.0])
def test_a_folded_level_is_the_grade_of_the_true_value(white: float) -> None:
    """What comes out for `white` times a value is the grade of the value, as exactly as without a level."""
    cube = bake.cube_for(NODES, 0.9, white=white)
    assert cube is not None
    values = numpy.random.default_rng(5).random((640, 3)).astype(numpy.float32)
    values[:33] = numpy.linspace(0, 1, 33, dtype=numpy.float32)[:, None]
    expected = values.copy()
    Grade(NODES).apply(expected)
    error = numpy.abs(through(cube, values * numpy.float32(white)) - expected * 0.9)
    assert float(error.max()) < 2e-4
    gentle = bake.cube_for(GENTLE, 0.9, white=white)
    assert gentle is not None
    expected = values.copy()
    Grade(GENTLE).apply(expected)
    error = numpy.abs(through(gentle, values * numpy.float32(white)) - expected * 0.9)
    assert float(error[:33].max()) < 1e-5  # the points stay where they are
    assert float(error.max()) < 1e-3


def test_what_is_above_white_is_taken_as_white() -> None:
    """Up to the end of the cube and beyond, as a cube without a level holds it."""
    cube = bake.cube_for(NODES, 1.0, white=EIGHT_BITS)
    assert cube is not None
    above = numpy.linspace(1.0, 1.2, 32, dtype=numpy.float32)
    values = numpy.stack([above, numpy.full_like(above, 0.4), above * 0 + 0.7], axis=-1)
    expected = numpy.minimum(values, 1)
    Grade(NODES).apply(expected)
    made = through(cube, (values * numpy.float32(EIGHT_BITS)).astype(numpy.float32))
    assert float(numpy.abs(made - expected).max()) < 2e-3
    assert float(numpy.abs(made - made[0]).max()) < 1e-5


def test_a_level_that_ffmpeg_would_not_take_is_not_folded() -> None:
    """It holds a cube's DOMAIN_MAX to 1 and more: one point behind white makes room for a sixty-fifth."""
    assert bake.folds(1.0)
    assert bake.folds(EIGHT_BITS)
    assert not bake.folds(0.98)
    assert not bake.folds(1.01)
