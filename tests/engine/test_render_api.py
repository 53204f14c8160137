"""Rendering through the API: the frames that were asked for, the states of a job, what cannot be rendered."""

from __future__ import annotations

import os
import signal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from clips import restart
from generate import codes, film
from rendering import finish, finish_started, queue, wait
from spec_maker import found

from resolve_engine import failure
from resolve_engine.api import application

RATES = {"24": Fraction(24), "25": Fraction(25), "29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001)}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A film of two seconds at each rate; frame n shows the number n."""
    folder = tmp_path_factory.mktemp("films")
    return {
        name: film(folder / f"{name}.mov", rate, round(2 * rate), sound="tone", sound_codec="pcm_s16le")
        for name, rate in RATES.items()
    }


@pytest.mark.parametrize("rate", ["24", "25", "29.97 DF", "59.94"])
def test_every_frame_is_the_one_that_was_asked_for(
    project: Any, pool: Any, films: dict[str, Path], tmp_path: Path, rate: str
) -> None:
    """Cuts of sources at four rates, rendered and decoded: at each timeline frame the source frame of that moment."""
    timeline_rate = RATES[rate.removesuffix(" DF")]
    project.SetSettings(
        {"timelineFrameRate": rate, "timelineResolutionWidth": "320", "timelineResolutionHeight": "180"}
    )
    clips = {name: pool.ImportMedia([str(path)])[0] for name, path in films.items()}
    timeline = pool.CreateEmptyTimeline("t")
    expected: list[int | None] = []
    for name, start, end in (("24", 3, 20), ("59.94", 11, 71), ("25", 0, 10), ("29.97", 7, 48), ("24", 40, 48)):
        (item,) = pool.AppendToTimeline([{"mediaPoolItem": clips[name], "startFrame": start, "endFrame": end}])
        length = int((end - start) * timeline_rate / RATES[name])
        assert item.GetDuration() == length
        expected += [int(start + offset * RATES[name] / timeline_rate) for offset in range(length)]
    job = queue(project, tmp_path, "out")
    assert project.StartRendering(job) is True
    assert finish(project, job)["JobStatus"] == "Complete"
    assert codes(tmp_path / "out.mkv") == expected
    assert timeline.GetEndFrame() - timeline.GetStartFrame() == len(expected)


@pytest.fixture
def cut(project: Any, pool: Any, films: dict[str, Path]) -> Any:
    """The 24 fps film on a timeline of its size."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    return pool.CreateTimelineFromClips("cut", pool.ImportMedia([str(films["24"])]))


def test_marks_are_inclusive(project: Any, cut: Any, tmp_path: Path) -> None:
    """From in to out, both rendered; they become the timeline's marks, and one frame is a range."""
    start = cut.GetStartFrame()
    job = queue(project, tmp_path, "range", MarkIn=start + 5, MarkOut=start + 9)
    assert cut.GetMarkInOut()["video"] == {"in": 5, "out": 9}
    one = queue(project, tmp_path, "one", MarkIn=start + 7, MarkOut=start + 7)
    assert project.StartRendering([job, one]) is True
    assert [finish(project, id)["JobStatus"] for id in (job, one)] == ["Complete", "Complete"]
    assert codes(tmp_path / "range.mkv") == [5, 6, 7, 8, 9]
    assert codes(tmp_path / "one.mkv") == [7]


def test_the_queue_tells_the_truth(resolve: Any, project: Any, cut: Any, tmp_path: Path) -> None:
    """A job shows what was asked for; it is ready, then rendered, then complete; it leaves the Deliver page open."""
    job = queue(project, tmp_path, "a", FormatWidth=160, FormatHeight=90, ExportAudio=False)
    (info,) = project.GetRenderJobList()
    shown = {key: info[key] for key in ("TimelineName", "FormatWidth", "IsExportAudio", "OutputFilename", "MarkOut")}
    assert shown == {
        "TimelineName": "cut",
        "FormatWidth": 160,
        "IsExportAudio": False,
        "OutputFilename": "a.mkv",
        "MarkOut": 86447,
    }
    assert project.GetRenderJobStatus(job) == {"JobStatus": "Ready", "CompletionPercentage": 0}
    assert resolve.GetCurrentPage() == "deliver"
    assert project.StartRendering() is True
    assert project.IsRenderingInProgress() is True
    assert project.StartRendering(job) is False
    assert project.DeleteRenderJob(job) is False
    status = finish(project, job)
    assert (status["JobStatus"], status["CompletionPercentage"]) == ("Complete", 100)
    assert status["TimeTakenToRenderInMs"] > 0
    assert project.DeleteRenderJob(job) is True
    assert project.GetRenderJobList() == []
    wait(lambda: not project.IsRenderingInProgress())


def test_sizes_fall_back_to_the_timelines(project: Any, cut: Any, tmp_path: Path) -> None:
    """A size that is not named again is the timeline's, as measured."""
    queue(project, tmp_path, "small", FormatWidth=160, FormatHeight=90)
    queue(project, tmp_path, "whole")
    assert [job["FormatWidth"] for job in project.GetRenderJobList()] == [160, 320]


def test_a_start_timecode_of_one_s_own(project: Any, cut: Any, tmp_path: Path) -> None:
    """It is written instead of the timeline's; one that is none is refused."""
    job = queue(project, tmp_path, "a", TimelineStartTimecode="10:00:00:12")
    assert finish_started(project, job)["JobStatus"] == "Complete"
    assert found(tmp_path / "a.mkv").start_timecode == "10:00:00:12"
    assert project.SetRenderSettings({"TimelineStartTimecode": "ten"}) is False
    assert "TimelineStartTimecode is 'ten'" in str(failure.last())


def test_a_refused_setting_leaves_the_others(project: Any, cut: Any, tmp_path: Path) -> None:
    """False, the rest is applied; a key that Resolve does not know vanishes."""
    settings = {"MultiPassEncode": True, "TargetDir": str(tmp_path), "CustomName": "kept"}
    assert project.SetRenderSettings(settings) is False
    assert "MultiPassEncode" in str(failure.last())
    assert project.SetRenderSettings({"NoSuchKey": 1}) is True
    assert project.AddRenderJob()
    assert project.GetRenderJobList()[0]["OutputFilename"] == "kept.mov"


@pytest.mark.parametrize(
    ("settings", "name", "codec"),
    [
        ({"AudioFormat": "flac", "AudioCodec": "flac"}, "s.flac", "flac"),
        ({"AudioFormat": "mp3"}, "s.mp3", "mp3"),
        ({"AudioFormat": "mp4"}, "s.mp4", "aac"),
    ],
)
def test_sound_alone_in_its_own_format(
    project: Any, cut: Any, tmp_path: Path, settings: dict[str, Any], name: str, codec: str
) -> None:
    """ExportVideo off and an AudioFormat make a file of that format."""
    assert project.SetRenderSettings(
        {"TargetDir": str(tmp_path), "CustomName": "s", "ExportVideo": False, **settings}
    ), failure.last()
    job = project.AddRenderJob()
    assert finish_started(project, job)["JobStatus"] == "Complete"
    info = found(tmp_path / name)
    assert (info.video, info.audio[0].codec) == (None, codec)


def test_the_audio_only_preset(project: Any, cut: Any, tmp_path: Path) -> None:
    """The format reads `unknown`, as measured, and the job makes a Wave file; pictures need a format first."""
    assert project.LoadRenderPreset("Audio Only")
    assert project.GetCurrentRenderFormatAndCodec() == {"format": "unknown", "codec": ""}
    assert project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "s"})
    job = project.AddRenderJob()
    assert project.GetRenderJobList()[0]["OutputFilename"] == "s.wav"
    assert finish_started(project, job)["JobStatus"] == "Complete"
    assert found(tmp_path / "s.wav").video is None
    assert project.SetRenderSettings({"ExportVideo": True})
    assert project.AddRenderJob() == ""
    assert "SetCurrentRenderFormatAndCodec" in str(failure.last())


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ExportAlpha": True}, "carries no alpha"),
        ({"EncodingProfile": "Main10"}, "no EncodingProfile 'Main10'; it has"),
        ({"AudioFormat": "ogg"}, "none of"),
        ({"AudioCodec": "flac"}, "takes lpcm, aac as AudioCodec"),
        ({"TargetDir": "/no/such/folder"}, "does not exist"),
        ({"TargetDir": "relative"}, "absolute"),
        ({"CustomName": ""}, "empty"),
        ({"CustomName": "a/b"}, "no file name"),
        ({"FormatWidth": 161}, "even sizes"),
        ({"MarkIn": 0}, "outside the timeline"),
        ({"MarkIn": 86410, "MarkOut": 86405}, "after MarkOut"),
        ({"AudioCodec": "opus"}, "none of"),
        ({"VideoQuality": "Superb"}, "none of"),
        ({"FrameRate": 31}, "no frame rate"),
    ],
)
def test_what_cannot_be_rendered_is_refused(
    project: Any, cut: Any, tmp_path: Path, settings: dict[str, Any], reason: str
) -> None:
    """Either the setting or the job is refused, with the reason; no job is queued."""
    first = project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "x", **settings})
    if first:
        assert project.AddRenderJob() == ""
    assert reason in str(failure.last())
    assert project.GetRenderJobList() == []


