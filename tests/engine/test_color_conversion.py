"""Conversions between colour spaces equal what OpenColorIO itself makes of the same spaces, also in pictures."""

from __future__ import annotations

from pathlib import Path

import numpy
import PyOpenColorIO as ocio
import pytest
from generate import still
from numpy.typing import NDArray
from spec_maker import item, source, timeline

from resolve_engine.colour.bake import is_exact, joined
from resolve_engine.colour.grade import Grade
from resolve_engine.colour.spaces import GAMMAS, GAMUTS, NAMED, OUTPUT_TRANSFORMS, Space, output_key
from resolve_engine.media.av_safe.pictures import pixels
from resolve_engine.media.errors import MediaError
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import CdlSpec, NodeSpec, SourceSpec

CONFIG = "ocio://studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
ACES_1_3 = "ocio://studio-config-v2.2.0_aces-v1.3_ocio-v2.4"
REC709 = NAMED["Rec.709 Gamma 2.4"].key
ACESCCT = NAMED["ACEScct"].key
SIZE = (160, 90)
Array = NDArray[numpy.float32]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of this test's own."""
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(tmp_path / "home"))


def colours(count: int = 4000, near: float = 0.04) -> Array:
    """Colours as pictures have them: channels of a pixel are alike."""
    random = numpy.random.default_rng(3)
    grey = random.random((count, 1))
    return numpy.clip(grey + random.normal(0, near, (count, 3)), 0, 1).astype(numpy.float32)


def converted(rgb: Array, source_key: str, target_key: str) -> Array:
    """By the engine."""
    made = rgb.copy()
    Grade([NodeSpec(convert=(source_key, target_key))]).apply(made)
    return made


def by_ocio(rgb: Array, config: str, *spaces: str | ocio.DisplayViewTransform) -> Array:
    """By OpenColorIO's own processor between two spaces of a configuration, or of one transform."""
    made = rgb.copy()
    ocio.Config.CreateFromFile(config).getProcessor(*spaces).getDefaultCPUProcessor().applyRGB(made)
    return made


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("S-Gamut3.Cine/S-Log3", "S-Log3 S-Gamut3.Cine"),
        ("ARRI LogC3", "ARRI LogC3 (EI800)"),
        ("ARRI LogC4", "ARRI LogC4"),
        ("Canon Cinema Gamut/Canon Log 2", "CanonLog2 CinemaGamut D55"),
        ("Panasonic V-Gamut/V-Log", "V-Log V-Gamut"),
        ("REDWideGamutRGB/Log3G10", "Log3G10 REDWideGamutRGB"),
        ("DaVinci WG/Intermediate", "DaVinci Intermediate WideGamut"),
        ("Blackmagic Design Film Gen 5", "BMDFilm WideGamut Gen5"),
        ("ACEScc", "ACEScc"),
        ("ACEScct", "ACEScct"),
        ("ACEScg", "ACEScg"),
        ("Apple Log", "Apple Log"),
        ("sRGB", "sRGB Encoded Rec.709 (sRGB)"),
        ("Rec.709 (Scene)", "Camera Rec.709"),
        ("Rec.2020 Linear", "Linear Rec.2020"),
    ],
)
def test_a_named_space_is_opencolorio_s(name: str, own: str) -> None:
    """Gamut and gamma put together make the very space that the built-in configuration has, there and back."""
    to = by_ocio(colours(), CONFIG, own, "Gamma 2.4 Encoded Rec.709")
    numpy.testing.assert_allclose(converted(colours(), NAMED[name].key, REC709), to, rtol=2e-4, atol=2e-5)
    back = by_ocio(colours(), CONFIG, "Gamma 2.4 Encoded Rec.709", own)
    numpy.testing.assert_allclose(converted(colours(), REC709, NAMED[name].key), back, rtol=2e-4, atol=2e-5)


def test_middle_grey_has_its_published_code() -> None:
    """18 % of light is 0.41 in S-Log3 (420 of 1023), 0.391 in LogC3, 0.336 in DaVinci Intermediate, 0.4135 in ACEScct
    and 0.5081 of PQ is 100 nits: values that the makers' papers state."""
    grey = numpy.full((1, 3), 0.18, numpy.float32)
    for name, expected in (
        ("S-Gamut3.Cine/S-Log3", 420 / 1023),
        ("ARRI LogC3", 0.391),
        ("DaVinci WG/Intermediate", 0.336043),
        ("ACEScct", 0.4135884),
    ):
        gamut = NAMED[name].gamut
        made = converted(grey, Space(gamut, "Linear").key, NAMED[name].key)
        assert float(numpy.abs(made - expected).max()) < 5e-4, name
    white = converted(numpy.ones((1, 3), numpy.float32), "Rec.2020/Linear", NAMED["Rec.2100 ST2084"].key)
    assert float(numpy.abs(white - 0.508078).max()) < 1e-4


