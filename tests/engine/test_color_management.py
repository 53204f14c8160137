"""Colour management by Resolve's settings and clip properties: what pictures become, and which names are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import PyOpenColorIO as ocio
import pytest
from looks import pixels_of, psnr, shown

from resolve_engine import failure

CONFIG = "ocio://studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
ACES_1_3 = "ocio://studio-config-v2.2.0_aces-v1.3_ocio-v2.4"
MANAGED = "davinciYRGBColorManagedv2"


def write(owner: Any, **settings: str) -> None:
    """Settings that must be taken."""
    for key, value in settings.items():
        assert owner.SetSetting(key, value) is True, failure.last()


def expected(folder: Path, config: str, *spaces: Any) -> Any:
    """The photograph through a processor of OpenColorIO, held to 0 to 1."""
    rgb = pixels_of(folder / "photo.png").astype(numpy.float32)
    processor = ocio.Config.CreateFromFile(config).getProcessor(*spaces).getDefaultCPUProcessor()
    processor.applyRGB(rgb)
    return numpy.clip(rgb.astype(numpy.float64), 0, 1)


def test_a_managed_project_of_one_space_changes_nothing(photo: Any, project: Any, tmp_path: Path) -> None:
    """Rec.709 in and out is the picture itself, whatever lies between: a wide space, or ACES."""
    plain = shown(project, tmp_path)
    for settings in (
        {"colorScienceMode": MANAGED},
        {"colorSpaceTimeline": "DaVinci WG/Intermediate"},
        {"colorScienceMode": "acescct"},
        {"colorScienceMode": "acescc"},
    ):
        write(project, **settings)
        assert psnr(shown(project, tmp_path), plain) > 90, settings
    assert project.GetSetting("colorSpaceInput") == "Rec.709 Gamma 2.4"


def test_a_clip_s_input_space_counts(photo: Any, project: Any, tmp_path: Path) -> None:
    """A clip said to be S-Log3 comes out as OpenColorIO converts it; `Project` takes that back."""
    plain = shown(project, tmp_path)
    clip = photo.GetMediaPoolItem()
    assert clip.GetClipProperty("Input Color Space") == "Project"
    write(project, colorScienceMode=MANAGED)
    assert clip.SetClipProperty("Input Color Space", "S-Gamut3.Cine/S-Log3") is True, failure.last()
    assert clip.GetClipProperty("Input Color Space") == "S-Gamut3.Cine/S-Log3"
    wanted = expected(tmp_path, CONFIG, "S-Log3 S-Gamut3.Cine", "Gamma 2.4 Encoded Rec.709")
    assert psnr(shown(project, tmp_path), wanted) > 40
    assert clip.SetClipProperty("Input Color Space", "Project") is True
    assert psnr(shown(project, tmp_path), plain) > 90


def test_a_grade_stands_in_the_timeline_s_space(photo: Any, project: Any, tmp_path: Path) -> None:
    """LogC3 in, a CDL in DaVinci Intermediate, sRGB out: the three steps in this order."""
    write(
        project,
        colorScienceMode=MANAGED,
        colorSpaceInput="ARRI LogC3",
        colorSpaceTimeline="DaVinci WG/Intermediate",
        colorSpaceOutput="sRGB",
    )
    assert photo.SetCDL({"NodeIndex": "1", "Slope": "0.9 0.9 0.9", "Offset": "0.02 0 0", "Power": "1 1 1"}) is True
    config = ocio.Config.CreateFromFile(CONFIG)
    group = ocio.GroupTransform()
    group.appendTransform(ocio.ColorSpaceTransform("ARRI LogC3 (EI800)", "DaVinci Intermediate WideGamut"))
    group.appendTransform(ocio.CDLTransform(slope=[0.9] * 3, offset=[0.02, 0, 0], power=[1] * 3, sat=1.0))
    group.appendTransform(ocio.ColorSpaceTransform("DaVinci Intermediate WideGamut", "sRGB Encoded Rec.709 (sRGB)"))
    assert config is not None
    assert psnr(shown(project, tmp_path), expected(tmp_path, CONFIG, group)) > 40


def test_an_aces_project_shows_log_footage_through_its_output_transform(
    photo: Any, project: Any, tmp_path: Path
) -> None:
    """The input transform of a clip, ACEScct, the view of ACES 1.3."""
    write(project, colorScienceMode="acescct", colorAcesODT="sRGB")
    assert photo.GetMediaPoolItem().SetClipProperty("IDT", "ARRI LogC4") is True, failure.last()
    view = ocio.DisplayViewTransform("ARRI LogC4", "sRGB - Display", "ACES 1.0 - SDR Video")
    assert psnr(shown(project, tmp_path), expected(tmp_path, ACES_1_3, view)) > 40


@pytest.mark.parametrize(
    ("name", "own"),
    [("DaVinci WG/Intermediate", "DaVinci Intermediate WideGamut"), ("Rec.709 Linear", "Linear Rec.709 (sRGB)")],
)
def test_layers_are_put_together_in_the_timeline_s_space(
    photo: Any, project: Any, tmp_path: Path, name: str, own: str
) -> None:
    """At half opacity over nothing a picture has half its code of the timeline's space, not half of the output's: in
    linear light half the light."""
    write(project, colorScienceMode=MANAGED, colorSpaceTimeline=name)
    assert photo.SetProperty("Opacity", 50.0) is True
    half = ocio.GroupTransform()
    half.appendTransform(ocio.ColorSpaceTransform("Gamma 2.4 Encoded Rec.709", own))
    half.appendTransform(ocio.CDLTransform(slope=[0.5] * 3, offset=[0] * 3, power=[1] * 3, sat=1.0))
    half.appendTransform(ocio.ColorSpaceTransform(own, "Gamma 2.4 Encoded Rec.709"))
    assert psnr(shown(project, tmp_path), expected(tmp_path, CONFIG, half)) > 40


def test_a_timeline_with_its_own_settings_has_its_own_spaces(photo: Any, project: Any, tmp_path: Path) -> None:
    """Its output space counts, the project's input space stays; on another timeline it is converted once."""
    write(project, colorScienceMode=MANAGED, colorSpaceInput="sRGB")
    timeline = project.GetCurrentTimeline()
    write(timeline, useCustomSettings="1")
    write(timeline, colorSpaceTimeline="DaVinci WG/Intermediate", colorSpaceOutput="Rec.709 Gamma 2.2")
    wanted = expected(tmp_path, CONFIG, "sRGB Encoded Rec.709 (sRGB)", "Gamma 2.2 Encoded Rec.709")
    assert psnr(shown(project, tmp_path), wanted) > 40
    pool = project.GetMediaPool()
    outer = pool.CreateTimelineFromClips("outer", [timeline.GetMediaPoolItem()])
    assert project.SetCurrentTimeline(outer) is True
    assert outer.SetCurrentTimecode("01:00:00:00") is True
    wanted = expected(tmp_path, CONFIG, "sRGB Encoded Rec.709 (sRGB)", "Gamma 2.4 Encoded Rec.709")
    assert psnr(shown(project, tmp_path), wanted) > 40