def test_a_quality_that_the_codec_does_not_take_is_refused(project: Any, cut: Any, tmp_path: Path) -> None:
    """False with the reason, while the rest is kept; it does not come back with another codec, either."""
    assert project.SetCurrentRenderFormatAndCodec("mov", "ProRes422HQ")
    assert project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "p", "VideoQuality": 8000}) is False
    assert "takes no VideoQuality" in str(failure.last())
    assert project.SetRenderSettings({"VideoQuality": 0}) is True
    assert project.SetCurrentRenderFormatAndCodec("mp4", "H264")
    assert project.SetRenderSettings({"VideoQuality": 8000}) is True
    assert project.SetCurrentRenderFormatAndCodec("mp4", "H265")
    assert application.start().project.render["settings"]["VideoQuality"] == 8000
    assert project.SetCurrentRenderFormatAndCodec("mov", "DNxHRHQ")
    assert "VideoQuality" not in application.start().project.render["settings"]
    assert project.AddRenderJob()


def test_without_a_target_or_a_timeline_there_is_no_job(project: Any, pool: Any) -> None:
    """The answer is empty and says why."""
    assert project.AddRenderJob() == ""
    assert "no current timeline" in str(failure.last())


def test_a_lost_source_fails_the_job(project: Any, pool: Any, tmp_path: Path) -> None:
    """The job says which file is missing, and leaves no file behind."""
    path = film(tmp_path / "gone.mov", 24, 12)
    pool.CreateTimelineFromClips("t", pool.ImportMedia([str(path)]))
    job = queue(project, tmp_path, "out")
    path.unlink()
    assert project.StartRendering(job) is True
    status = finish(project, job)
    assert status["JobStatus"] == "Failed"
    assert "gone.mov" in status["Error"]
    assert sorted(os.listdir(tmp_path)) == ["engine home"]


