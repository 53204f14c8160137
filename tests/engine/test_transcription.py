"""Transcripts: what the recogniser hears, where, and how clips and folders tell it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip, restart
from generate import sound, wave
from voices import silence, syllables

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.model import transcript

needs_recogniser = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None, reason="the extra `transcription` is not installed"
)


def spoken(folder: Path) -> Path:
    """1.5 s of nothing, 2 s of voice, 3 s of nothing, 1.4 s of voice, 1.5 s of nothing."""
    parts = [silence(1.5), syllables(10), silence(3), syllables(7, seed=2), silence(1.5)]
    return sound(folder / "talk.wav", numpy.concatenate(parts))


def frames_of(timecode: str, rate: int) -> int:
    """A timecode in frames."""
    hours, minutes, seconds, frames = map(int, timecode.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * rate + frames


@needs_recogniser
def test_speech_is_transcribed_where_it_is(project: Any, pool: Any, tmp_path: Path) -> None:
    """Two stretches of words with the pauses around them, in timecodes at the clip's rate; kept, shown and cleared."""
    project.SetSetting("timelineFrameRate", "25")
    (clip,) = pool.ImportMedia([str(spoken(tmp_path))])
    assert clip.GetTranscription() is None
    assert clip.TranscribeAudio() is True, failure.last()
    (clip,) = restart().GetMediaPool().GetRootFolder().GetClipList()
    found = clip.GetTranscription()
    assert found["language"] == "en-US"
    pauses = [one for one in found["segments"] if one["text"] == "(...)"]
    said = [one for one in found["segments"] if one["text"] not in ("(...)", "")]
    assert [one["words"][0]["text"] for one in pauses] == ["(...)"] * len(pauses)
    assert 1 <= len(said) <= 2
    for segment in said:
        begin, end = frames_of(segment["start"], 25), frames_of(segment["end"], 25)
        assert any(first - 15 <= begin < end <= after + 15 for first, after in ((37, 88), (162, 198)))
        assert segment["text"] == " ".join(word["text"] for word in segment["words"])
        assert all(begin <= frames_of(word["start"], 25) < end for word in segment["words"])
        assert segment["speaker"] is None
    assert clip.GetClipProperty("Transcription") == " ".join(segment["text"] for segment in said)
    assert clip.ClearTranscription() is True
    assert (clip.GetTranscription(), clip.GetClipProperty("Transcription")) == (None, "")
    assert clip.ClearTranscription() is False


@needs_recogniser
def test_a_tone_says_nothing(pool: Any, tmp_path: Path) -> None:
    """One empty segment, as long as the clip."""
    (clip,) = pool.ImportMedia([str(sound(tmp_path / "tone.wav", wave("tone", 96_000, channels=1)))])
    assert clip.TranscribeAudio() is True, failure.last()
    (segment,) = clip.GetTranscription()["segments"]
    assert (segment["text"], segment["words"]) == ("", [])
    assert (segment["start"], segment["end"]) == ("00:00:00:00", "00:00:02:00")
    before = clip.GetTranscription()
    assert clip.TranscribeAudio(True) is True  # speakers are not told apart
    assert clip.GetTranscription() == before


@needs_recogniser
def test_a_folder_and_a_timeline_are_transcribed(pool: Any, tmp_path: Path) -> None:
    """Every clip below that sounds, a timeline as what it sounds like; what cannot be read costs itself alone."""
    inner = pool.AddSubFolder(pool.GetRootFolder(), "inner")
    pool.SetCurrentFolder(inner)
    (clip,) = pool.ImportMedia([str(spoken(tmp_path))])
    gone = add_clip(path="/m/gone.wav", kind="audio", channels=(1,), seconds=1.0)
    timeline = pool.CreateTimelineFromClips("t", [{"mediaPoolItem": clip, "startFrame": 24, "endFrame": 96}])
    root = pool.GetRootFolder()
    assert root.TranscribeAudio() is True, failure.last()
    assert "gone.wav" in str(failure.last())
    assert [bool(one.GetTranscription()) for one in (clip, gone, timeline.GetMediaPoolItem())] == [True, False, True]
    assert timeline.GetMediaPoolItem().GetTranscription()["segments"][0]["start"].startswith("01:00:0")
    assert root.ClearTranscription() is True
    assert root.ClearTranscription() is False


def test_where_it_is_refused(resolve: Any, pool: Any, clip: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off the four pages, without sound, and without the recogniser, each with its reason."""
    for page in ("fusion", "color", "deliver"):
        resolve.OpenPage(page)
        assert clip.TranscribeAudio() is False
        assert f"on the {page} page" in str(failure.last())
    resolve.OpenPage("edit")
    mute = add_clip(path="/m/mute.mov", channels=())
    assert mute.TranscribeAudio() is False
    assert "no sound" in str(failure.last())
    assert pool.AddSubFolder(pool.GetRootFolder(), "empty").TranscribeAudio() is False
    monkeypatch.setattr("resolve_engine.api.transcription.find_spec", lambda name: None)
    assert clip.TranscribeAudio() is False
    assert "resolve-engine[transcription]" in str(failure.last())
    assert clip.GetTranscription() is None


def test_how_a_transcript_is_told(project: Any) -> None:
    """Pauses of a second and more are told, shorter ones are not; a long text is cut off in the attribute."""
    handle = add_clip(frames=240, start_timecode="10:00:00:00")
    words = [(f"word{number}", 2.0 + number / 10, 2.05 + number / 10) for number in range(20)]
    speech = [
        {"begin": 0.5, "end": 0.9, "words": []},
        {"begin": 2.0, "end": 4.0, "words": words},
        {"begin": 4.5, "end": 5.0, "words": [("end", 4.5, 5.0)]},
    ]
    app = application.start()
    (clip,) = app.project.clips.values()
    clip.transcript = transcript.from_speech(speech, (24, 1), 240)
    app.flush()
    told = handle.GetTranscription()["segments"]
    assert [(one["start"], one["end"], one["text"][:5]) for one in told] == [
        ("10:00:00:00", "10:00:02:00", "(...)"),
        ("10:00:02:00", "10:00:04:00", "word0"),
        ("10:00:04:12", "10:00:05:00", "end"),
        ("10:00:05:00", "10:00:10:00", "(...)"),
    ]
    assert told[1]["words"][1] == {"start": "10:00:02:02", "end": "10:00:02:03", "text": "word1"}
    shown = handle.GetClipProperty("Transcription")
    assert (len(shown) <= transcript.PREVIEW, shown[-3:], shown[:11]) == (True, "...", "word0 word1")
