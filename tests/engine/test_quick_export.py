"""One-click exports through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clips import restart
from generate import codes, film
from spec_maker import found

from resolve_engine import failure


@pytest.fixture
def cut(project: Any, pool: Any, tmp_path: Path) -> Any:
    """Twelve small frames."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    return pool.CreateTimelineFromClips("cut", pool.ImportMedia([str(film(tmp_path / "clip.mov", 24, 12))]))


def test_it_answers_when_the_file_is_there(project: Any, cut: Any, tmp_path: Path) -> None:
    """A QuickTime file, `Render Complete` with the time it took, and nothing in the render queue."""
    info = {"TargetDir": str(tmp_path), "CustomName": "quick", "EnableUpload": False}
    status = project.RenderWithQuickExport("H.264 Master", info)
    assert (status["JobStatus"], status["CompletionPercentage"]) == ("Render Complete", 100), status
    assert status["TimeTakenToRenderInMs"] > 0
    assert codes(tmp_path / "quick.mov") == list(range(12))
    assert project.GetRenderJobList() == []
    assert project.GetCurrentRenderFormatAndCodec() == {"format": "mov", "codec": "H264"}


def test_a_preset_of_one_s_own_must_be_enabled(resolve: Any, project: Any, cut: Any, tmp_path: Path) -> None:
    """Stock presets are enabled, saved ones when they are told to be; it is kept, and an update leaves it."""
    assert "H.265 Master" in project.GetQuickExportRenderPresets()
    assert project.SetCurrentRenderFormatAndCodec("mkv", "FFV1YUV420_8")
    assert project.SaveAsNewRenderPreset("lossless")
    assert not project.RenderWithQuickExport("lossless", {"TargetDir": str(tmp_path)})
    assert "no preset that is enabled" in str(failure.last())
    assert project.SetQuickExportEnabledForRenderPreset("lossless", True)
    assert project.SetQuickExportEnabledForRenderPreset("H.265 Master", False)
    assert project.UpdateRenderPreset("lossless")
    again = restart().GetCurrentProject()
    assert "lossless" in again.GetQuickExportRenderPresets()
    assert "H.265 Master" not in again.GetQuickExportRenderPresets()
    assert again.GetRenderPresetList().count("H.265 Master") == 1
    assert again.RenderWithQuickExport("lossless", {"TargetDir": str(tmp_path)})["JobStatus"] == "Render Complete"
    video = found(tmp_path / "cut.mkv").video
    assert video is not None
    assert video.codec == "ffv1"


def test_a_failed_render_is_told(project: Any, cut: Any, tmp_path: Path) -> None:
    """The answer holds the reason, and no file is left."""
    (tmp_path / "clip.mov").unlink()
    status = project.RenderWithQuickExport("H.264 Master", {"TargetDir": str(tmp_path)})
    assert status["JobStatus"] == "Render Failed"
    assert "clip.mov" in status["Error"]
    assert not (tmp_path / "cut.mov").exists()


@pytest.mark.parametrize(
    ("preset", "info", "reason"),
    [
        ("H.264 Master", {}, "no target folder"),
        ("H.264 Master", {"TargetDir": "/", "EnableUpload": True}, "uploads nothing"),
        ("Nothing", {}, "no preset that is enabled"),
        ("ProRes 422 HQ", {"TargetDir": "/", "VideoQuality": 5000}, "takes no VideoQuality"),
    ],
)
def test_what_it_cannot_do_is_refused(project: Any, cut: Any, preset: str, info: Any, reason: str) -> None:
    """Nothing is rendered, and the reason is told."""
    assert not project.RenderWithQuickExport(preset, info)
    assert reason in str(failure.last())