def test_stopping_cancels_what_runs_and_what_waits(project: Any, cut: Any, tmp_path: Path) -> None:
    """Both jobs read Cancelled, and no file stands under its final name."""
    clip = cut.GetItemListInTrack("video", 1)[0].GetMediaPoolItem()
    assert all(project.GetMediaPool().AppendToTimeline([clip] * 200))
    jobs = [queue(project, tmp_path, name) for name in ("first", "second")]
    assert project.StartRendering(jobs) is True
    wait(lambda: project.GetRenderJobStatus(jobs[0])["CompletionPercentage"] > 0)
    project.StopRendering()
    assert [finish(project, job)["JobStatus"] for job in jobs] == ["Cancelled", "Cancelled"]
    wait(lambda: not project.IsRenderingInProgress())
    assert sorted(os.listdir(tmp_path)) == ["engine home"]


def test_a_job_whose_process_is_killed_has_failed(project: Any, cut: Any, tmp_path: Path) -> None:
    """The engine goes on, the job can be started again, and then it is complete."""
    job = queue(project, tmp_path, "out")
    clip = cut.GetItemListInTrack("video", 1)[0].GetMediaPoolItem()
    long = project.GetMediaPool().AppendToTimeline([clip] * 200)
    assert all(long)
    slow = queue(project, tmp_path, "slow")
    assert project.StartRendering(slow) is True
    wait(lambda: project.GetRenderJobStatus(slow)["CompletionPercentage"] > 0)
    os.kill(application.start().render_queue.status(slow)["pid"], signal.SIGKILL)
    status = finish(project, slow)
    assert status["JobStatus"] == "Failed"
    assert status["Error"]
    wait(lambda: not project.IsRenderingInProgress())
    assert sorted(os.listdir(tmp_path)) == ["engine home"]
    assert project.StartRendering(job) is True
    assert finish(project, job)["JobStatus"] == "Complete"


