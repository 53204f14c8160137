"""Graded pictures that are looked up in a table of all colours: against NumPy, and against the lattice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film
from looks import Array, asc, bend, cube_text, scene
from spec_maker import item, job, psnr, rendered, source, timeline

from resolve_engine.media.av_safe import Picture
from resolve_engine.media.av_safe.pictures import part_view
from resolve_engine.render import lookup
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import CdlSpec, NodeSpec, SourceSpec, TimelineSpec

SIZE = (320, 180)
CDL = CdlSpec((1.1, 0.95, 0.9), (0.02, 0.0, 0.03), (1.1, 0.95, 1.05), 0.8)
BT601, BT709 = (0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722)
FRAMES = range(4)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of this module's own."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def few_pixels_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables however small the render is."""
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(home))
    monkeypatch.setattr(lookup, "WORTH", 1)


@pytest.fixture(scope="module")
def nodes(home: Path) -> tuple[NodeSpec, ...]:
    """A CDL, and a LUT with crosstalk after it."""
    (home / "bend.cube").write_text(cube_text(33, bend))
    return (NodeSpec(cdl=CDL), NodeSpec(lut=str(home / "bend.cube")))


def codes(rgb: Array, weights: tuple[float, float, float] = BT709) -> Array:
    """The codes of limited range, plane by plane, of RGB from 0 to 1; not rounded."""
    luma = rgb @ numpy.array(weights)
    blue = (rgb[..., 2] - luma) / (2 * (1 - weights[2]))
    red = (rgb[..., 0] - luma) / (2 * (1 - weights[0]))
    return numpy.stack([16 + 219 * luma, 128 + 224 * blue, 128 + 224 * red])


def colours(planes: Array, weights: tuple[float, float, float]) -> Array:
    """The inverse of `codes`, held to 0 to 1."""
    luma, blue, red = (planes[0] - 16) / 219, (planes[1] - 128) / 224, (planes[2] - 128) / 224
    r, b = luma + 2 * (1 - weights[0]) * red, luma + 2 * (1 - weights[2]) * blue
    g = (luma - weights[0] * r - weights[2] * b) / weights[1]
    return numpy.clip(numpy.stack([r, g, b], axis=-1), 0, 1)


def looked(rgb: Array) -> Array:
    """The grade, by its formulas."""
    cdl = numpy.clip(asc(rgb, CDL.slope, CDL.offset, CDL.power, CDL.saturation), 0, 1)
    return numpy.clip(bend(cdl.reshape(-1, 3)).reshape(rgb.shape), 0, 1)


def full(folder: Path, size: tuple[int, int], tags: dict[str, int] | None = None) -> tuple[SourceSpec, Array]:
    """A film without subsampling and without loss, and its codes."""
    weights = BT709 if tags else BT601
    planes = numpy.rint(codes(scene(size) / 255, weights)).astype(numpy.uint8)
    made = {"codec": "ffv1", "pixel_format": "yuv444p", "picture_format": "yuv444p", "size": size, "tags": tags}
    path = film(folder / "full.mkv", frames=4, picture=lambda number: planes, **made)  # type: ignore[arg-type]
    return source(path), planes.astype(numpy.float64)


