"""Pictures that stand on no whole pixels, against NumPy: sampled where they are, with edges that cover parts of them.

The whole frame is compared, edges and all. The engine's bicubic is the cubic spline with a slope of 0.6, and it turns
with straight lines from pixel to pixel; `golden.between` has both from their formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import golden
import numpy
import pytest
from generate import still
from golden import Array
from PIL import Image
from spec_maker import item, job, picture, rendered, source, timeline
from test_golden import LEAST, cloud, frames, kept, psnr

from resolve_engine.media.av_safe.pictures import plane_array
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.geometry import Canvas, Sizing, place
from resolve_engine.render.spec import ItemSpec, SourceSpec, TimelineSpec

SIZE = WIDTH, HEIGHT = 320, 180


def small(seed: int) -> Array:
    """A coloured cloud."""
    return numpy.asarray(Image.fromarray(cloud(seed)).resize(SIZE, Image.Resampling.BICUBIC))


def stacked(below: SourceSpec, above: SourceSpec, each: Sequence[dict[str, Any]]) -> TimelineSpec:
    """One frame for each of the properties: the one picture, and the other over it with them."""
    tops = [item(f"top {n}", n, n + 1, above, properties=properties) for n, properties in enumerate(each)]
    return timeline([[item("bottom", 0, len(tops), below)], tops], size=SIZE)


CASES: list[dict[str, Any]] = [
    {"Pan": 0.5},
    {"Tilt": -3.25},
    {"Pan": -12.7, "Tilt": 44.1, "Opacity": 60},
    {"ZoomX": 1.37, "ZoomY": 1.37, "Pan": 7.6},
    {"ZoomX": 0.617, "ZoomY": 0.53, "Pan": 7.6, "Tilt": 3.3},
    {"ZoomX": 1.1, "ZoomY": 1.1},
    {"CropLeft": 31, "CropTop": 17, "CropRight": 5, "Pan": 0.5},
    {"CropLeft": 33.3, "CropBottom": 20.75},
    {"FlipX": True, "Pan": 10.3, "CropLeft": 33.3},
    {
        "FlipX": True,
        "FlipY": True,
        "ZoomX": 1.23,
        "ZoomY": 1.31,
        "Tilt": 0.4,
        "Pan": -0.7,
    },
    {"RotationAngle": 90, "Tilt": 0.5},
    {"RotationAngle": 180, "Pan": 0.25, "CropTop": 40},
    {"RotationAngle": 11.3, "Pan": 0.5},
    {"RotationAngle": 11.3, "Pan": 0.3, "Tilt": 0.77},
    {"RotationAngle": -33, "ZoomX": 0.713, "ZoomY": 0.713, "CropLeft": 100.5},
]


def expected(of: Array, properties: dict[str, Any]) -> tuple[Array, Array]:
    """The colours of a frame and how much of each pixel is covered."""
    turned = properties.get("RotationAngle", 0) % 90 != 0
    colours, cover = golden.between(of, properties, golden.linear if turned else golden.cubic)
    return colours, cover * properties.get("Opacity", 100) / 100


@pytest.fixture(scope="module")
def pictures() -> list[tuple[Array, Array]]:
    """What each case must look like."""
    return [expected(small(1) / 255.0, properties) for properties in CASES]


def test_between_pixels(tmp_path: Path, pictures: list[tuple[Array, Array]]) -> None:
    """Moved, zoomed, cropped and turned by parts of pixels, over black."""
    of, _ = kept(tmp_path / "one.png", small(1))
    items = [item(f"{n}", n, n + 1, of, properties=properties) for n, properties in enumerate(CASES)]
    shown = frames(timeline([items], size=SIZE), tmp_path)
    likeness = [psnr(one, colours * cover) for one, (colours, cover) in zip(shown, pictures, strict=True)]
    assert min(likeness) >= LEAST, likeness


@pytest.mark.parametrize("depth", [8, 10])
def test_between_pixels_in_a_film_of_yuv(tmp_path: Path, pictures: list[tuple[Array, Array]], depth: int) -> None:
    """The light of films, over another picture: small layers go on the codes, others through floats."""
    below, base = kept(tmp_path / "below.png", small(2))
    above, _ = kept(tmp_path / "above.png", small(1))
    codec, kind, unit = ("FFV1YUV420_8", "uint8", 1) if depth == 8 else ("FFV1YUV422_10", "<u2", 4)
    film = source(
        rendered(
            job(
                stacked(below, below, [{}]),
                tmp_path / "b.mkv",
                "mkv",
                codec,
                audio=False,
            )
        )
    )
    of = stacked(SourceSpec(**{**vars(film), "frames": 1}), above, CASES)
    made = rendered(job(of, tmp_path / "yuv.mkv", "mkv", codec, audio=False))
    weights = numpy.array([0.2126, 0.7152, 0.0722])
    with av.open(str(made)) as container:
        for frame, properties, (colours, cover) in zip(container.decode(video=0), CASES, pictures, strict=True):
            luma = (plane_array(frame, 0, kind) / unit - 16) / 219
            assert psnr(luma, golden.over(base, colours, cover) @ weights) >= LEAST, properties


def test_a_transparent_picture_between_pixels(tmp_path: Path) -> None:
    """Its own alpha times what its edges cover; a colour that is under no alpha is not seen."""
    below, base = kept(tmp_path / "below.png", small(2))
    ramp = numpy.repeat(numpy.linspace(0, 255, WIDTH).astype(numpy.uint8)[None], HEIGHT, axis=0)
    ramp[:, : WIDTH // 3] = 0
    colours = small(1).copy()
    colours[:, : WIDTH // 3] = 255
    above, _ = kept(tmp_path / "glass.png", numpy.dstack([colours, ramp]), "rgba")
    glass = numpy.dstack([colours / 255.0 * ramp[..., None] / 255, ramp / 255.0])
    for properties in CASES[2::3]:
        (shown,) = frames(stacked(below, above, [properties]), tmp_path)
        sampled, cover = expected(glass, properties)
        wanted = base * (1 - sampled[..., 3:] * cover) + sampled[..., :3] * cover
        assert psnr(shown, wanted) >= LEAST, properties


@pytest.mark.parametrize("mode", [2, 3, 4, 5, 14])
def test_composite_modes_between_pixels(tmp_path: Path, mode: int) -> None:
    """Subtract, difference, multiply, screen and hue, in the middle of a picture and at its edges."""
    names = {2: "SUBTRACT", 3: "DIFF", 4: "MULTIPLY", 5: "SCREEN", 14: "HUE"}
    (below, base), (above, layer) = (kept(tmp_path / f"{n}.png", small(n)) for n in (1, 2))
    for properties in (
        {"Pan": 20.5, "ZoomX": 0.517, "ZoomY": 0.517},
        {"RotationAngle": 20, "Tilt": 30.3},
    ):
        (shown,) = frames(stacked(below, above, [{**properties, "CompositeMode": mode}]), tmp_path)
        colours, cover = expected(layer, properties)
        assert psnr(shown, golden.over(base, colours, cover, names[mode])) >= LEAST, properties


def dot(folder: Path) -> SourceSpec:
    """A soft white dot on black."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    light = 255 * numpy.exp(-((x + 0.5 - 150) ** 2 + (y + 0.5 - 100) ** 2) / 60)
    path = still(folder / "dot.png", numpy.dstack([light.astype(numpy.uint8)] * 3), "rgb24")
    return source({"path": str(path), "sequence": False})


