"""Grades equal OpenColorIO's own numbers, and what cannot be read says so."""

from __future__ import annotations

import os
from pathlib import Path

import numpy
import PyOpenColorIO as ocio
import pytest
from generate import film, still
from numpy.typing import NDArray
from spec_maker import item, picture, psnr, source, timeline

from resolve_engine.colour import bake
from resolve_engine.colour.grade import Grade
from resolve_engine.media.av_safe.pictures import pixels
from resolve_engine.media.errors import MediaError
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import CdlSpec, NodeSpec, SourceSpec, TimelineSpec

CDL = CdlSpec((1.2, 0.9, 0.8), (0.05, -0.02, 0.03), (1.1, 0.95, 1.3), 0.7)
SIZE = (160, 90)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "cache" / "grades"


def colours() -> NDArray[numpy.float32]:
    """Every mix of nine steps of red, green and blue, and 200 at random."""
    steps = numpy.linspace(0, 1, 9)
    grid = numpy.stack(numpy.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    return numpy.concatenate([grid, numpy.random.default_rng(2).random((200, 3))]).astype(numpy.float32)


def asc(rgb: NDArray[numpy.float32], cdl: CdlSpec) -> NDArray[numpy.float64]:
    """The ASC formula, without holding values to 0 to 1."""
    value = rgb.astype(numpy.float64) * cdl.slope + cdl.offset
    value = numpy.where(value > 0, numpy.abs(value) ** numpy.array(cdl.power), value)
    luma = (value * (0.2126, 0.7152, 0.0722)).sum(axis=-1, keepdims=True)
    return luma + cdl.saturation * (value - luma)


def cube(path: Path, size: int, function: object = None, title: str = "") -> Path:
    """A .cube file; without a function it swaps red and blue and bends green."""
    rows = [f'TITLE "{title}"', f"LUT_3D_SIZE {size}"]
    for blue in range(size):
        for green in range(size):
            for red in range(size):
                r, g, b = (step / (size - 1) for step in (red, green, blue))
                rows.append(f"{b:.6f} {g**1.5:.6f} {r:.6f}")
    path.write_text("\n".join(rows) + "\n")
    return path


def through_ffmpeg(of: SourceSpec, nodes: tuple[NodeSpec, ...]) -> NDArray[numpy.float32]:
    """A graded frame as floats."""
    compositor = Compositor(graded(of, nodes), *SIZE, "gbrpf32le")
    try:
        return pixels(compositor.picture(0)).copy()
    finally:
        compositor.close()


def graded(of: SourceSpec, nodes: tuple[NodeSpec, ...]) -> TimelineSpec:
    """One graded item."""
    return timeline([[item("one", 0, 3, of, nodes=nodes)]], size=SIZE)


@pytest.fixture
def float_still(tmp_path: Path) -> tuple[SourceSpec, NDArray[numpy.float32]]:
    """A float EXR of random colours, whose values come through exactly."""
    array = numpy.random.default_rng(4).random((SIZE[1], SIZE[0], 3)).astype(numpy.float32)
    path = still(tmp_path / "noise.exr", array, "gbrpf32le", "exr", "gbrpf32le")
    return source({"path": str(path), "sequence": False}), array


def test_a_cdl_is_the_asc_formula_and_opencolorio_s() -> None:
    """Slope, offset, power, saturation, to 1e-4."""
    made = colours()
    Grade([NodeSpec(cdl=CDL)]).apply(made)
    assert float(numpy.abs(made - asc(colours(), CDL)).max()) < 1e-4


def test_a_frame_s_cdl_is_opencolorio_s(float_still: tuple[SourceSpec, NDArray[numpy.float32]]) -> None:
    """Through the lattice and FFmpeg: 1e-3 at most, 1e-4 in the mean."""
    of, array = float_still
    error = numpy.abs(through_ffmpeg(of, (NodeSpec(cdl=CDL),)) - asc(array, CDL))
    assert float(error.max()) < 1.5e-3
    assert float(error.mean()) < 1e-4


def test_a_frame_s_lut_is_opencolorio_s(float_still: tuple[SourceSpec, NDArray[numpy.float32]], tmp_path: Path) -> None:
    """A cube of the lattice's own size comes through to 1e-5; tetrahedral on both sides."""
    of, array = float_still
    path = str(cube(tmp_path / "swap.cube", 33))
    transform = ocio.FileTransform(path)
    transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
    expected = array.copy()
    ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor().applyRGB(expected)
    assert float(numpy.abs(through_ffmpeg(of, (NodeSpec(lut=path),)) - expected).max()) < 1e-5


def test_nodes_follow_one_another(float_still: tuple[SourceSpec, NDArray[numpy.float32]], tmp_path: Path) -> None:
    """The first node's CDL, its LUT, the second node's CDL; a disabled node is left out."""
    of, array = float_still
    path = str(cube(tmp_path / "swap.cube", 65))
    first, last = CdlSpec(slope=(0.9, 0.8, 0.7)), CdlSpec(offset=(0.0, 0.1, 0.0), saturation=0.5)
    off = NodeSpec(enabled=False, cdl=CdlSpec(slope=(0, 0, 0)))
    shown = through_ffmpeg(of, (NodeSpec(cdl=first, lut=path), off, NodeSpec(cdl=last)))
    middle = asc(array, first)
    expected = asc(numpy.stack([middle[..., 2], middle[..., 1] ** 1.5, middle[..., 0]], axis=-1), last)
    assert float(numpy.abs(shown - expected).max()) < 2e-3


def test_a_grade_on_eight_bits_has_no_bias(tmp_path: Path) -> None:
    """White stays white and every code is the nearest: what a level that is off by 0.4 % would break."""
    ramp = numpy.repeat(numpy.repeat(numpy.arange(0, 160, dtype=numpy.uint8)[None], 90, 0)[..., None], 3, 2) + 96
    ramp = numpy.minimum(ramp.astype(int), 255).astype(numpy.uint8)
    of = source({"path": str(still(tmp_path / "ramp.png", ramp, "rgb24")), "sequence": False})
    same = picture(graded(of, (NodeSpec(cdl=CdlSpec(slope=(1, 1, 1))),)), 0)
    assert psnr(same, ramp) == 120
    shown = picture(graded(of, (NodeSpec(cdl=CDL),)), 0)
    expected = numpy.clip(asc((ramp / 255).astype(numpy.float32), CDL), 0, 1) * 255
    assert abs(float((shown - expected).mean())) < 0.03
    assert psnr(shown, expected) > 57


def test_a_grade_touches_the_picture_only(tmp_path: Path) -> None:
    """The bars beside a graded picture stay black, whatever its offset."""
    grey = numpy.full((90, 90, 3), 100, numpy.uint8)
    of = source({"path": str(still(tmp_path / "g.png", grey, "rgb24")), "sequence": False})
    shown = picture(graded(of, (NodeSpec(cdl=CdlSpec(offset=(0.2, 0.2, 0.2))),)), 0)
    assert shown[:, :34].max() == 0
    assert shown[:, 126:].max() == 0
    assert abs(shown[45, 80] - 151).max() <= 1


def test_a_graded_film_keeps_its_black_and_white(tmp_path: Path) -> None:
    """An identity grade on limited-range 4:2:0 changes no frame of a film by more than a code."""
    path = film(tmp_path / "f.mp4", 24, 3, size=SIZE, options={"preset": "ultrafast", "crf": "10"})
    of = source(path)
    plain = picture(graded(of, ()), 1)
    same = picture(graded(of, (NodeSpec(cdl=CdlSpec()),)), 1)
    assert abs(plain - same).max() <= 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.cube", None, "no such file"),
        ("short.cube", "LUT_3D_SIZE 2\n0 0 0\n", "incorrect number"),
        ("text.cube", "hello\n", "malformed|unknown|error"),
        ("empty.cube", "", "cannot be read"),
        ("bin.cube", "\0\1\2" * 100, "cannot be read"),
        ("other.txt", "LUT_3D_SIZE 2\n", "cannot be read"),
        ("huge.cube", "LUT_3D_SIZE 100000\n0 0 0\n", "cannot be read"),
    ],
)
def test_a_lut_that_cannot_be_read_says_which_and_why(
    float_still: tuple[SourceSpec, NDArray[numpy.float32]], tmp_path: Path, name: str, content: str | None, words: str
) -> None:
    """Missing, cut off, no LUT at all: an error with the path, never a frame without its grade."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(MediaError, match=f"(?i){name}.*({words})"):
        through_ffmpeg(float_still[0], (NodeSpec(lut=str(path)),))


def test_a_pipe_is_no_lut(tmp_path: Path) -> None:
    """A pipe in the place of a LUT is refused at once; reading it would hang."""
    os.mkfifo(tmp_path / "pipe.cube")
    with pytest.raises(MediaError, match="is not a file"):
        bake.cube_for((NodeSpec(lut=str(tmp_path / "pipe.cube")),), 1.0)


def test_a_cdl_that_cannot_be_is_refused() -> None:
    """A power of zero and a negative slope have no formula."""
    for bad in (CdlSpec(power=(0, 1, 1)), CdlSpec(slope=(-1, 1, 1)), CdlSpec(saturation=-0.5)):
        with pytest.raises(MediaError, match="the CDL cannot be applied"):
            Grade([NodeSpec(cdl=bad)])


def test_a_lattice_is_as_large_as_it_must_be(tmp_path: Path) -> None:
    """A gentle CDL needs 33 points; of a steep one curves are made, and what is left is straight; where nothing is left
    for curves, 65 points follow it."""
    steep = CdlSpec(power=(0.4, 0.4, 0.4))
    lut = str(cube(tmp_path / "swap.cube", 33))
    behind = (NodeSpec(lut=lut), NodeSpec(cdl=steep))
    made = [bake.bake(nodes) for nodes in ((NodeSpec(cdl=CdlSpec(slope=(1.1, 1, 1))),), (NodeSpec(cdl=steep),), behind)]
    assert [(len(lattice), curves is not None) for lattice, curves in made] == [(33, False), (2, True), (65, False)]


def test_cubes_are_kept_by_content_and_bounded(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same grade is baked once; a LUT that was written anew is another grade; old cubes go."""
    path = cube(tmp_path / "a.cube", 5)
    nodes = (NodeSpec(lut=str(path)),)
    first = bake.cube_for(nodes, 1.0)
    assert first is not None
    assert bake.cube_for(nodes, 1.0) == first
    path.write_text(path.read_text().replace("0.000000 0.000000 0.000000", "0.100000 0.000000 0.000000", 1))
    second = bake.cube_for(nodes, 1.0)
    assert second is not None
    assert second != first
    assert bake.cube_for(nodes, 0.9) not in (first, second)
    assert bake.cube_for((NodeSpec(), NodeSpec(enabled=False, lut="/nowhere")), 1.0) is None
    monkeypatch.setattr(bake, "MAX_FILES", 2)
    for kept in cache.iterdir():
        os.utime(kept, (1, 1))
    fresh = bake.cube_for((NodeSpec(cdl=CDL),), 1.0)
    assert fresh is not None
    assert len(list(cache.iterdir())) == 2
    assert Path(fresh).exists()
