"""What a rendered file says of its colours: ColorSpaceTag and GammaTag, read back with PyAV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest
from rendering import finish_started, queue

from resolve_engine import failure
from resolve_engine.render.color_tags import PRIMARIES, TRANSFERS


def said(path: Path) -> tuple[int, int]:
    """FFmpeg's numbers of the primaries and the transfer in a film."""
    with av.open(str(path)) as container:
        frame: Any = next(container.decode(video=0))
        return frame.color_primaries, frame.color_trc


def rendered(project: Any, folder: Path, form: str, codec: str, extension: str, **settings: Any) -> Path:
    """One job of the current timeline."""
    queue(project, folder, "cut", **settings)  # the target and the name stay for the job below
    assert project.DeleteAllRenderJobs() is True
    assert project.SetCurrentRenderFormatAndCodec(form, codec), failure.last()
    status = finish_started(project, project.AddRenderJob())
    assert status["JobStatus"] == "Complete", status
    return folder / f"cut.{extension}"


@pytest.mark.parametrize(
    ("form", "codec", "extension"),
    [
        ("mp4", "H264", "mp4"),
        ("mov", "ProRes422HQ", "mov"),
        ("mkv", "FFV1RGBA_8", "mkv"),
        ("mxf_op1a", "DNxHRHQ", "mxf"),
    ],
)
def test_a_film_says_the_chosen_tags(
    photo: Any, project: Any, tmp_path: Path, form: str, codec: str, extension: str
) -> None:
    """Whatever the encoder and the container: Rec.2020 and PQ."""
    settings = {"ColorSpaceTag": "Rec.2020", "GammaTag": "ST2084", "MarkIn": 86400, "MarkOut": 86403}
    if codec == "DNxHRHQ":
        settings.update(FormatWidth=1280, FormatHeight=720)
    path = rendered(
        project, tmp_path, form, codec, extension, AudioCodec="aac" if form == "mp4" else "lpcm", **settings
    )
    assert said(path) == (9, 16)


def test_same_as_project_is_the_output_space(photo: Any, project: Any, tmp_path: Path) -> None:
    """BT.709 without colour management; the output space with it, whose name is then enough."""
    short = {"MarkIn": 86400, "MarkOut": 86401, "ColorSpaceTag": "Same as Project", "GammaTag": "Same as Project"}
    assert said(rendered(project, tmp_path, "mkv", "FFV1YUV420_8", "mkv", **short)) == (1, 1)
    assert project.SetSetting("colorScienceMode", "davinciYRGBColorManagedv2") is True
    assert project.SetSetting("colorSpaceOutput", "Rec.2100 ST2084") is True, failure.last()
    assert said(rendered(project, tmp_path, "mkv", "FFV1YUV420_8", "mkv", **short)) == (9, 16)
    assert project.SetSetting("colorScienceMode", "acescct") is True
    assert project.SetSetting("colorAcesODT", "P3-D65 ST2084 (1000 nits)") is True, failure.last()
    assert said(rendered(project, tmp_path, "mkv", "FFV1YUV420_8", "mkv", **short)) == (12, 16)


def test_unknown_tags_and_formats_without_tags_are_refused(photo: Any, project: Any, tmp_path: Path) -> None:
    """A word that is none, with those that are; and a sequence of pictures, which says nothing of its colours."""
    assert project.SetRenderSettings({"ColorSpaceTag": "Rec.2021"}) is False
    assert "Rec.2020" in (failure.last() or "")
    queue(project, tmp_path, "cut", ColorSpaceTag="Rec.2020")
    assert project.SetCurrentRenderFormatAndCodec("png", "RGB8") is True
    assert project.AddRenderJob() == ""
    assert "carries no ColorSpaceTag" in (failure.last() or "")


def test_every_tag_has_a_name_in_ffmpeg() -> None:
    """A number that FFmpeg has no word for could not be read back."""
    from resolve_engine.media.av_safe.pictures import colour_names

    for primaries in PRIMARIES.values():
        assert colour_names(0, primaries, 2)[1]
    for transfer in TRANSFERS.values():
        assert colour_names(0, 2, transfer)[2]