def test_the_queue_survives_a_restart(project: Any, cut: Any, tmp_path: Path) -> None:
    """Finished jobs stay finished, waiting ones are ready again."""
    done, ready = queue(project, tmp_path, "done"), queue(project, tmp_path, "ready")
    project.StartRendering(done)
    finish(project, done)
    again = restart().GetCurrentProject()
    assert [again.GetRenderJobStatus(job)["JobStatus"] for job in (done, ready)] == ["Complete", "Ready"]


def test_a_render_goes_on_over_a_restart(project: Any, cut: Any, tmp_path: Path) -> None:
    """The next engine sees it run, does not start or delete it, and stops it where that is asked."""
    clip = cut.GetItemListInTrack("video", 1)[0].GetMediaPoolItem()
    assert all(project.GetMediaPool().AppendToTimeline([clip] * 200))
    job = queue(project, tmp_path, "out")
    assert project.StartRendering(job) is True
    wait(lambda: project.GetRenderJobStatus(job)["CompletionPercentage"] > 0)
    again = restart().GetCurrentProject()
    assert again.GetRenderJobStatus(job)["JobStatus"] == "Rendering"
    assert again.IsRenderingInProgress() is True
    assert again.StartRendering(job) is False
    assert again.DeleteRenderJob(job) is False
    again.StopRendering()
    assert finish(again, job)["JobStatus"] == "Cancelled"
    wait(lambda: not again.IsRenderingInProgress())
    assert sorted(os.listdir(tmp_path)) == ["engine home"]


def test_the_frame_under_the_playhead(resolve: Any, project: Any, cut: Any, tmp_path: Path) -> None:
    """A picture file with the frame of the playhead; unknown kinds and missing folders are refused."""
    resolve.OpenPage("edit")
    cut.SetCurrentTimecode("01:00:00:13")
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "frame.png")) is True
    assert codes(tmp_path / "frame.png") == [13]
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "frame.drx")) is False
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "none" / "frame.png")) is False
    assert failure.last()


def test_a_thumbnail_is_one_picture_a_clip(resolve: Any, cut: Any) -> None:
    """288 pixels wide, RGB, the same wherever the playhead stands in the clip."""
    resolve.OpenPage("color")
    first = cut.GetCurrentClipThumbnailImage()
    assert (first["width"], first["height"], first["format"]) == (288, 162, "RGB 8 bit")
    assert len(first["data"]) == 288 * 162 * 3 * 4 // 3
    cut.SetCurrentTimecode("01:00:00:09")
    assert cut.GetCurrentClipThumbnailImage() == first


def test_sources_are_never_written_over(resolve: Any, project: Any, pool: Any, tmp_path: Path) -> None:
    """Neither by a render nor by a frame that is exported."""
    path = film(tmp_path / "source.mkv", 24, 12)
    pool.CreateTimelineFromClips("t", pool.ImportMedia([str(path)]))
    before = path.read_bytes()
    project.SetCurrentRenderFormatAndCodec("mkv", "FFV1YUV420_8")
    project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "source"})
    assert project.AddRenderJob() == ""
    assert "is the file of the clip 'source.mkv'" in str(failure.last())
    assert project.ExportCurrentFrameAsStill(str(path)) is False
    assert path.read_bytes() == before