@pytest.mark.parametrize(
    "more",
    [{}, {"ZoomX": 0.77, "ZoomY": 0.77}, {"RotationAngle": 30}],
    ids=["", "zoom", "turn"],
)
def test_a_slow_move_does_not_step(tmp_path: Path, more: dict[str, Any]) -> None:
    """Where the middle of a dot's light is, frame by frame, goes on by what Pan, Tilt and zoom go on, to a 25th of a
    pixel and in every frame."""
    of = dot(tmp_path)
    moves = [{**more, "Pan": n * 0.15, "Tilt": n * -0.07} for n in range(20)]
    moves += [{**more, "ZoomX": 0.8 + n / 1000, "ZoomY": 0.8 + n / 1000} for n in range(12)]
    items: list[ItemSpec] = [item(f"{n}", n, n + 1, of, properties=one) for n, one in enumerate(moves)]
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    for properties, shown in zip(moves, frames(timeline([items], size=SIZE), tmp_path), strict=True):
        light = shown.mean(axis=2)
        turn = numpy.exp(1j * numpy.radians(properties.get("RotationAngle", 0)))
        from_middle = (150 - WIDTH / 2) + 1j * (HEIGHT / 2 - 100)
        at = from_middle * properties.get("ZoomX", 1) * turn + properties.get("Pan", 0) + 1j * properties.get("Tilt", 0)
        assert ((x + 0.5) * light).sum() / light.sum() == pytest.approx(WIDTH / 2 + at.real, abs=0.04), properties
        assert ((y + 0.5) * light).sum() / light.sum() == pytest.approx(HEIGHT / 2 - at.imag, abs=0.04), properties


