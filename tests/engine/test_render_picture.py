"""Every transform against a NumPy picture of what it must be, on smooth pictures that show half a pixel's error."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import av
import numpy
import pytest
from generate import film, still
from numpy.typing import NDArray
from PIL import Image
from spec_maker import found, item, job, picture, psnr, rendered, source, timeline

from resolve_engine.media.av_safe.pictures import plane_array
from resolve_engine.media.errors import MediaError
from resolve_engine.render.blend import MODES
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.session import render
from resolve_engine.render.spec import SourceSpec, TimelineSpec

WIDTH, HEIGHT = 640, 360
Array = NDArray[Any]


def smooth(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Array:
    """A coloured cloud: smooth, and nowhere the same."""
    small = (numpy.random.default_rng(seed).random((9, 16, 3)) * 255).astype(numpy.uint8)
    return numpy.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


LOWER, UPPER = smooth(1), smooth(2)


@pytest.fixture(scope="module")
def lower(tmp_path_factory: pytest.TempPathFactory) -> SourceSpec:
    """The first cloud as a still."""
    path = still(tmp_path_factory.mktemp("stills") / "lower.png", LOWER, "rgb24")
    return source({"path": str(path), "sequence": False})


@pytest.fixture(scope="module")
def upper(tmp_path_factory: pytest.TempPathFactory) -> SourceSpec:
    """The second cloud as a still."""
    path = still(tmp_path_factory.mktemp("stills") / "upper.png", UPPER, "rgb24")
    return source({"path": str(path), "sequence": False})


def one(of: SourceSpec, **properties: Any) -> TimelineSpec:
    """A timeline of one item."""
    return timeline([[item("one", 0, 5, of, properties=properties)]], size=(WIDTH, HEIGHT))


def two(below: SourceSpec, above: SourceSpec, **properties: Any) -> TimelineSpec:
    """An item over another."""
    return timeline(
        [[item("below", 0, 5, below)], [item("above", 0, 5, above, properties=properties)]], size=(WIDTH, HEIGHT)
    )


def black() -> Array:
    """A black frame."""
    return numpy.zeros((HEIGHT, WIDTH, 3))


def test_an_untouched_picture_is_itself(lower: SourceSpec) -> None:
    """Nothing is lost on a picture that nothing is done to."""
    assert psnr(picture(one(lower), 2), LOWER) == 120


def test_flips(lower: SourceSpec) -> None:
    """FlipX mirrors left and right, FlipY top and bottom, both turn by half."""
    assert psnr(picture(one(lower, FlipX=True), 2), LOWER[:, ::-1]) == 120
    assert psnr(picture(one(lower, FlipY=True), 2), LOWER[::-1]) == 120
    assert psnr(picture(one(lower, FlipX=True, FlipY=True), 2), LOWER[::-1, ::-1]) == 120


def test_crops_take_their_pixels_from_each_side(lower: SourceSpec) -> None:
    """Odd numbers too: what is cropped is black, what is left stays where it was."""
    expected = black()
    expected[20 : HEIGHT - 33, 101 : WIDTH - 52] = LOWER[20 : HEIGHT - 33, 101 : WIDTH - 52]
    shown = picture(one(lower, CropLeft=101, CropRight=52, CropTop=20, CropBottom=33), 2)
    assert psnr(shown, expected) == 120


def test_pan_moves_right_and_tilt_moves_up(lower: SourceSpec) -> None:
    """Both count pixels of the timeline."""
    expected = black()
    expected[: HEIGHT - 21, 37:] = LOWER[21:, : WIDTH - 37]
    assert psnr(picture(one(lower, Pan=37, Tilt=21), 2), expected) == 120


def test_pan_scales_with_the_output(lower: SourceSpec) -> None:
    """A render at half the timeline's size moves by half the pixels."""
    expected = black()
    expected[: HEIGHT - 20, 40:] = LOWER[20:, : WIDTH - 40]
    half = numpy.asarray(Image.fromarray(expected.astype(numpy.uint8)).resize((320, 180), Image.Resampling.BICUBIC))
    shown = picture(one(lower, Pan=40, Tilt=20), 2, (320, 180))
    assert psnr(shown[5:-15, 25:-5], half[5:-15, 25:-5]) > 50


