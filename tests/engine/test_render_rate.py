"""Rendering at another rate than the timeline's: every frame by its burned-in number, every sample of the sound."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import codes, film, heard
from rendering import finish_started, queue
from spec_maker import found, item, job, rendered, source, timeline

from resolve_engine import failure
from resolve_engine.media.av_safe.captions import read_cues
from resolve_engine.render.frame_rate import start_timecode
from resolve_engine.render.spec import CaptionSpec, OutputSpec

PAL, NTSC = (25, 1), (30000, 1001)


@pytest.mark.parametrize("own", [(30, 1), (12, 1), (24000, 1001), NTSC, (60, 1), PAL])
def test_each_frame_shows_the_moment_at_which_it_begins(tmp_path: Path, own: tuple[int, int]) -> None:
    """A timeline of 24 fps from its seventh frame on: repeated or left out as the exact fraction says."""
    of = source(film(tmp_path / "numbers.mp4", 24, 60))
    spec = job(timeline([[item("one", 0, 60, of)]]), tmp_path / "out.mkv", "mkv", "FFV1YUV420_8", rate=own, first=7)
    duration = Fraction(53, 24)
    expected = [
        7 + math.floor(Fraction(number) / Fraction(*own) * 24) for number in range(math.ceil(duration * Fraction(*own)))
    ]
    path = rendered(spec)
    assert codes(path) == expected
    video = found(path).video
    assert video is not None
    assert video.rate == own
    assert spec.frames == len(expected)


def test_the_sound_keeps_its_samples(tmp_path: Path) -> None:
    """The sound of a file at 12.5 or at 30 fps is the sound at the timeline's own rate, sample for sample."""
    of = source(film(tmp_path / "clicks.mov", PAL[0], 40, sound="clicks", sound_codec="pcm_s16le"))
    cut = timeline([[item("one", 0, 40, of)]], [[item("sound", 0, 40, of)]], rate=PAL)

    def sound(name: str, rate: tuple[int, int] | None) -> numpy.ndarray[Any, Any]:
        spec = job(cut, tmp_path / name, "mov", "ProRes422P", job_id=name, rate=rate, audio_codec="lpcm")
        return heard(rendered(spec))[0]

    plain = sound("plain.mov", None)
    assert len(plain) == 48000 * 40 // 25
    for name, rate in (("fast.mov", (30, 1)), ("slow.mov", (12, 1)), ("ntsc.mov", NTSC)):
        numpy.testing.assert_array_equal(sound(name, rate), plain)


@pytest.mark.parametrize(
    ("start", "rate", "drop", "own", "expected"),
    [
        ("01:00:00:00", (24, 1), False, PAL, "01:00:00:00"),
        ("01:00:10:12", (24, 1), False, (60, 1), "01:00:10:30"),
        ("01:00:10:23", (24, 1), False, (12, 1), "01:00:10:11"),
        ("01:01:00;04", (60000, 1001), True, NTSC, "01:01:00;02"),
        ("00:59:59;29", NTSC, True, (24, 1), "00:59:59:23"),
    ],
)
def test_the_start_keeps_its_time_of_day(
    start: str, rate: tuple[int, int], drop: bool, own: tuple[int, int], expected: str
) -> None:
    """Hours, minutes and seconds stay; frames are counted in the file's rate, and numbers that are dropped left out."""
    output = OutputSpec("/x.mov", "mov", "H264", 320, 180, 0, 9, timecode=start, rate=own)
    assert start_timecode(output, timeline([], rate=rate, drop_frame=drop)) == expected


def test_a_job_has_the_rate_that_was_set(project: Any, pool: Any, tmp_path: Path) -> None:
    """SetRenderSettings with FrameRate: the queue shows it and the file has it."""
    clip = pool.ImportMedia([str(film(tmp_path / "numbers.mp4", 24, 24))])[0]
    assert pool.CreateTimelineFromClips("cut", [clip])
    job_id = queue(project, tmp_path, "faster", FrameRate=48.0, ExportAudio=False)
    assert project.GetRenderJobList()[0]["FrameRate"] == "48"
    assert finish_started(project, job_id)["JobStatus"] == "Complete"
    assert codes(tmp_path / "faster.mkv") == [number // 2 for number in range(48)]
    assert project.SetRenderSettings({"FrameRate": 31}) is False
    assert "no frame rate" in (failure.last() or "")


@pytest.mark.parametrize("own", [(12, 1), (60, 1)])
def test_subtitles_keep_their_times(tmp_path: Path, own: tuple[int, int]) -> None:
    """Those in a track of the film, to the millisecond; the last begins with the last frame of the timeline."""
    of = source(film(tmp_path / "numbers.mp4", 24, 48))
    said = (CaptionSpec(0, 12, "one"), CaptionSpec(13, 24, "two"), CaptionSpec(47, 48, "three"))
    settings = {"subtitles": "EmbeddedCaptions", "captions": said, "rate": own}
    path = rendered(job(timeline([[item("one", 0, 48, of)]]), tmp_path / "out.mkv", "mkv", "FFV1YUV420_8", **settings))
    found = [(round(1000 * start), round(1000 * end), text) for start, end, text in read_cues(str(path))]
    assert found == [(0, 500, "one"), (542, 1000, "two"), (1958, 2000, "three")]
