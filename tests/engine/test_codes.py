"""Layers that are put on the codes of YUV pictures: against the formula, and against the canvas of floats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film, still
from looks import Array, scene
from spec_maker import item, psnr, source, timeline

from resolve_engine.media.av_safe import Picture
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import is_upright, part_view, signature
from resolve_engine.media.reader import FilmReader
from resolve_engine.render import compositor as compositors
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.levels import to_format
from resolve_engine.render.spec import CdlSpec, ItemSpec, NodeSpec, SourceSpec, TimelineSpec

SIZE = (320, 180)
SMALL = (91, 51)
"""Odd on both sides."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's films lie."""
    return tmp_path_factory.mktemp("codes")


def smooth(size: tuple[int, int], seed: int) -> Array:
    """Planes of Y, U and V that change slowly, within the colours that RGB has."""
    across, down = numpy.meshgrid(numpy.linspace(0, 3, size[0]), numpy.linspace(0, 2, size[1]))
    waves = [numpy.sin(across * (1 + index) + seed) * numpy.cos(down * (2 - index / 2)) for index in range(3)]
    planes = numpy.stack([126 + 60 * waves[0], 128 + 25 * waves[1], 128 - 25 * waves[2]])
    return numpy.rint(planes)


def full(folder: Path, name: str, size: tuple[int, int], seed: int) -> tuple[SourceSpec, Array]:
    """A film without subsampling and without loss, and its codes."""
    planes, path = smooth(size, seed), folder / f"{name}.mkv"
    if not path.exists():
        made = {"codec": "ffv1", "pixel_format": "yuv444p", "picture_format": "yuv444p", "size": size}
        tags = {"colorspace": 1, "color_range": 1}
        film(path, frames=4, picture=lambda number: planes.astype(numpy.uint8), tags=tags, **made)  # type: ignore[arg-type]
    return source(path), planes


def two(below: SourceSpec, above: ItemSpec) -> TimelineSpec:
    """A layer over a film."""
    return timeline([[item("below", 0, 4, below)], [above]], size=SIZE)


def planes_of(picture: Picture) -> list[Array]:
    """The planes of a picture of eight bits."""
    found = [part_view(picture, index, "u1", one.width) for index, one in enumerate(picture.format.components)]
    return [plane.astype(numpy.float64) for plane in found]


def shown(of: TimelineSpec, form: str, frame: int = 1) -> list[Array]:
    """A frame as the engine renders it."""
    compositor = Compositor(of, *SIZE, form)
    try:
        return planes_of(compositor.picture(frame))
    finally:
        compositor.close()


