"""Golden frames: lossless renders against pictures that NumPy makes by itself; every one within 46 dB at least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import golden
import numpy
import pytest
from generate import still
from golden import Array
from looks import asc, bend, cube_text, scene
from PIL import Image
from spec_maker import item, job, rendered, source, timeline

from resolve_engine.api.surface import constants
from resolve_engine.model.transition import NAMES
from resolve_engine.render.spec import CdlSpec, ItemSpec, NodeSpec, SourceSpec, TimelineSpec, TransitionSpec
from resolve_engine.render.support import unsupported

SIZE = WIDTH, HEIGHT = 640, 360
LEAST = 46.0
"""Decibels that every frame must reach."""


def cloud(seed: int) -> Array:
    """A coloured cloud: smooth, and nowhere the same."""
    small = (numpy.random.default_rng(seed).random((9, 16, 3)) * 255).astype(numpy.uint8)
    return numpy.asarray(Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC))


def kept(path: Path, picture: Array, form: str = "rgb24") -> tuple[SourceSpec, Array]:
    """A picture as a file, and as it is from 0 to 1."""
    return source({"path": str(still(path, picture, form, form=form)), "sequence": False}), picture / 255.0


def frames(of: TimelineSpec, folder: Path) -> list[Array]:
    """Every frame of a lossless render, from 0 to 1."""
    made = rendered(job(of, folder / "golden.mkv", "mkv", "FFV1RGBA_8", audio=False))
    with av.open(str(made)) as container:
        return [frame.to_ndarray(format="rgb24") / 255.0 for frame in container.decode(video=0)]


def psnr(one: Array, other: Array) -> float:
    """Likeness in decibels; 120 for equal ones."""
    return min(120.0, -10 * float(numpy.log10(max(((one - other) ** 2).mean(), 1e-12))))


def stacked(below: SourceSpec, above: SourceSpec, each: Sequence[dict[str, Any]]) -> TimelineSpec:
    """One frame for each of the properties: the one picture, and the other over it with them."""
    tops = [item(f"top {n}", n, n + 1, above, properties=properties) for n, properties in enumerate(each)]
    return timeline([[item("bottom", 0, len(tops), below)], tops], size=SIZE)


def test_every_composite_mode(tmp_path: Path) -> None:
    """Whole and at 70 %, on pictures with black, white and full colours in them; the modes that the engine has are
    those that are written down in `golden`, and the others are refused."""
    numbers = {name.removeprefix("COMPOSITE_"): int(value) for name, value in constants().items()}
    modes = {name: numbers[name] for name in golden.MODES}
    rendering = {number for number in range(1, 32) if unsupported({"CompositeMode": number}) is None}
    assert rendering == set(modes.values())
    (below, base), (above, layer) = (
        kept(tmp_path / f"{n}.png", numpy.where(numpy.arange(HEIGHT)[:, None, None] < 180, cloud(n), scene(SIZE, n)))
        for n in (1, 2)
    )
    each = [(name, opacity) for name in modes for opacity in (100, 70)]
    properties = [{"CompositeMode": modes[name], "Opacity": opacity} for name, opacity in each]
    likeness = {}
    for (name, opacity), shown in zip(each, frames(stacked(below, above, properties), tmp_path), strict=True):
        likeness[name, opacity] = psnr(shown, golden.over(base, layer, opacity / 100, name))
    assert min(likeness.values()) >= LEAST, likeness


@pytest.mark.parametrize("mode", ["NORMAL", "MULTIPLY", "HUE", "HARD_MIX"])
def test_a_transparent_layer_mixes_by_its_alpha(tmp_path: Path, mode: str) -> None:
    """Alpha from none on the left to all on the right, times the opacity."""
    below, base = kept(tmp_path / "below.png", cloud(1))
    ramp = numpy.repeat(numpy.linspace(0, 255, WIDTH).astype(numpy.uint8)[None], HEIGHT, axis=0)
    above, glass = kept(tmp_path / "glass.png", numpy.dstack([cloud(2), ramp]), "rgba")
    number = int(constants()[f"COMPOSITE_{mode}"])
    (shown,) = frames(stacked(below, above, [{"CompositeMode": number, "Opacity": 60}]), tmp_path)
    expected = golden.over(base, glass[..., :3], glass[..., 3:] * 0.6, mode)
    assert psnr(shown, expected) >= LEAST


TRANSFORMS: list[dict[str, Any]] = [
    {"FlipX": True}, {"FlipY": True}, {"Pan": 71, "Tilt": -33}, {"ZoomX": 0.5, "ZoomY": 0.5},
    {"ZoomX": 2, "ZoomY": 1.5},
    {"CropLeft": 31, "CropRight": 50, "CropTop": 33, "CropBottom": 20},
    {"RotationAngle": 12.5}, {"RotationAngle": -33, "ZoomX": 0.75, "ZoomY": 0.75}, {"RotationAngle": 90},
    {"RotationAngle": 205, "AnchorPointX": 60, "AnchorPointY": -24},
    {"FlipX": True, "CropLeft": 80, "Pan": 40, "Opacity": 60},
    {"FlipX": True, "FlipY": True, "RotationAngle": 270, "Tilt": 44, "CropTop": 32, "ZoomX": 1.25, "ZoomY": 1.25},
    {"AnchorPointX": 60, "ZoomX": 1.25, "ZoomY": 1.25, "Pan": -20, "CropBottom": 24, "Opacity": 35},
    {"RotationAngle": 180, "ZoomX": 1.5, "ZoomY": 0.75, "CropRight": 60, "FlipY": True},
]  # fmt: skip


def test_every_transform(tmp_path: Path) -> None:
    """Move, zoom, turn, mirror, crop and fade, alone and together: the picture in its place, and nothing beside it."""
    of, picture = kept(tmp_path / "one.png", cloud(1))
    items = [item(f"{n}", n, n + 1, of, properties=properties) for n, properties in enumerate(TRANSFORMS)]
    for properties, shown in zip(TRANSFORMS, frames(timeline([items], size=SIZE), tmp_path), strict=True):
        expected, inside, outside = golden.placed(picture, properties)
        assert inside.mean() > 0.1
        assert psnr(shown[inside], expected[inside]) >= LEAST, properties
        assert not outside.any() or shown[outside].max() == 0, properties


@pytest.mark.parametrize("name", [*NAMES["simple"]])
def test_every_transition(tmp_path: Path, name: str) -> None:
    """Eight frames of each: an edge may be off by a pixel, all else is the one picture or the other or their mix."""
    (before, goes), (after, comes) = (kept(tmp_path / f"{n}.png", cloud(n)) for n in (1, 2))
    cut = timeline([[item("a", 0, 4, before), item("b", 4, 8, after)]], size=SIZE)
    crossing = TransitionSpec(name, 0, 8, "a", "b")
    cut = replace(cut, video=(replace(cut.video[0], transitions=(crossing,)),))
    for frame, shown in enumerate(frames(cut, tmp_path)):
        progress = (frame + 0.5) / 8
        expected = golden.crossed(name, goes, comes, progress)
        far = numpy.ones((HEIGHT, WIDTH), bool)
        if name.endswith(("Wipe", "Iris", "Door")):
            far = ~golden.near_an_edge(golden.wiped(name, progress, WIDTH, HEIGHT))
            assert far.mean() > 0.85
        assert psnr(shown[far], expected[far]) >= LEAST, frame


PATCHES: list[dict[str, Any]] = [
    {}, {"Opacity": 40}, {"ZoomX": 0.5, "ZoomY": 0.5, "Pan": 64, "Tilt": -32}, {"CropLeft": 320, "CropTop": 180},
    {"ZoomX": 0.5, "ZoomY": 0.5, "Pan": -101, "Tilt": 33, "Opacity": 70}, {"CropRight": 401, "Opacity": 30},
    {"ZoomX": 0.25, "ZoomY": 0.25, "RotationAngle": 90, "FlipX": True}, {"FlipY": True, "CropBottom": 99},
]  # fmt: skip


@pytest.mark.parametrize("alpha", [False, True])
def test_layers_in_a_film_of_yuv(tmp_path: Path, alpha: bool) -> None:
    """The light of eight-bit films, whose layers may never be RGB: large and small ones, opaque and of glass."""
    below, base = kept(tmp_path / "below.png", cloud(1))
    ramp = numpy.repeat(numpy.linspace(0, 255, WIDTH).astype(numpy.uint8)[None], HEIGHT, axis=0)
    top = numpy.dstack([cloud(2), ramp]) if alpha else cloud(2)
    above, layer = kept(tmp_path / "above.png", top, "rgba" if alpha else "rgb24")
    film = source(rendered(job(stacked(below, below, [{}]), tmp_path / "b.mkv", "mkv", "FFV1YUV420_8", audio=False)))
    of = stacked(replace(film, frames=1), above, PATCHES)
    made = rendered(job(of, tmp_path / "yuv.mkv", "mkv", "FFV1YUV420_8", audio=False))
    with av.open(str(made)) as container:
        lights = [(frame.to_ndarray()[:HEIGHT] - 16.0) / 219 for frame in container.decode(video=0)]
    weights = numpy.array([0.2126, 0.7152, 0.0722])
    for properties, shown in zip(PATCHES, lights, strict=True):
        plain = {key: value for key, value in properties.items() if key != "Opacity"}
        placed, inside, outside = golden.placed(layer[..., :3], plain)
        cover, _, _ = golden.placed(layer[..., 3:].repeat(3, 2) if alpha else numpy.ones_like(base), plain)
        expected = golden.over(base, placed, cover * properties.get("Opacity", 100) / 100) @ weights
        sure = inside | outside
        assert sure.mean() > 0.9
        assert psnr(shown[sure], expected[sure]) >= LEAST, properties


def test_a_cdl_and_a_lut(tmp_path: Path) -> None:
    """The first node's CDL, its LUT of 33 points, the second node's CDL; and the LUT alone over half of the picture."""
    of, picture = kept(tmp_path / "one.png", scene(SIZE))
    lut = tmp_path / "bend.cube"
    lut.write_text(cube_text(33, bend), encoding="ascii")
    first = CdlSpec((0.9, 0.8, 0.95), (0.02, 0.05, 0.0), (1.1, 1.0, 0.9), 0.8)
    last = CdlSpec((1.0, 1.1, 0.9), saturation=0.6)
    whole: ItemSpec = item("a", 0, 1, of, nodes=(NodeSpec(cdl=first, lut=str(lut)), NodeSpec(cdl=last)))
    half = item("b", 1, 2, of, nodes=(NodeSpec(lut=str(lut)),), properties={"CropRight": WIDTH // 2})
    graded, part = frames(timeline([[whole, half]], size=SIZE), tmp_path)
    bent = bend(asc(picture, first.slope, first.offset, first.power, 0.8).reshape(-1, 3)).reshape(picture.shape)
    assert psnr(graded, numpy.clip(asc(bent, last.slope, saturation=0.6), 0, 1)) >= LEAST
    expected = bend(picture.reshape(-1, 3)).reshape(picture.shape)
    expected[:, WIDTH // 2 :] = 0
    assert psnr(part, numpy.clip(expected, 0, 1)) >= LEAST