def test_a_title_looks_as_it_was_drawn(project: Any, tmp_path: Path) -> None:
    """White letters are white in the output, whatever the space between is."""
    timeline = project.GetMediaPool().CreateEmptyTimeline("titles")
    assert timeline.InsertTitleIntoTimeline("Text") is not None, failure.last()
    assert timeline.SetCurrentTimecode("01:00:01:00") is True
    plain = shown(project, tmp_path)
    assert plain.max() > 0.99
    write(project, colorScienceMode="acescct")
    assert psnr(shown(project, tmp_path), plain) > 35
    assert shown(project, tmp_path).max() > 0.98


@pytest.mark.parametrize(
    ("key", "value", "near"),
    [
        ("colorSpaceTimeline", "rec.709 gamma 2.4", "'Rec.709 Gamma 2.4'"),
        ("colorSpaceInput", "S-Log3", "S-Gamut3"),
        ("colorSpaceOutput", "Rec709", "Rec.709"),
        ("colorAcesODT", "rec.709", "'Rec.709'"),
        ("colorSpaceInput", "Rec.709", "separateColorSpaceAndGamma"),
        ("colorSpaceInputGamma", "Gamma 2.4", "separateColorSpaceAndGamma"),
        ("colorScienceMode", "aces", "acescct"),
        ("outputDRT", "DaVinci", "None"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_the_nearest(project: Any, key: str, value: str, near: str) -> None:
    """False, the setting stays, and the reason names what would do."""
    before = project.GetSetting(key)
    assert project.SetSetting(key, value) is False
    assert near in (failure.last() or "")
    assert project.GetSetting(key) == before


def test_an_unknown_input_space_of_a_clip_is_refused(photo: Any) -> None:
    """A spelling that Resolve does not show is refused with the one that it does."""
    clip = photo.GetMediaPoolItem()
    assert clip.SetClipProperty("Input Color Space", "SLog3 S-Gamut3.Cine") is False
    assert "S-Gamut3.Cine/S-Log3" in (failure.last() or "")
    assert clip.SetClipProperty("Input Gamma", "Gamma 2.4") is False
    assert clip.GetClipProperty("Input Color Space") == "Project"


def test_gamut_and_gamma_can_be_chosen_apart(photo: Any, project: Any, tmp_path: Path) -> None:
    """With separate keys S-Gamut3 and LogC4 make a space that has no name of its own."""
    write(project, colorScienceMode=MANAGED, separateColorSpaceAndGamma="1")
    write(project, colorSpaceInput="S-Gamut3", colorSpaceInputGamma="S-Log3")
    wanted = expected(tmp_path, CONFIG, "S-Log3 S-Gamut3", "Gamma 2.4 Encoded Rec.709")
    assert psnr(shown(project, tmp_path), wanted) > 40
    clip = photo.GetMediaPoolItem()
    assert clip.SetClipProperty("Input Color Space", "Rec.709") is True, failure.last()
    assert clip.SetClipProperty("Input Gamma", "sRGB") is True, failure.last()
    wanted = expected(tmp_path, CONFIG, "sRGB Encoded Rec.709 (sRGB)", "Gamma 2.4 Encoded Rec.709")
    assert psnr(shown(project, tmp_path), wanted) > 45
    assert clip.SetClipProperty("Input Color Space", "Project") is True, failure.last()
    assert clip.SetClipProperty("Input Gamma", "") is True, failure.last()
    wanted = expected(tmp_path, CONFIG, "S-Log3 S-Gamut3", "Gamma 2.4 Encoded Rec.709")
    assert psnr(shown(project, tmp_path), wanted) > 40