def in_floats(of: TimelineSpec, form: str, frame: int = 1) -> list[Array]:
    """The same from the canvas of floats, which its own tests hold to NumPy."""
    compositor = Compositor(of, *SIZE, "gbrpf32le")
    try:
        picture = compositor.picture(frame)
        # White is at 1 there, and where FFmpeg widens eight bits to it in the way back.
        for index in range(3):
            plane = part_view(picture, index, "<f4", picture.width)
            plane *= numpy.float32(0.99610895)
        graph = PictureGraph([signature(picture)])
        graph.finish(graph.chain(0, to_format(form)))
        return planes_of(graph.run([picture]))
    finally:
        compositor.close()


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The opacities of the layers that are put on codes."""
    found: list[float] = []
    put = compositors.put
    monkeypatch.setattr(compositors, "put", lambda *of: found.append(of[2]) or put(*of))
    return found


@pytest.mark.parametrize(("pan", "tilt"), [(0.0, 0.0), (41.0, 13.0), (-150.0, -77.0)])
@pytest.mark.parametrize("opacity", [100.0, 60.0])
def test_a_layer_is_mixed_in_proportion(
    folder: Path, laid: list[float], pan: float, tilt: float, opacity: float
) -> None:
    """At odd places and over the edge: each code of the area by the formula, and all others as they were."""
    (below, under), (above, over) = full(folder, "below", SIZE, 1), full(folder, "small", SMALL, 2)
    moved = {"Pan": pan + 0.5, "Tilt": tilt - 0.5, "Opacity": opacity, "Scaling": 1}
    found = shown(two(below, item("above", 0, 4, above, properties=moved)), "yuv444p")
    left, top = (SIZE[0] - SMALL[0]) // 2 + int(pan), (SIZE[1] - SMALL[1]) // 2 - int(tilt)
    left, top = left + 1, top + 1  # its middle is half a pixel beside that of the frame
    expected = under.copy()
    xs = slice(max(left, 0), min(left + SMALL[0], SIZE[0]))
    ys = slice(max(top, 0), min(top + SMALL[1], SIZE[1]))
    part = over[:, ys.start - top : ys.stop - top, xs.start - left : xs.stop - left]
    expected[:, ys, xs] = under[:, ys, xs] * (1 - opacity / 100) + part * opacity / 100
    for plane, wanted in zip(found, expected, strict=True):
        assert numpy.abs(plane - wanted).max() <= 0.51
    assert laid == [opacity / 100]


CASES: dict[str, dict[str, Any]] = {
    "even": {"ZoomX": 0.25, "ZoomY": 0.25, "Pan": 60.0, "Tilt": -20.0},
    "odd": {"ZoomX": 0.31, "ZoomY": 0.47, "Pan": 41.0, "Tilt": 13.0, "Opacity": 60.0},
    "turned": {"ZoomX": 0.4, "ZoomY": 0.4, "RotationAngle": 7.0, "Pan": -31.0, "Opacity": 80.0},
    "turned over the edge": {"ZoomX": 0.6, "ZoomY": 0.6, "RotationAngle": -33.0, "Pan": 120.0, "Tilt": 70.0},
    "a quarter": {"ZoomX": 0.5, "ZoomY": 0.5, "RotationAngle": 90.0, "FlipX": True},
    "cropped": {"CropLeft": 33.0, "CropTop": 21.0, "CropRight": 70.0, "Opacity": 35.0, "FlipY": True},
}


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p", "yuv444p"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("graded", [False, True])
def test_layers_are_those_of_the_floats(folder: Path, laid: list[float], form: str, case: str, graded: bool) -> None:
    """Scaled, turned, cropped, flipped, half-transparent, graded: no layer further off than codes of eight bits are."""
    (below, _), (above, _) = full(folder, "below", SIZE, 1), full(folder, "above", SIZE, 3)
    nodes = (NodeSpec(cdl=CdlSpec((1.1, 0.9, 0.95), (0.0, 0.02, 0.0), (1.1, 1.0, 0.9))),) if graded else ()
    cut = two(below, item("above", 0, 4, above, properties=CASES[case], nodes=nodes))
    for found, wanted in zip(shown(cut, form), in_floats(cut, form), strict=True):
        assert psnr(found, wanted) > 46
    assert len(laid) == 1


def clear_still(folder: Path) -> SourceSpec:
    """A picture whose opacity grows from left to right."""
    rgb = scene((120, 60))
    alpha = numpy.broadcast_to(numpy.linspace(0, 255, 120)[None, :, None], (60, 120, 1)).astype(numpy.uint8)
    path = still(folder / "clear.png", numpy.concatenate([rgb, alpha], axis=-1), "rgba", form="rgba")
    return source({"path": str(path), "sequence": False})


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p"])
def test_titles_and_pictures_with_alpha(folder: Path, laid: list[float], form: str) -> None:
    """A title while it fades in, over a still with alpha at an odd place, over a film."""
    below, _ = full(folder, "below", SIZE, 1)
    words = SourceSpec("", "generated", (24, 1), 4, content={"kind": "title", "name": "Text", "text": "Codes"})
    title = replace(item("title", 0, 4, words), fade_in=4)
    moved = {"Pan": 33.0, "Tilt": 21.0, "Scaling": 1}
    tracks = [[item("below", 0, 4, below)], [item("clear", 0, 4, clear_still(folder), properties=moved)], [title]]
    cut = timeline(tracks, size=SIZE)
    for found, wanted in zip(shown(cut, form), in_floats(cut, form), strict=True):
        assert psnr(found, wanted) > 46
    assert laid == [1.0, 0.375]


def test_what_lies_below_stays_as_it_is(folder: Path, laid: list[float]) -> None:
    """A still under a layer that goes away is whole again, and under two layers in turn each lies on it alone."""
    rgb = scene(SIZE)
    below = source({"path": str(still(folder / "below.png", rgb, "rgb24")), "sequence": False})
    above, _ = full(folder, "above", SIZE, 3)
    small = {"ZoomX": 0.3, "ZoomY": 0.3, "Opacity": 50.0}
    over = [item("a", 0, 2, above, properties=small), item("b", 2, 3, above, properties={**small, "Pan": 50.0})]
    cut = timeline([[item("below", 0, 4, below)], over], size=SIZE)
    alone = shown(timeline([[item("below", 0, 4, below)]], size=SIZE), "yuv420p", 3)
    compositor = Compositor(cut, *SIZE, "yuv420p")
    pictures = [planes_of(compositor.picture(frame)) for frame in (0, 1, 2, 3, 0)]
    compositor.close()
    assert all((one == other).all() for one, other in zip(pictures[3], alone, strict=True))
    for again in (pictures[1], pictures[4]):
        assert all((one == other).all() for one, other in zip(pictures[0], again, strict=True))
    assert psnr(pictures[2][0], pictures[0][0]) < 40
    assert len(laid) == 4


@pytest.mark.parametrize("mode", [4, 5])
def test_other_ways_of_mixing_are_done_in_floats(folder: Path, laid: list[float], mode: int) -> None:
    """Multiply and screen are not in proportion."""
    (below, _), (above, _) = full(folder, "below", SIZE, 1), full(folder, "above", SIZE, 3)
    moved = {"ZoomX": 0.3, "ZoomY": 0.3, "Pan": 40.0, "CompositeMode": mode}
    cut = two(below, item("above", 0, 4, above, properties=moved))
    for found, wanted in zip(shown(cut, "yuv420p"), in_floats(cut, "yuv420p"), strict=True):
        assert psnr(found, wanted) > 44
    assert laid == []


@pytest.mark.parametrize("which", ["below", "above"])
def test_pictures_that_lie_upside_down_in_memory_are_done_in_floats(
    folder: Path, laid: list[float], which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some decoders leave them: their rows cannot be read in place, neither of the one below nor of the layer."""
    films = {name: full(folder, name, SIZE, seed)[0] for name, seed in (("below", 1), ("above", 3))}
    cut = two(films["below"], item("above", 0, 4, films["above"], properties=CASES["even"]))
    read = FilmReader.read

    def flipped(self: FilmReader, index: int) -> Picture:
        picture = read(self, index)
        if self._decoder.path != films[which].path:
            return picture
        graph = PictureGraph([signature(picture)])
        graph.finish(graph.chain(0, [("vflip", {})]))
        turned = graph.run([picture])
        assert not is_upright(turned)
        return turned

    monkeypatch.setattr(FilmReader, "read", flipped)
    for found, wanted in zip(shown(cut, "yuv444p"), in_floats(cut, "yuv444p"), strict=True):
        assert psnr(found, wanted) > 44
    assert laid == []
