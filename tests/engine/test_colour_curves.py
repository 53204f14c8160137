"""Steep grades keep to OpenColorIO's numbers in the picture: in the shadows, at bends, on items and on timelines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from generate import still
from looks import Array, bend, cube_text
from spec_maker import item, picture, source, timeline

from resolve_engine.colour import bake
from resolve_engine.colour.curves import LEVELS, points_of, split
from resolve_engine.colour.grade import Grade
from resolve_engine.media.av_safe.pictures import pixels
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import CdlSpec, NodeSpec, SourceSpec, TimelineSpec

SIZE = (256, 64)
CDLS = {
    "lifted shadows": (CdlSpec(power=(0.6, 0.6, 0.6)),),
    "almost a gamma": (CdlSpec(power=(0.4, 0.4, 0.4)),),
    "a bend above black": (CdlSpec((1.3, 1.2, 1.1), (-0.05, -0.05, -0.05), (0.8, 0.9, 1.0), 1.2),),
    "bright": (CdlSpec((2, 2, 2), (0.05, 0, 0), (0.7, 0.7, 0.7)),),
    "one after the other": (CdlSpec(power=(0.7, 0.7, 0.7)), CdlSpec((1.1, 1, 0.9), (0.02, 0, 0), (0.8, 1, 1), 0.8)),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of this test's own."""
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(tmp_path / "home"))


def nodes_of(name: str) -> tuple[NodeSpec, ...]:
    """The nodes of a grade."""
    return tuple(NodeSpec(cdl=cdl) for cdl in CDLS[name])


def by_ocio(rgb: Array, nodes: tuple[NodeSpec, ...]) -> Array:
    """OpenColorIO's own numbers, held to 0 to 1."""
    made = numpy.ascontiguousarray(rgb, numpy.float32)
    Grade(nodes).apply(made.reshape(-1, 3))
    return numpy.clip(made.astype(numpy.float64), 0, 1)


def ramp(folder: Path) -> tuple[SourceSpec, Array]:
    """Every grey of eight bits as a file and from 0 to 1: colours are widened to floats by FFmpeg's scaler within a
    sixth of a code, which steep grades make more of."""
    array = numpy.repeat(numpy.arange(256, dtype=numpy.uint8)[None], SIZE[1], axis=0)[..., None].repeat(3, axis=2)
    return source({"path": str(still(folder / "ramp.png", array, "rgb24")), "sequence": False}), array / 255


@pytest.mark.parametrize("name", CDLS)
@pytest.mark.parametrize("place", ["item", "timeline", "layers"])
def test_no_code_is_off(tmp_path: Path, name: str, place: str) -> None:
    """Every code of eight bits is the nearest, or its neighbour where the number lies between two; a lattice alone was
    off by up to 20."""
    of, array = ramp(tmp_path)
    nodes = nodes_of(name)
    tracks = [[item("one", 0, 2, of, nodes=nodes if place == "item" else ())]]
    if place == "layers":
        tracks.append([item("two", 0, 2, of, properties={"Opacity": 50})])
    spec: TimelineSpec = timeline(tracks, size=SIZE)
    if place != "item":
        spec = replace(spec, nodes=nodes)
    error = numpy.abs(picture(spec, 0) - by_ocio(array, nodes) * 255)
    assert float(error.max()) < 0.9
    assert float(numpy.quantile(error, 0.999)) < 0.58


@pytest.mark.parametrize("name", CDLS)
def test_floats_are_near(tmp_path: Path, name: str) -> None:
    """In a float picture within a code of twelve bits at most, and 1e-4 in the mean; black and white are exact."""
    array = numpy.random.default_rng(4).random((SIZE[1], SIZE[0], 3)).astype(numpy.float32)
    array[:16] **= 4
    array = numpy.maximum(array, numpy.float32(1 / 1023))  # FFmpeg keeps a value of a curve every 1/65535
    array[0, 0], array[0, 1] = 0, 1
    path = still(tmp_path / "noise.exr", array, "gbrpf32le", "exr", "gbrpf32le")
    of = source({"path": str(path), "sequence": False})
    compositor = Compositor(timeline([[item("one", 0, 2, of, nodes=nodes_of(name))]], size=SIZE), *SIZE, "gbrpf32le")
    made = numpy.clip(pixels(compositor.picture(0)), 0, 1)
    compositor.close()
    error = numpy.abs(made - by_ocio(array, nodes_of(name)))
    assert float(error.max()) < 1 / 4095
    assert float(error.mean()) < 1e-4
    assert float(error[0, :2].max()) < 1e-5


def test_a_lut_behind_a_steep_cdl(tmp_path: Path) -> None:
    """Its points are the lattice's, so that it loses nothing by what comes before."""
    lut = tmp_path / "bend.cube"
    lut.write_text(cube_text(33, bend), encoding="ascii")
    nodes = (NodeSpec(cdl=CdlSpec(power=(0.5, 0.5, 0.5)), lut=str(lut)), NodeSpec(cdl=CdlSpec(saturation=0.7)))
    of, array = ramp(tmp_path)
    shown = picture(timeline([[item("one", 0, 2, of, nodes=nodes)]], size=SIZE), 0)
    error = numpy.abs(shown - by_ocio(array, nodes) * 255)
    assert float(error.max()) < 0.9


def test_what_is_curves_and_what_is_not() -> None:
    """Up to the first saturation, LUT or conversion; nodes that are off are left out."""
    plain, mixed = CdlSpec(power=(0.5, 1, 1)), CdlSpec(slope=(2, 1, 1), saturation=0.5)
    off = NodeSpec(enabled=False, lut="/x.cube")
    nodes = (NodeSpec(cdl=plain), off, NodeSpec(cdl=mixed, lut="/a.cube"), NodeSpec(cdl=plain))
    curves, rest = split(nodes)
    assert curves == (NodeSpec(cdl=plain), NodeSpec(cdl=CdlSpec(slope=(2, 1, 1))))
    assert rest == (NodeSpec(cdl=CdlSpec(saturation=0.5), lut="/a.cube"), NodeSpec(cdl=plain))
    first = NodeSpec(convert=("Rec.709/sRGB", "Rec.709/Gamma 2.4"))
    assert split((first, NodeSpec(cdl=plain))) == ((), (first, NodeSpec(cdl=plain)))


def test_a_curve_in_steps_is_the_curve_to_half_a_step() -> None:
    """Flat stretches and leaps too; its ends are its own."""
    x = numpy.linspace(0, 1, 65536)
    for curve in (x**0.4, numpy.clip(2 * x - 0.5, 0, 1), numpy.where(x < 0.5, 0.0, 1.0), numpy.zeros_like(x)):
        places, held = points_of(curve)
        assert len(places) >= 3
        assert (numpy.diff(places) >= 0).all()
        made = held[numpy.searchsorted(places, x, "right").clip(1, len(places)) - 1]
        smooth = numpy.abs(numpy.gradient(curve)) < 0.1
        assert numpy.abs(made - curve)[smooth].max() <= 1.01 / LEVELS
        assert (held[0], held[-1]) == (curve[0], curve[-1])


def test_gentle_grades_stay_lattices(tmp_path: Path) -> None:
    """Which cost FFmpeg less."""
    assert str(bake.cube_for((NodeSpec(cdl=CdlSpec(slope=(1.1, 1, 1))),), 1.0)).endswith(".cube")
    assert str(bake.cube_for(nodes_of("almost a gamma"), 1.0)).endswith(".csp")
    assert bake.cube_for(nodes_of("almost a gamma"), 1.0) == bake.cube_for(nodes_of("almost a gamma"), 1.0)
