"""What is taken acts in the picture, and what would not is refused: settings, and sections of the inspector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film, still
from looks import psnr, scene_file, shown
from rendering import finish_started, queue
from spec_maker import item as one
from spec_maker import picture, source, timeline

from resolve_engine import failure
from resolve_engine.media.errors import MediaError

NOT_DONE = {
    "timelineFrameRateMismatchBehavior": "fcp7",
    "timelineInputResMismatchUseCustomPreset": "1",
    "timelineOutputResMismatchBehavior": "stretch",
    "timelineOutputResMismatchUseCustomPreset": "1",
    "timelineOutputResMatchTimelineRes": "0",
    "timelinePixelAspectRatio": "16_9",
    "timelineInterlaceProcessing": "1",
    "imageEnableFieldProcessing": "1",
    "imageMotionEstimationMode": "enhancedBetter",
    "imageMotionEstimationRange": "larger",
    "imageResizeMode": "smoother",
    "imageResizingGamma": "Linear",
    "videoDataLevelsRetainSubblockAndSuperWhiteData": "1",
    "limitBroadcastSafeOn": "1",
    "colorUseBGRPixelOrderForDPX": "1",
    "hdrMasteringOn": "1",
    "hdrDolbyControlsOn": "1",
    "hdr10PlusControlsOn": "1",
}
"""Settings that change pictures or films in Resolve, with a value at which the engine's would be as before."""


@pytest.mark.parametrize("key", NOT_DONE)
def test_a_setting_that_would_change_nothing_is_refused(project: Any, key: str) -> None:
    """False with the reason, the value stays; what the project begins with can be written."""
    before = project.GetSetting(key)
    assert project.SetSetting(key, NOT_DONE[key]) is False
    assert f"as {key} yet" in str(failure.last())
    assert project.GetSetting(key) == before
    assert project.SetSetting(key, before) is True


SECTIONS: dict[str, dict[str, Any]] = {
    "TransformEnabled": {"Pan": 40.0, "ZoomX": 0.5, "RotationAngle": 30.0, "FlipX": True, "Pitch": 0.5},
    "CroppingEnabled": {"CropLeft": 50.0, "CropSoftness": 10.0},
    "CompositeEnabled": {"Opacity": 30.0, "CompositeMode": 27},
    "LensCorrectionEnabled": {"Distortion": 0.5},
    "RetimeAndScalingEnabled": {"Scaling": 1, "ResizeFilter": 5},
}


@pytest.mark.parametrize("switch", SECTIONS)
def test_a_section_that_is_off_does_nothing(project: Any, photo: Any, tmp_path: Path, switch: str) -> None:
    """Nor does it refuse the render for a value that the engine could not do."""
    plain = shown(project, tmp_path)
    assert photo.SetProperties({**SECTIONS[switch], switch: False}) is True, failure.last()
    assert psnr(shown(project, tmp_path), plain) == 120


def test_without_its_own_scaling_an_item_follows_the_project(project: Any, pool: Any, tmp_path: Path) -> None:
    """Also where it has one and the section is off."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    assert project.SetSetting("timelineInputResMismatchBehavior", "stretch") is True
    square = pool.ImportMedia([str(scene_file(tmp_path / "square.png", (180, 180)))])[0]
    cut = pool.CreateTimelineFromClips("t", [square])
    assert cut.SetCurrentTimecode("01:00:00:00") is True
    (item,) = cut.GetItemListInTrack("video", 1)
    stretched = shown(project, tmp_path)
    assert stretched[:, :60].max() > 0.2
    assert item.SetProperties({"Scaling": 2}) is True
    assert shown(project, tmp_path)[:, :60].max() == 0
    assert item.SetProperties({"RetimeAndScalingEnabled": False}) is True
    assert numpy.array_equal(shown(project, tmp_path), stretched)


KERNELS = ({0, 3}, {1, 10}, {2, 4, 15}, {6}, {7}, {8}, {9}, {11}, {12}, {14})
"""Values of ResizeFilter that are one and the same, as the engine has no other kernel for them."""


def test_every_resize_filter_has_its_kernel(tmp_path: Path) -> None:
    """Noise made three times as large looks different with each; what has no kernel is refused."""
    noise = numpy.random.default_rng(1).integers(0, 255, (36, 64, 3), numpy.uint8)
    of = source({"path": str(still(tmp_path / "noise.png", noise, "rgb24")), "sequence": False})
    pictures: dict[bytes, set[int]] = {}
    for value in sorted(set().union(*KERNELS)):
        spec = timeline([[one("a", 0, 1, of, properties={"ResizeFilter": value})]], size=(192, 108))
        pictures.setdefault(picture(spec, 0).tobytes(), set()).add(value)
    assert sorted(map(sorted, pictures.values())) == sorted(map(sorted, KERNELS))
    for value in (5, 13):
        with pytest.raises(MediaError, match="ResizeFilter"):
            picture(timeline([[one("a", 0, 1, of, properties={"ResizeFilter": value})]], size=(192, 108)), 0)


def test_motion_estimation_cannot_be_chosen(project: Any, pool: Any, tmp_path: Path) -> None:
    """A job with another way than the engine's one fails by name; without optical flow it has no say."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    cut = pool.CreateTimelineFromClips("t", pool.ImportMedia([str(film(tmp_path / "f.mov", 24, 24))]))
    (item,) = cut.GetItemListInTrack("video", 1)
    assert item.SetProperties({"MotionEstimation": 4}) is True
    assert finish_started(project, queue(project, tmp_path, "a", ExportAudio=False))["JobStatus"] == "Complete"
    assert item.SetProperties({"RetimeProcess": 3}) is True
    status = finish_started(project, queue(project, tmp_path, "b", ExportAudio=False))
    assert status["JobStatus"] == "Failed"
    assert "MotionEstimation cannot be chosen" in status["Error"]
