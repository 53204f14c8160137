"""A render of individual clips: a file for each item, its frames, handles, names and timecode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from generate import codes, film
from rendering import finish_started
from spec_maker import found

from resolve_engine import failure


@pytest.fixture
def cut(project: Any, pool: Any, tmp_path: Path) -> Any:
    """Three items of one film of 48 frames: 10 to 19, 30 to 39, and 0 to 4, with their sound."""
    assert project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    path = film(tmp_path / "reel.mov", 24, 48, timecode="02:00:00:00", sound="tone", sound_codec="pcm_s16le")
    (clip,) = pool.ImportMedia([str(path)])
    timeline = pool.CreateEmptyTimeline("Reel 1")
    for first, end in ((10, 20), (30, 40), (0, 5)):
        assert pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": first, "endFrame": end}])
    return timeline


def settings(project: Any, folder: Path, **more: Any) -> None:
    """Individual clips into a folder, lossless."""
    folder.mkdir(exist_ok=True)
    assert project.SetCurrentRenderFormatAndCodec("mkv", "FFV1YUV420_8")
    assert project.SetCurrentRenderMode(0) is True
    assert project.GetCurrentRenderMode() == 0
    assert project.SetRenderSettings({"TargetDir": str(folder), "AudioCodec": "lpcm", **more}), failure.last()


def files(folder: Path) -> dict[str, list[int | None]]:
    """The frames of each file."""
    return {path.name: codes(path) for path in sorted(folder.iterdir())}


def test_a_file_for_each_item(project: Any, cut: Any, tmp_path: Path) -> None:
    """The item's own frames and sound, under names that tell track and place, at the source's timecode."""
    out = tmp_path / "out"
    settings(project, out, UseUniqueFilenames=True)
    job = project.AddRenderJob()
    (info,) = project.GetRenderJobList()
    assert (info["RenderMode"], info["OutputFilename"]) == ("Individual clips", "V1-0001_reel.mkv")
    assert finish_started(project, job) == {
        "JobStatus": "Complete",
        "CompletionPercentage": 100,
        "TimeTakenToRenderInMs": project.GetRenderJobStatus(job)["TimeTakenToRenderInMs"],
    }
    assert files(out) == {
        "V1-0001_reel.mkv": list(range(10, 20)),
        "V1-0002_reel.mkv": list(range(30, 40)),
        "V1-0003_reel.mkv": list(range(5)),
    }
    second = found(out / "V1-0002_reel.mkv")
    assert second.start_timecode == "02:00:01:06"
    assert abs((second.audio[0].samples or 0) - 20000) <= 48, "Matroska counts in milliseconds"


def test_handles_reach_as_far_as_the_source(project: Any, cut: Any, tmp_path: Path) -> None:
    """Twelve frames on each side, where the film has them; the timecode begins with the handle."""
    out = tmp_path / "out"
    settings(project, out, UseUniqueFilenames=True, UniqueFilenameStyle=1, AddFrameHandles=12)
    assert finish_started(project, project.AddRenderJob())["JobStatus"] == "Complete"
    assert files(out) == {
        "reel_V1-0001.mkv": list(range(32)),
        "reel_V1-0002.mkv": list(range(18, 48)),
        "reel_V1-0003.mkv": list(range(17)),
    }
    assert found(out / "reel_V1-0002.mkv").start_timecode == "02:00:00:18"


def test_full_extents_are_the_whole_source(project: Any, cut: Any, tmp_path: Path) -> None:
    """Handles are ignored then; marks choose the items."""
    out = tmp_path / "out"
    start = cut.GetStartFrame()
    settings(project, out, UseFullExtents=True, AddFrameHandles=3, MarkIn=start + 12, MarkOut=start + 15)
    assert finish_started(project, project.AddRenderJob())["JobStatus"] == "Complete"
    assert files(out) == {"reel.mkv": list(range(48))}


def test_marks_cut_the_items(project: Any, cut: Any, tmp_path: Path) -> None:
    """Only what lies between the marks is rendered, of each item that they touch."""
    out = tmp_path / "out"
    start = cut.GetStartFrame()
    settings(project, out, CustomName="%{Timeline Name}_%{Clip #}", MarkIn=start + 8, MarkOut=start + 11)
    assert finish_started(project, project.AddRenderJob())["JobStatus"] == "Complete"
    assert files(out) == {"Reel 1_1.mkv": [18, 19], "Reel 1_2.mkv": [30, 31]}


def test_every_variable_has_its_value(project: Any, cut: Any, tmp_path: Path) -> None:
    """What stands in the name is the clip's, the timeline's and the render's."""
    out = tmp_path / "out"
    start = cut.GetStartFrame()
    name = "%{Clip Base Name}.%{Clip Name}.%{Track #}.%{Version}.%{Render Codec}.%{Render Resolution}.%{Frame Rate}"
    settings(project, out, CustomName=name, MarkIn=start, MarkOut=start)
    assert project.AddRenderJob()
    shown = project.GetRenderJobList()[0]["OutputFilename"]
    assert shown == "reel.reel.mov.1.Version 1.FFV1YUV420_8.320x180.24.mkv"


