"""The render queue over every format: one job for each, all started at once, each in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from generate import codes, film
from rendering import finish, wait
from spec_maker import found

from resolve_engine import failure
from resolve_engine.api import application, render_queue
from resolve_engine.render.formats import FORMATS

PICTURES = {
    "mov": ("MJPEG", "mjpeg"), "mp4": ("AV1", "av1"), "mxf_op1a": ("DNxHRLB", "dnxhd"), "mkv": ("FFV1YUV420_8", "ffv1"),
    "tif": ("RGB8LZW", "tiff"), "png": ("RGB8", "png"), "dpx": ("RGB10", "dpx"), "exr": ("RGBHalfZIP", "exr"),
}  # fmt: skip
"""A codec of each format with pictures, and FFmpeg's name of it."""
SOUNDS = {"wav": "pcm_s24le", "flac": "flac", "mp3": "mp3", "mp4": "aac", "mov": "pcm_s16le"}
"""FFmpeg's name of the codec of each format of sound alone."""


@pytest.fixture
def cut(project: Any, pool: Any, tmp_path: Path) -> Any:
    """Six frames with sound, which show the numbers 0 to 5."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    path = film(tmp_path / "numbers.mov", 24, 6, sound="tone", sound_codec="pcm_s16le")
    return pool.CreateTimelineFromClips("cut", pool.ImportMedia([str(path)]))


def test_a_job_for_every_format(project: Any, cut: Any, tmp_path: Path) -> None:
    """Thirteen files of thirteen jobs, every one complete, of its codec, with its frames or its sound."""
    out = tmp_path / "out"
    out.mkdir()
    assert set(PICTURES) | set(SOUNDS) == set(FORMATS)
    jobs = {}
    for form, (codec, _) in PICTURES.items():
        assert project.SetCurrentRenderFormatAndCodec(form, codec), failure.last()
        assert project.SetRenderSettings({"TargetDir": str(out), "CustomName": f"p_{form}"}), failure.last()
        jobs["p", form] = project.AddRenderJob()
    for form in SOUNDS:
        depth = 24 if form == "wav" else 16
        wanted = {"ExportVideo": False, "AudioFormat": form, "CustomName": f"s_{form}", "AudioBitDepth": depth}
        assert project.SetRenderSettings(wanted), failure.last()
        jobs["s", form] = project.AddRenderJob()
    assert all(jobs.values()), failure.last()
    names = {job["JobId"]: job["OutputFilename"] for job in project.GetRenderJobList()}
    assert project.StartRendering(list(jobs.values())) is True
    seen = set()
    for (kind, form), job in jobs.items():
        status = finish(project, job)
        assert status["JobStatus"] == "Complete", (form, status)
        seen.add(application.start().render_queue.status(job)["pid"])
        made = out / names[job]
        if kind == "s":
            info = found(made)
            assert (info.video, info.audio[0].codec) == (None, SOUNDS[form])
        elif FORMATS[form].muxer:
            info = found(made)
            assert info.video is not None
            assert (info.video.codec, bool(info.audio)) == (PICTURES[form][1], True)
            assert codes(made) == list(range(6))
        else:
            frames = sorted(out.glob(f"p_{form}*"))
            assert frames[0] == made
            assert [codes(frame) for frame in frames] == [[number] for number in range(6)]
    assert len(seen) == len(jobs)
    assert os.getpid() not in seen
    assert not [name for name in os.listdir(out) if name.startswith(".")]


def test_a_job_that_has_ended_is_in_nobody_s_way(
    project: Any, cut: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it says that it is complete nothing renders, and the next one is started, whether or not the queue has seen
    it meanwhile."""
    monkeypatch.setattr(render_queue, "WATCH_S", 600.0)
    project.SetCurrentRenderFormatAndCodec("mp4", "H264")
    jobs = []
    for name in ("one", "two"):
        assert project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": name}), failure.last()
        jobs.append(project.AddRenderJob())
    for job in jobs:
        assert project.StartRendering([job]) is True, failure.last()
        assert finish(project, job)["JobStatus"] == "Complete"
        assert project.IsRenderingInProgress() is False
    application.start().render_queue.stop()


def test_a_running_job_tells_how_far_it_is(project: Any, cut: Any, tmp_path: Path) -> None:
    """A percentage that grows, the time that is left, and no error; a stopped one has no file."""
    clip = cut.GetItemListInTrack("video", 1)[0].GetMediaPoolItem()
    assert all(project.GetMediaPool().AppendToTimeline([clip] * 1000))
    project.SetCurrentRenderFormatAndCodec("mp4", "H264")
    project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "long", "ExportAudio": False})
    job = project.AddRenderJob()
    assert project.StartRendering(job) is True

    def percentage() -> int:
        return int(project.GetRenderJobStatus(job)["CompletionPercentage"])

    wait(lambda: percentage() > 0)
    status = project.GetRenderJobStatus(job)
    assert status["JobStatus"] == "Rendering"
    assert status["EstimatedTimeRemainingInMs"] > 0
    assert "Error" not in status
    wait(lambda: percentage() > status["CompletionPercentage"])
    project.StopRendering()
    assert finish(project, job)["JobStatus"] == "Cancelled"
    assert not (tmp_path / "long.mp4").exists()


def test_a_sequence_gives_no_frame_its_name_unless_all_can_have_theirs(project: Any, cut: Any, tmp_path: Path) -> None:
    """A folder stands where the fourth frame would: the job fails, and the frames before it are not there either."""
    out = tmp_path / "out"
    (out / "f00086403.png").mkdir(parents=True)
    (out / "f00086401.png").write_bytes(b"of an earlier render")
    project.SetCurrentRenderFormatAndCodec("png", "RGB8")
    project.SetRenderSettings({"TargetDir": str(out), "CustomName": "f"})
    job = project.AddRenderJob()
    assert project.StartRendering(job) is True
    status = finish(project, job)
    assert status["JobStatus"] == "Failed"
    assert "f00086403.png' is a folder" in status["Error"]
    assert sorted(os.listdir(out)) == ["f00086401.png", "f00086403.png"]
    assert (out / "f00086401.png").read_bytes() == b"of an earlier render"