def half(folder: Path, size: tuple[int, int] = SIZE, name: str = "half") -> SourceSpec:
    """A film with subsampled colour, in which every frame is another, smooth where colours are."""

    def picture(number: int) -> Any:
        planes = codes(scene((size[0] // 4, size[1] // 4), seed=number) / 255).repeat(4, axis=1).repeat(4, axis=2)
        low = [(plane[::2, ::2] + plane[1::2, 1::2]) / 2 for plane in planes[1:]]
        parts = [numpy.rint(part).astype(numpy.uint8).reshape(-1, size[0]) for part in (planes[0], *low)]
        return numpy.concatenate(parts)

    form = {"codec": "ffv1", "pixel_format": "yuv420p", "picture_format": "yuv420p", "size": size}
    tags = {"colorspace": 1, "color_range": 1}
    return source(film(folder / f"{name}.mkv", frames=4, picture=picture, tags=tags, **form))  # type: ignore[arg-type]


def planes_of(picture: Picture) -> list[Array]:
    """The planes of a picture of eight bits."""
    count = len(picture.format.components)
    widths = [picture.format.components[index].width for index in range(count)]
    return [part_view(picture, index, "u1", widths[index]).astype(numpy.float64) for index in range(count)]


def shown(of: TimelineSpec, form: str, frame: int, frames: range | None) -> list[Array]:
    """A frame; looked up where `frames` says which there are."""
    compositor = Compositor(of, of.width, of.height, form, frames=frames)
    try:
        return [plane.copy() for plane in planes_of(compositor.picture(frame))]
    finally:
        compositor.close()


def tables(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cube files of the tables that are made from now on."""
    made: list[str] = []
    make = lookup._table
    monkeypatch.setattr(lookup, "_table", lambda cube, form: made.append(cube) or make(cube, form))
    return made


@pytest.mark.parametrize("tags", [None, {"colorspace": 1, "color_range": 1}])
def test_every_colour_is_the_grade_s(
    tmp_path: Path, nodes: tuple[NodeSpec, ...], tags: dict[str, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an odd size, from BT.601 and from BT.709: each pixel has the colour that the formulas give it."""
    made = tables(monkeypatch)
    size = (321, 181)
    of, planes = full(tmp_path, size, tags)
    cut = timeline([[item("one", 0, 4, of, nodes=nodes)]], size=size)
    expected = codes(looked(colours(planes, BT709 if tags else BT601)))
    for found, wanted in zip(shown(cut, "yuv444p", 1, FRAMES), expected, strict=True):
        assert psnr(found, wanted) > 51
        assert numpy.abs(found - wanted).max() < 3
    assert len(made) == 1


@pytest.mark.parametrize(
    ("form", "properties"),
    [
        ("yuv420p", {}),
        ("yuv420p", {"FlipX": True, "FlipY": True}),
        ("yuv420p", {"ZoomX": 1.375, "ZoomY": 1.25, "Pan": 7.0, "Tilt": -5.0, "ResizeFilter": 1}),
        ("yuv422p", {"ZoomX": 2.0, "ZoomY": 2.0, "Pan": 31.0, "Tilt": -17.0, "RotationAngle": 180.0}),
    ],
)
def test_pictures_are_those_of_the_lattice(
    tmp_path: Path, nodes: tuple[NodeSpec, ...], form: str, properties: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subsampled colour, scaled, flipped and moved by odd numbers: no less like the picture in floats than before."""
    made = tables(monkeypatch)
    cut = timeline([[item("one", 0, 4, half(tmp_path), properties=properties, nodes=nodes)]], size=SIZE)
    with_table, without = shown(cut, form, 2, FRAMES), shown(cut, form, 2, None)
    assert len(made) == 1
    for found, wanted in zip(with_table, without, strict=True):
        assert psnr(found, wanted) > 48


def test_layers_lie_on_a_picture_that_was_looked_up(tmp_path: Path, nodes: tuple[NodeSpec, ...]) -> None:
    """A turned, half-transparent item at an odd place, graded itself: on the table's picture as on the lattice's."""
    below, above = half(tmp_path), half(tmp_path, (160, 90), "small")
    moved = {"ZoomX": 0.31, "ZoomY": 0.31, "Pan": 41.0, "Tilt": 13.0, "RotationAngle": 7.0, "Opacity": 60.0}
    cut = timeline(
        [[item("one", 0, 4, below, nodes=nodes)], [item("two", 0, 4, above, properties=moved, nodes=nodes)]], size=SIZE
    )
    for found, wanted in zip(shown(cut, "yuv420p", 1, FRAMES), shown(cut, "yuv420p", 1, None), strict=True):
        assert psnr(found, wanted) > 48


def test_a_picture_that_shines_through_is_not_looked_up(
    tmp_path: Path, nodes: tuple[NodeSpec, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one of more bits, nor one for an output of more bits: eight would be too few."""
    made = tables(monkeypatch)
    of = half(tmp_path)
    clear = timeline([[item("one", 0, 4, of, properties={"Opacity": 50.0}, nodes=nodes)]], size=SIZE)
    shown(clear, "yuv420p", 1, FRAMES)
    plain = timeline([[item("one", 0, 4, of, nodes=nodes)]], size=SIZE)
    compositor = Compositor(plain, *SIZE, "yuv420p10le", frames=FRAMES)
    assert compositor.picture(1).format.name == "yuv420p10le"
    compositor.close()
    assert made == []


def test_a_render_has_few_tables_and_only_for_what_is_worth_one(
    tmp_path: Path, nodes: tuple[NodeSpec, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two grades that stand on most frames, if they are enough; what lies outside the render does not count."""
    made = tables(monkeypatch)
    of = half(tmp_path)
    others = [(NodeSpec(cdl=CdlSpec((share, 1.0, 1.0))),) for share in (0.9, 0.8)]
    cuts = [("a", 0, 3, nodes), ("b", 3, 5, others[0]), ("c", 5, 6, others[1]), ("d", 6, 20, others[1])]
    cut = timeline([[item(name, start, end, of, nodes=grade) for name, start, end, grade in cuts]], size=SIZE)
    rendered(job(cut, tmp_path / "few.mp4", first=0, last=5))
    assert len(made) == 2
    monkeypatch.setattr(lookup, "WORTH", 3 * SIZE[0] * SIZE[1])
    rendered(job(cut, tmp_path / "fewer.mp4", first=0, last=5))
    assert len(made) == 3


def test_pictures_of_two_matrices_have_a_table_each(
    tmp_path: Path, nodes: tuple[NodeSpec, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One grade on a film of BT.601 and on one of BT.709; a third kind goes through the lattice."""
    made = tables(monkeypatch)
    small, _ = full(tmp_path, SIZE)
    large = half(tmp_path)
    cut = timeline([[item("one", 0, 2, small, nodes=nodes), item("two", 2, 4, large, nodes=nodes)]], size=SIZE)
    rendered(job(cut, tmp_path / "two.mp4"))
    assert len(made) == 2
    monkeypatch.setattr(lookup, "MOST_TABLES", 1)
    rendered(job(cut, tmp_path / "one.mp4"))
    assert len(made) == 3


def test_the_same_render_twice_gives_the_same_pictures(tmp_path: Path, nodes: tuple[NodeSpec, ...]) -> None:
    """Bit by bit, in the order of a render and in another."""
    cut = timeline([[item("one", 0, 4, half(tmp_path), nodes=nodes)]], size=SIZE)
    found: list[dict[int, list[Array]]] = [{}, {}]
    for pictures, order in zip(found, (FRAMES, (2, 0, 3, 1)), strict=True):
        compositor = Compositor(cut, *SIZE, "yuv420p", frames=FRAMES)
        for frame in order:
            pictures[frame] = [plane.copy() for plane in planes_of(compositor.picture(frame))]
        compositor.close()
    for frame in FRAMES:
        assert all((one == other).all() for one, other in zip(found[0][frame], found[1][frame], strict=True))
