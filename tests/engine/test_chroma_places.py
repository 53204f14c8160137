"""Where subsampled chroma lies: on the left of its two columns, in films that are read and in those that are made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film, still
from golden import Array
from spec_maker import item, source, timeline

from resolve_engine.media.av_safe import Picture
from resolve_engine.media.av_safe.pictures import plane_array
from resolve_engine.render import lookup
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import CdlSpec, ItemSpec, NodeSpec, SourceSpec

SIZE = WIDTH, HEIGHT = 320, 180
AT = 120.3, 70.6
"""Where the middle of the spot is, from the left and the top."""


def spot(x: Array, y: Array) -> Array:
    """How much of a soft spot is at a place."""
    return numpy.exp(-((x - AT[0]) ** 2 + (y - AT[1]) ** 2) / 150)


def pixels() -> tuple[Array, Array]:
    """The middles of the pixels of the frame."""
    x, y = numpy.meshgrid(numpy.arange(WIDTH) + 0.5, numpy.arange(HEIGHT) + 0.5)
    return x, y


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> SourceSpec:
    """A red spot on grey, as a still of RGB."""
    share = spot(*pixels())[..., None]
    rgb = numpy.array([120, 120, 120]) * (1 - share) + numpy.array([210, 70, 50]) * share
    path = still(tmp_path_factory.mktemp("spot") / "spot.png", numpy.rint(rgb).astype(numpy.uint8), "rgb24")
    return source({"path": str(path), "sequence": False})


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> SourceSpec:
    """The same as a film of 4:2:0, its chroma on the left of two columns and between two lines."""
    x, y = pixels()
    luma = 110 - 20 * spot(x, y)
    left, between = numpy.meshgrid(numpy.arange(WIDTH // 2) * 2 + 0.5, numpy.arange(HEIGHT // 2) * 2 + 1.0)
    blue, red = 128 - 30 * spot(left, between), 128 + 40 * spot(left, between)
    rows = [numpy.rint(plane).astype(numpy.uint8).reshape(-1, WIDTH) for plane in (luma, blue, red)]
    made: dict[str, Any] = {"codec": "ffv1", "pixel_format": "yuv420p", "picture_format": "yuv420p", "size": SIZE}
    path = tmp_path_factory.mktemp("film") / "spot.mkv"
    return source(film(path, frames=2, picture=lambda number: numpy.concatenate(rows), **made))


def middles(shown: Picture, near: tuple[float, float]) -> list[tuple[float, float]]:
    """Where the middle of the spot is on each plane, in pixels of the frame, for chroma on the left."""
    found = []
    for index, component in enumerate(shown.format.components):
        kind, unit = ("<u2", 4) if component.bits == 10 else ("uint8", 1)
        plane = plane_array(shown, index, kind) / unit
        across, down = WIDTH / plane.shape[1], HEIGHT / plane.shape[0]
        x = (numpy.arange(plane.shape[1]) * across + 0.5)[None, :]
        y = ((numpy.arange(plane.shape[0]) + 0.5) * down)[:, None]
        distance = numpy.hypot(x - near[0], y - near[1])
        weight = abs(plane - numpy.median(plane[(distance > 25) & (distance < 30)]))
        weight[(distance > 25) | (weight < 2)] = 0
        total = weight.sum()
        found.append((float((x * weight).sum() / total), float((y * weight).sum() / total)))
    return found


def shown(tracks: list[list[ItemSpec]], form: str, near: tuple[float, float]) -> list[tuple[float, float]]:
    """The middles in the first frame of a render."""
    compositor = Compositor(timeline(tracks, size=SIZE), *SIZE, form)
    try:
        return middles(compositor.picture(0), near)
    finally:
        compositor.close()


FORMS = ["yuv420p", "yuv422p", "yuv422p10le", "yuv444p"]
WARM = (NodeSpec(cdl=CdlSpec(slope=(1.05, 1.0, 0.95))),)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["picture", "footage"])
@pytest.mark.parametrize("way", ["as it is", "in floats", "graded", "smaller", "flipped", "turned", "turned over"])
def test_chroma_lies_where_the_light_is(form: str, kind: str, way: str, request: pytest.FixtureRequest) -> None:
    """Red and blue have their middles where light has, by every way through the engine."""
    of = request.getfixturevalue(kind)
    properties: dict[str, Any] = {
        "in floats": {"Opacity": 99.9}, "smaller": {"ZoomX": 0.5, "ZoomY": 0.5}, "flipped": {"FlipX": True},
        "turned": {"RotationAngle": 90}, "turned over": {"RotationAngle": 180},
    }.get(way, {})  # fmt: skip
    place = complex(AT[0] - WIDTH / 2, HEIGHT / 2 - AT[1])
    place = {
        "smaller": place / 2, "flipped": -place.conjugate(), "turned": place * 1j, "turned over": -place
    }.get(way, place)  # fmt: skip
    expected = WIDTH / 2 + place.real, HEIGHT / 2 - place.imag
    nodes = WARM if way == "graded" else ()
    for x, y in shown([[item("one", 0, 2, of, properties=properties, nodes=nodes)]], form, expected):
        assert x == pytest.approx(expected[0], abs=0.15)
        assert y == pytest.approx(expected[1], abs=0.15)


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p"])
@pytest.mark.parametrize("pan", [40, 41])
def test_of_a_layer_that_is_put_on_codes(
    picture: SourceSpec, footage: SourceSpec, form: str, pan: int, tmp_path: Path
) -> None:
    """A small picture at an even and at an odd place, whose chroma is a mean of pixels or comes from the scaler."""
    grey = still(tmp_path / "grey.png", numpy.full((HEIGHT, WIDTH, 3), 120, numpy.uint8), "rgb24")
    below = item("below", 0, 2, source({"path": str(grey), "sequence": False}))
    expected = AT[0] + pan, AT[1] + 11
    for of in (picture, footage):
        above = item("above", 0, 2, of, properties={"Pan": pan, "Tilt": -11, "CropLeft": 60, "CropRight": 120})
        for x, y in shown([[below], [above]], form, expected):
            assert x == pytest.approx(expected[0], abs=0.15)
            assert y == pytest.approx(expected[1], abs=0.15)


def test_of_a_grade_that_is_looked_up(footage: SourceSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As of one that goes through a lattice."""
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(tmp_path))
    monkeypatch.setattr(lookup, "WORTH", 1)
    made = []
    table = lookup._table
    monkeypatch.setattr(lookup, "_table", lambda *of: made.append(of) or table(*of))
    for flip in (False, True):
        one = item("one", 0, 2, footage, properties={"FlipX": flip}, nodes=WARM)
        compositor = Compositor(timeline([[one]], size=SIZE), *SIZE, "yuv420p", frames=range(2))
        expected = WIDTH - AT[0] if flip else AT[0], AT[1]
        for x, y in middles(compositor.picture(0), expected):
            assert x == pytest.approx(expected[0], abs=0.15)
            assert y == pytest.approx(expected[1], abs=0.15)
        compositor.close()
    assert len(made) == 2