@pytest.mark.parametrize(
    "properties",
    [
        {}, {"Pan": 71, "Tilt": -33}, {"ZoomX": 2, "ZoomY": 1.5}, {"ZoomX": 0.5, "ZoomY": 0.5}, {"FlipX": True},
        {"CropLeft": 31, "CropTop": 7}, {"RotationAngle": 90}, {"RotationAngle": 12.5}, {"ZoomX": 1.1, "ZoomY": 1.1},
    ],
)  # fmt: skip
def test_whole_pixels_are_left_to_the_scaler(properties: dict[str, Any]) -> None:
    """What needs no sampling between pixels keeps its way, its speed and its bytes."""
    stands = place(Sizing.of(properties), Canvas(1920, 1080, 1920, 1080), 1920, 1080)
    assert stands is not None
    assert stands.between is None


def test_an_uneven_zoom_that_fills_the_frame_is_left_to_the_scaler() -> None:
    """A window of the source is found whose ends come out on whole pixels, to a 32nd."""
    stands = place(
        Sizing.of({"ZoomX": 1.37, "ZoomY": 1.37, "Pan": 7.6}),
        Canvas(1920, 1080, 1920, 1080),
        1920,
        1080,
    )
    assert stands is not None
    assert stands.between is None
    assert abs(stands.scaled[0] - stands.window[2] * 1.37) < 1 / 16


def test_a_picture_that_moves_by_whole_pixels_is_not_softened(tmp_path: Path) -> None:
    """Its very codes, beside one that stands half a pixel further on and has new ones."""
    noise = numpy.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3), numpy.uint8)
    of, _ = kept(tmp_path / "noise.png", noise)

    def moved(by: float) -> Array:
        spec: TimelineSpec = timeline([[item("one", 0, 1, of, properties={"Pan": by})]], size=SIZE)
        return picture(spec, 0)

    assert (moved(3)[:, 3:] == noise[:, :-3]).all()
    assert (moved(3.002)[:, 3:] == noise[:, :-3]).all()
    assert not (moved(3.5)[:, 4:] == noise[:, :-4]).all()


def test_a_fade_keeps_what_was_worked_out(tmp_path: Path) -> None:
    """The matrices of a layer are made once, whatever its opacity is."""
    of, _ = kept(tmp_path / "one.png", small(1))
    fading = item("one", 0, 8, of, properties={"Pan": 0.5})
    fading = ItemSpec(**{**vars(fading), "fade_in": 8})
    compositor = Compositor(timeline([[fading]], size=SIZE), WIDTH, HEIGHT, "rgb24")
    made = set()
    for frame in range(8):
        compositor.picture(frame)
        (maker,) = compositor.footage._makers.values()
        assert maker._sampler is not None
        made.add(id(maker._sampler[1]))
    compositor.close()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("source", "frame", "box"),
    [
        ((4096, 2160), (1920, 1080), (0, 34, 1920, 1012)),  # 1012.5 rows
        ((2048, 858), (1920, 1080), (0, 138, 1920, 804)),  # 804.4 rows
        ((720, 405), (1080, 1920), (0, 656, 1080, 608)),  # 607.5 rows
        ((1440, 1081), (1919, 1079), (241, 0, 1437, 1079)),  # 1437.3 columns of an odd frame
        ((4000, 1), (1000, 500), (0, 249, 1000, 2)),  # a quarter of a row
    ],
)
def test_a_fitted_picture_has_bars_of_whole_pixels(
    source: tuple[int, int], frame: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    """Its size is that of its shape to a pixel, and it is left to the scaler."""
    found = place(Sizing(), Canvas(*frame, *frame), *source)
    assert found is not None
    assert (*found.place, *found.box) == box
    assert found.between is None


def test_a_very_wide_picture_is_made_very_small(tmp_path: Path) -> None:
    """Each of sixteen pixels is made of more than a thousand of its own."""
    wide = numpy.zeros((8, 20_000, 3), numpy.uint8)
    wide[:, :10_000] = 200
    panorama, _ = kept(tmp_path / "wide.png", wide)
    below, base = kept(tmp_path / "below.png", small(2))
    (shown,) = frames(stacked(below, panorama, [{"ZoomX": 0.05, "ZoomY": 400.0, "Pan": 0.3}]), tmp_path)
    middle = shown[HEIGHT // 2, :, 0] * 255
    assert middle[155] == pytest.approx(200, abs=1)
    assert middle[165] == pytest.approx(0, abs=1)
    assert numpy.abs(middle[:150] - base[HEIGHT // 2, :150, 0] * 255).max() < 1
