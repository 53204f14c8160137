"""Items are brought to a level that a render then has, by peak and by loudness."""

from __future__ import annotations

import math
import wave
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import restart
from generate import film
from rendering import finish_started

from resolve_engine import failure
from resolve_engine.media.av_safe.loudness import LoudnessMeter

RATE = 48000
PEAK = "Sample Peak Program"


def sound_file(path: Path, peak: float, seconds: float = 2.0) -> str:
    """A sine of 997 Hz on both sides, as 16 bits."""
    wanted = peak * numpy.sin(2 * numpy.pi * 997 * numpy.arange(round(seconds * RATE)) / RATE)
    codes = numpy.repeat(numpy.round(wanted * 32767).astype("<i2"), 2)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(codes.tobytes())
    return str(path)


@pytest.fixture
def two(pool: Any, tmp_path: Path) -> tuple[Any, Any]:
    """A quiet and a louder sound, one behind the other on the current timeline: peaks of 0.1 and 0.4."""
    paths = [sound_file(tmp_path / "quiet.wav", 0.1), sound_file(tmp_path / "loud.wav", 0.4)]
    pool.CreateEmptyTimeline("cut")
    first, second = (pool.AppendToTimeline(pool.ImportMedia([path]))[0] for path in paths)
    return first, second


def decibels(item: Any) -> float:
    """The volume that an item has now."""
    return float(item.GetProperty("AudioVolume"))


@pytest.mark.parametrize(
    ("peaks", "expected"),
    [([0.5], -6.02), ([0.1], -20.0)],
)
def test_the_meter_reads_what_the_standard_says(peaks: list[float], expected: float) -> None:
    """A sine of 997 Hz on both sides reads its peak in dBFS as LKFS; silence and half a block have no loudness."""
    (peak,) = peaks
    meter = LoudnessMeter(RATE)
    sine = peak * numpy.sin(2 * numpy.pi * 997 * numpy.arange(2 * RATE) / RATE)
    for block in numpy.array_split(numpy.stack([sine, sine], axis=-1).astype(numpy.float32), 50):
        meter.hear(block)
    assert meter.integrated() == pytest.approx(expected, abs=0.05)
    silent = LoudnessMeter(RATE)
    silent.hear(numpy.zeros((RATE, 2), numpy.float32))
    assert silent.integrated() is None
    short = LoudnessMeter(RATE)
    short.hear(numpy.ones((RATE // 5, 2), numpy.float32))
    assert short.integrated() is None


def test_relative_changes_all_alike_and_independent_each(resolve: Any, project: Any, two: tuple[Any, Any]) -> None:
    """The louder reaches the target; the other keeps its distance, or reaches it too. What they had before counts
    nothing, and the change outlives a restart."""
    timeline = project.GetCurrentTimeline()
    quiet, loud = two
    quiet.SetProperty("AudioVolume", 12.0)
    assert timeline.NormalizeAudioLevel(list(two), {"targetLevel": -12}) is True, failure.last()
    wanted = -12 - 20 * math.log10(0.4)
    assert [decibels(item) for item in two] == [pytest.approx(wanted, abs=0.01)] * 2
    alone = {"targetLevel": -12.0, "setLevelMode": resolve.NORMALIZE_AUDIO_SET_LEVEL_INDEPENDENT}
    assert timeline.NormalizeAudioLevel(list(two), {"normalizationMode": PEAK, **alone}) is True
    assert decibels(quiet) == pytest.approx(8.0, abs=0.01)
    assert decibels(loud) == pytest.approx(wanted, abs=0.01)
    again = restart().GetCurrentTimeline().GetItemListInTrack("audio", 1)
    assert decibels(again[0]) == pytest.approx(8.0, abs=0.01)


def test_a_render_has_the_level(project: Any, two: tuple[Any, Any], tmp_path: Path) -> None:
    """By loudness: a sine on both sides at -23 LKFS peaks at -23 dBFS."""
    timeline = project.GetCurrentTimeline()
    options = {"normalizationMode": "EBU R128", "targetLoudness": -23}
    assert timeline.NormalizeAudioLevel([two[1]], options), failure.last()
    assert timeline.DeleteClips([two[0]])
    wanted = {"TargetDir": str(tmp_path), "CustomName": "out", "ExportVideo": False, "AudioFormat": "wav"}
    assert project.SetRenderSettings({**wanted, "AudioCodec": "lpcm", "AudioBitDepth": 16}), failure.last()
    assert finish_started(project, project.AddRenderJob())["JobStatus"] == "Complete"
    with wave.open(str(tmp_path / "out.wav")) as file:
        samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 20 * math.log10(abs(samples).max() / 32767) == pytest.approx(-23, abs=0.1)


def test_pictures_stand_for_their_sound(pool: Any, tmp_path: Path) -> None:
    """The sound that is linked with them; without one it is refused."""
    (clip,) = pool.ImportMedia([str(film(tmp_path / "f.mp4", 24, 24, sound="tone"))])
    timeline = pool.CreateTimelineFromClips("cut", [clip])
    (picture,), (sound,) = (timeline.GetItemListInTrack(kind, 1) for kind in ("video", "audio"))
    assert timeline.NormalizeAudioLevel([picture], {"targetLevel": -40}), failure.last()
    assert decibels(sound) < -10
    assert timeline.SetClipsLinked([picture, sound], False)
    assert timeline.NormalizeAudioLevel([picture], {"targetLevel": -40}) is False
    assert "no sound among the items" in str(failure.last())


def test_what_cannot_be_is_refused_and_changes_nothing(
    resolve: Any, project: Any, pool: Any, two: tuple[Any, Any], tmp_path: Path
) -> None:
    """No target, an unknown mode or key, silence, more gain than there is, a locked track."""
    timeline = project.GetCurrentTimeline()
    assert timeline.GetNormalizeAudioModes()[0] == PEAK
    pool.AppendToTimeline(pool.ImportMedia([sound_file(tmp_path / "silent.wav", 0.0)]))
    silent = timeline.GetItemListInTrack("audio", 1)[2]

    def reason(items: list[Any], options: Any) -> str:
        assert timeline.NormalizeAudioLevel(items, options) is False
        return str(failure.last())

    assert "targetLevel is missing" in reason(list(two), None)
    assert "targetLoudness is missing" in reason(list(two), {"normalizationMode": "EBU R128", "targetLevel": -12})
    assert PEAK in reason(list(two), {"normalizationMode": "Sony", "targetLevel": -12})
    assert "no key" in reason(list(two), {"level": -12})
    assert "silent" in reason([silent, *two], {"targetLevel": -12})
    alone = resolve.NORMALIZE_AUDIO_SET_LEVEL_INDEPENDENT
    pool.AppendToTimeline(pool.ImportMedia([sound_file(tmp_path / "whisper.wav", 0.001)]))
    whisper = timeline.GetItemListInTrack("audio", 1)[3]
    assert "+59.9 dB" in reason([two[1], whisper], {"targetLevel": 0, "setLevelMode": alone})
    assert timeline.SetTrackLock("audio", 1, True)
    assert "locked" in reason(list(two), {"targetLevel": -12})
    assert [decibels(item) for item in two] == [0.0, 0.0]