def test_sound_items_become_sound_files(project: Any, cut: Any, tmp_path: Path) -> None:
    """Without pictures each sound item is a file."""
    out = tmp_path / "out"
    settings(project, out, ExportVideo=False, AudioFormat="wav", UseUniqueFilenames=True)
    assert finish_started(project, project.AddRenderJob())["JobStatus"] == "Complete"
    assert {path.name: found(path).audio[0].samples for path in out.iterdir()} == {
        "V1-0001_reel.wav": 20000,
        "V1-0002_reel.wav": 20000,
        "V1-0003_reel.wav": 10000,
    }


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "would both become 'reel.mkv'"),
        ({"CustomName": "one"}, "would both become 'one.mkv'"),
    ],
)
def test_two_clips_never_share_a_file(
    project: Any, cut: Any, tmp_path: Path, more: dict[str, Any], reason: str
) -> None:
    """Refused when the job is added, and nothing is queued."""
    settings(project, tmp_path / "out", **more)
    assert project.AddRenderJob() == ""
    assert reason in str(failure.last())
    assert project.GetRenderJobList() == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"CustomName": "%{Clip Name}"}, "individual clips only"),
        ({"UseUniqueFilenames": True}, "UseUniqueFilenames is for individual clips"),
        ({"AddFrameHandles": 5}, "AddFrameHandles is for individual clips"),
        ({"UseFullExtents": True}, "UseFullExtents is for individual clips"),
    ],
)
def test_settings_of_clips_are_refused_for_one_file(
    project: Any, cut: Any, tmp_path: Path, more: dict[str, Any], reason: str
) -> None:
    """By name, when the job is added; nothing is ignored."""
    settings(project, tmp_path / "out", **more)
    assert project.SetCurrentRenderMode(1)
    assert project.AddRenderJob() == ""
    assert reason in str(failure.last())


def test_an_unknown_variable_is_refused_when_it_is_set(project: Any, cut: Any) -> None:
    """The engine names the ones it knows."""
    assert project.SetRenderSettings({"CustomName": "%{Moon Phase}"}) is False
    assert "%{Moon Phase} in CustomName is no variable" in str(failure.last())
    assert "%{Timeline Name}" in str(failure.last())


def test_a_single_file_s_variables(project: Any, cut: Any, tmp_path: Path) -> None:
    """The project, the timeline and the render have values in the mode of one file, too."""
    settings(project, tmp_path / "out", CustomName="%{Timeline Name}-%{Render Resolution}")
    assert project.SetCurrentRenderMode(1)
    assert project.AddRenderJob()
    assert project.GetRenderJobList()[0]["OutputFilename"] == "Reel 1-320x180.mkv"