@pytest.mark.parametrize(
    ("version", "config", "view"),
    [
        ("aces_1.3", ACES_1_3, "ACES 1.0 - SDR Video"),
        ("aces_2.0", CONFIG, "ACES 2.0 - SDR 100 nits (Rec.709)"),
    ],
)
def test_an_aces_output_is_opencolorio_s_view(version: str, config: str, view: str) -> None:
    """From ACEScct to the screen through the transforms of the version."""
    transform = ocio.DisplayViewTransform("ACEScct", "Rec.1886 Rec.709 - Display", view)
    expected = by_ocio(colours(), config, transform)
    made = converted(colours(), ACESCCT, output_key(version, "Rec.709"))
    assert float(numpy.abs(made - expected).max()) < 2e-4


def test_every_name_converts() -> None:
    """No gamut, gamma, named space or output transform is only a name."""
    grey = numpy.full((1, 3), 0.4, numpy.float32)
    keys = [Space(gamut, "Gamma 2.4").key for gamut in GAMUTS] + [Space("Rec.709", gamma).key for gamma in GAMMAS]
    keys += [space.key for space in NAMED.values()]
    keys += [output_key(version, name) for version, names in OUTPUT_TRANSFORMS.items() for name in names]
    for key in keys:
        there = converted(grey, ACESCCT, key)
        assert float(numpy.abs(converted(there, key, ACESCCT) - grey).max()) < 2e-3, key
    with pytest.raises(MediaError, match="no colour space"):
        converted(grey, "Rec.709/Gamma 9", REC709)


def test_conversions_that_lead_back_are_none() -> None:
    """There and back is nothing at all, through a third space one step; a grade between them keeps both."""
    there, back = NodeSpec(convert=(REC709, ACESCCT)), NodeSpec(convert=(ACESCCT, REC709))
    on = NodeSpec(convert=(ACESCCT, "Rec.709/sRGB"))
    node = NodeSpec(cdl=CdlSpec(saturation=0.5))
    assert joined([there, back]) == ()
    assert joined([there, NodeSpec(), on]) == (NodeSpec(convert=(REC709, "Rec.709/sRGB")),)
    assert joined([there, node, back]) == (there, node, back)
    assert not is_exact([there, node, back])
    assert is_exact([NodeSpec(convert=("Rec.709/Linear", REC709)), node])


def float_still(path: Path, scale: float = 1.0) -> tuple[SourceSpec, Array]:
    """A float picture of natural colours and its values."""
    array = (colours(SIZE[0] * SIZE[1]).reshape(SIZE[1], SIZE[0], 3) * scale).astype(numpy.float32)
    still(path, array, "gbrpf32le", "exr", "gbrpf32le")
    return source({"path": str(path), "sequence": False}), array


def through_the_renderer(of: SourceSpec, *nodes: NodeSpec) -> Array:
    """A frame as floats."""
    compositor = Compositor(timeline([[item("one", 0, 3, of, nodes=nodes)]], size=SIZE), *SIZE, "gbrpf32le")
    try:
        return pixels(compositor.picture(0)).copy()
    finally:
        compositor.close()


def test_log_footage_is_converted_in_the_picture(tmp_path: Path) -> None:
    """LogC3 to DaVinci Intermediate through the lattice: OpenColorIO's numbers to 1e-3, 1e-4 in the mean."""
    of, array = float_still(tmp_path / "log.exr")
    shown = through_the_renderer(of, NodeSpec(convert=(NAMED["ARRI LogC3"].key, NAMED["DaVinci WG/Intermediate"].key)))
    expected = by_ocio(array, CONFIG, "ARRI LogC3 (EI800)", "DaVinci Intermediate WideGamut")
    error = numpy.abs(shown - expected)
    assert float(error.max()) < 2e-3
    assert float(error.mean()) < 1e-4


def test_linear_light_is_converted_exactly(tmp_path: Path) -> None:
    """Light of up to 12 times white keeps its value: no lattice would reach it or follow the shadows."""
    of, array = float_still(tmp_path / "linear.exr", 12.0)
    shown = through_the_renderer(of, NodeSpec(convert=(NAMED["ACEScg"].key, ACESCCT)))
    numpy.testing.assert_allclose(shown, by_ocio(array, CONFIG, "ACEScg", "ACEScct"), atol=1e-5)
    assert float(shown.max()) > 0.75