@pytest.mark.parametrize("zoom", [0.5, 0.25, 2.0, 8.0])
def test_zoom_keeps_the_centre(lower: SourceSpec, zoom: float) -> None:
    """Smaller leaves black around it, larger shows the middle."""
    size = round(WIDTH * zoom), round(HEIGHT * zoom)
    scaled = numpy.asarray(Image.fromarray(LOWER).resize(size, Image.Resampling.BICUBIC))
    expected = black()
    if zoom < 1:
        left, top = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
        expected[top : top + size[1], left : left + size[0]] = scaled
    else:
        left, top = (size[0] - WIDTH) // 2, (size[1] - HEIGHT) // 2
        expected = scaled[top : top + HEIGHT, left : left + WIDTH].astype(float)
    assert psnr(picture(one(lower, ZoomX=zoom, ZoomY=zoom), 2), expected) > 50


def test_the_fit_puts_bars_where_the_aspects_differ(tmp_path: Path) -> None:
    """A square picture on a wide timeline stands in the middle at full height; the other scalings as named."""
    square = smooth(3, 240, 240)
    of = source({"path": str(still(tmp_path / "s.png", square, "rgb24")), "sequence": False})
    fitted = numpy.asarray(Image.fromarray(square).resize((HEIGHT, HEIGHT), Image.Resampling.BICUBIC))
    expected = black()
    expected[:, 140:500] = fitted
    assert psnr(picture(one(of), 2), expected) > 48
    cropped = black()
    cropped[60:300, 200:440] = square
    assert psnr(picture(one(of, Scaling=1), 2), cropped) == 120
    filled = numpy.asarray(Image.fromarray(square).resize((WIDTH, WIDTH), Image.Resampling.BICUBIC))[140:500]
    assert psnr(picture(one(of, Scaling=3), 2), filled) > 48
    stretched = numpy.asarray(Image.fromarray(square).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
    assert psnr(picture(one(of, Scaling=4), 2), stretched) > 48


def test_an_output_of_another_aspect_gets_bars(lower: SourceSpec) -> None:
    """The timeline's whole frame is shown, and nothing outside of it, even when a layer is larger."""
    shown = picture(one(lower, ZoomX=3, ZoomY=3), 2, (640, 480))
    assert shown[:60].max() == 0
    assert shown[420:].max() == 0
    assert shown[60:420].min(axis=2).mean() > 20


def turned(angle: float, zoom: float, pan: float, tilt: float, anchor: tuple[float, float]) -> tuple[Array, Array]:
    """The lower picture turned counter-clockwise, and where it is well inside its edges."""
    cosine, sine = numpy.cos(numpy.radians(angle)), numpy.sin(numpy.radians(angle))
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    right = columns + 0.5 - WIDTH / 2 - pan - anchor[0]
    up = -(rows + 0.5 - HEIGHT / 2) - tilt - anchor[1]
    x = (cosine * right + sine * up) / zoom + anchor[0] + WIDTH / 2 - 0.5
    y = -((-sine * right + cosine * up) / zoom + anchor[1]) + HEIGHT / 2 - 0.5
    inside = (x > 8) & (x < WIDTH - 9) & (y > 8) & (y < HEIGHT - 9)
    left, top = numpy.clip(x.astype(int), 0, WIDTH - 2), numpy.clip(y.astype(int), 0, HEIGHT - 2)
    across, down = (x - left)[..., None], (y - top)[..., None]
    base = LOWER.astype(float)
    first = base[top, left] * (1 - across) + base[top, left + 1] * across
    second = base[top + 1, left] * (1 - across) + base[top + 1, left + 1] * across
    return first * (1 - down) + second * down, inside


@pytest.mark.parametrize(
    ("angle", "zoom", "pan", "tilt", "anchor"),
    [
        (30, 1, 0, 0, (0, 0)),
        (-17, 0.7, 40, -30, (0, 0)),
        (45, 1, 0, 0, (80, 40)),
        (200, 0.8, 0, 0, (0, 0)),
        (90, 1, 0, 0, (0, 0)),
        (180, 1, 11, 3, (0, 0)),
        (270, 0.5, 0, 0, (-50, 10)),
    ],
)
def test_rotation_is_counter_clockwise_around_the_anchor(
    lower: SourceSpec, angle: float, zoom: float, pan: float, tilt: float, anchor: tuple[float, float]
) -> None:
    """With zoom, pan, tilt and another anchor; quarter turns included."""
    spec = one(
        lower, RotationAngle=angle, ZoomX=zoom, ZoomY=zoom, Pan=pan, Tilt=tilt,
        AnchorPointX=anchor[0], AnchorPointY=anchor[1],
    )  # fmt: skip
    shown = picture(spec, 2)
    expected, inside = turned(angle, zoom, pan, tilt, anchor)
    assert psnr(shown[inside], expected[inside]) > 46


@pytest.mark.parametrize("opacity", [0, 25, 50, 99, 100])
def test_opacity_is_a_straight_mix(lower: SourceSpec, upper: SourceSpec, opacity: float) -> None:
    """In the codes of the picture, without a bias."""
    shown = picture(two(lower, upper, Opacity=opacity), 2)
    expected = LOWER + (UPPER.astype(float) - LOWER) * opacity / 100
    assert psnr(shown, expected) > 56
    assert abs((shown - expected).mean()) < 0.02


def test_a_small_layer_leaves_the_rest_of_a_film_s_frame_alone(
    lower: SourceSpec, upper: SourceSpec, tmp_path: Path
) -> None:
    """Only what the layer touches is composed: the rest keeps its codes, and the part is as when all is composed."""
    base = source(rendered(job(one(lower), tmp_path / "base.mkv", "mkv", "FFV1YUV420_8", audio=False)))
    small = {"ZoomX": 0.3, "ZoomY": 0.3, "Pan": 101, "Tilt": 33, "Opacity": 70, "RotationAngle": 20}
    spec = two(base, upper, **small)
    planes: list[list[Array]] = []
    for layers in (one(base), spec, spec):
        compositor = Compositor(layers, WIDTH, HEIGHT, "yuv420p")
        compositor._patches = compositor._patches and len(planes) < 2
        shown = compositor.picture(2)
        planes.append([plane_array(shown, index).astype(int) for index in range(3)])
        compositor.close()
    alone, patched, whole = planes
    for plane, scale in ((0, 1), (1, 2), (2, 2)):
        box = numpy.zeros(alone[plane].shape, bool)
        box[60 // scale : 234 // scale, 300 // scale : 540 // scale] = True
        assert (alone[plane][~box] == patched[plane][~box]).all()
        assert (alone[plane][box] != patched[plane][box]).mean() > 0.3
        assert abs(whole[plane][box] - patched[plane][box]).max() <= 2


def test_filters_of_layers_that_are_gone_are_let_go(lower: SourceSpec) -> None:
    """Forty cuts do not hold forty layers' pictures."""
    items = [item(str(number), number * 2, number * 2 + 2, lower) for number in range(40)]
    compositor = Compositor(timeline([items], size=(WIDTH, HEIGHT)), WIDTH, HEIGHT, "yuv420p")
    for frame in range(80):
        compositor.picture(frame)
    assert len(compositor.footage._makers) == 1
    compositor.close()


@pytest.mark.parametrize(
    ("mode", "below", "above", "expected"),
    [
        (1, 0.6, 0.7, 1.0), (2, 0.6, 0.2, 0.4), (3, 0.2, 0.6, 0.4), (4, 0.5, 0.5, 0.25), (5, 0.5, 0.5, 0.75),
        (6, 0.25, 0.5, 0.25), (7, 0.5, 0.25, 0.25), (8, 0.5, 0.5, 0.5), (9, 0.3, 0.6, 0.3), (10, 0.3, 0.6, 0.6),
        (11, 0.25, 0.5, 0.5), (12, 0.75, 0.5, 0.5), (13, 0.5, 0.25, 0.5), (18, 0.25, 0.5, 0.5), (19, 0.2, 0.3, 0.5),
        (20, 0.7, 0.6, 0.3), (21, 0.5, 0.6, 0.7), (22, 0.5, 0.75, 1.0), (23, 0.5, 0.9, 0.8), (24, 0.5, 0.6, 1.0),
    ],
)  # fmt: skip
def test_a_mode_s_formula_by_hand(mode: int, below: float, above: float, expected: float) -> None:
    """One worked number for each mode, so that formula and table cannot be wrong together."""
    made = MODES[mode][1](numpy.float32([[below]]), numpy.float32([[above]]))  # type: ignore[arg-type]
    assert float(made[0, 0]) == pytest.approx(expected, abs=1e-6)


def test_a_source_s_own_transparency(lower: SourceSpec, tmp_path: Path) -> None:
    """Straight alpha of a PNG, also when it is turned, and times the item's opacity."""
    ramp = numpy.repeat((numpy.arange(WIDTH) * 255 // (WIDTH - 1)).astype(numpy.uint8)[None], HEIGHT, axis=0)
    glass = still(tmp_path / "glass.png", numpy.dstack([UPPER, ramp]), "rgba", form="rgba")
    of = source({"path": str(glass), "sequence": False})
    alpha = ramp[..., None] / 255
    expected = LOWER * (1 - alpha) + UPPER * alpha
    assert psnr(picture(two(lower, of), 2), expected) > 56
    expected = LOWER * (1 - alpha / 2) + UPPER * alpha / 2
    assert psnr(picture(two(lower, of, Opacity=50), 2), expected) > 56
    turned_alpha = alpha[::-1, ::-1]
    expected = LOWER * (1 - turned_alpha) + UPPER[::-1, ::-1] * turned_alpha
    assert psnr(picture(two(lower, of, RotationAngle=180.0001), 2), expected) > 46


def test_deep_outputs_keep_their_depth(lower: SourceSpec, upper: SourceSpec, tmp_path: Path) -> None:
    """A mix in a 16-bit TIFF and a float EXR is finer than eight bits, whose half code is 2e-3."""
    expected = (LOWER.astype(float) + UPPER) / 2 / 255
    for form, codec, scale in (("tif", "RGB16", 65535), ("exr", "RGBFloat", 1)):
        spec = job(two(lower, upper, Opacity=50), tmp_path / f"o.{form}", form, codec, audio=False, first=2, last=2)
        render(spec, threading.Event(), lambda done: None)
        with av.open(str(tmp_path / f"o00000002.{form}")) as container:
            frame = next(container.decode(video=0))
            shown = frame.to_ndarray(format="rgb48le" if scale > 1 else "gbrpf32le").astype(float) / scale
        assert abs(shown - expected).max() < 8e-4, form
        assert abs((shown - expected).mean()) < 1e-4, form


def test_an_untagged_hd_picture_is_bt709_and_a_small_one_bt601(tmp_path: Path) -> None:
    """The matrix by the size, as cameras write them; read wrongly, green is off by a tenth."""
    colour = numpy.zeros((720, 1280, 3), numpy.uint8)
    colour[:] = (40, 200, 60)
    for size, lines in (((1280, 720), 720), ((640, 360), 360)):
        array = colour[: size[1], : size[0]]
        path = film(tmp_path / f"{lines}.mp4", 24, 3, size=size, picture=lambda index, a=array: a,
                    picture_format="rgb24", options={"preset": "ultrafast", "crf": "1"})  # fmt: skip
        spec = timeline([[item("one", 0, 3, source(path))]], size=size)
        shown = picture(spec, 1)[100, 100]
        assert abs(shown - (40, 200, 60)).max() <= 3, lines


def test_a_full_range_source_is_brought_to_limited_range(tmp_path: Path) -> None:
    """A JPEG's 200 is an RGB 200 in the film as well."""
    grey = still(tmp_path / "g.jpg", numpy.full((HEIGHT, WIDTH), 200, numpy.uint8), "gray", "mjpeg", "yuvj420p")
    of = source({"path": str(grey), "sequence": False})
    made = rendered(job(one(of), tmp_path / "o.mov", "mov", "ProRes422HQ", audio=False))
    info = found(made)
    assert info.video is not None
    assert info.video.color_range == "tv"
    again = timeline([[item("one", 0, 3, source(made))]], size=(WIDTH, HEIGHT))
    assert abs(picture(again, 1) - 200).max() <= 2


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"Pitch": 0.5}, "Pitch"),
        ({"CompositeMode": 17}, "CompositeMode 17"),
        ({"CropRetain": True, "Pan": 3}, "CropRetain"),
        ({"Scaling": 9}, "Scaling"),
    ],
)
def test_what_cannot_be_rendered_is_refused_by_name(lower: SourceSpec, properties: dict[str, Any], words: str) -> None:
    """Never left out in silence."""
    with pytest.raises(MediaError, match=words):
        picture(one(lower, **properties), 2)


def test_switched_off_sections_count_as_untouched(lower: SourceSpec) -> None:
    """The section switches of 21.1."""
    shown = picture(one(lower, Pan=100, TransformEnabled=False, CropLeft=50, CroppingEnabled=False), 2)
    assert psnr(shown, LOWER) == 120
