"""Subtitles of what is said on a timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from generate import sound, wave
from test_transcription import needs_recogniser, spoken

from resolve_engine import failure
from resolve_engine.api.timeline_captions import Settings, laid_out


@needs_recogniser
def test_what_is_said_becomes_subtitles(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """On a track of their own, where the voice is, never longer than a line; a second call adds another track."""
    (clip,) = pool.ImportMedia([str(spoken(tmp_path))])
    timeline = pool.CreateTimelineFromClips("t", [clip])
    settings = {"language": resolve.AUTO_CAPTION_ENGLISH, "charsPerLine": 10}
    assert timeline.CreateSubtitlesFromAudio(settings) is True, failure.last()
    items = timeline.GetItemListInTrack("subtitle", 1)
    assert items
    for item in items:
        begin, end = item.GetStart() - 86400, item.GetEnd() - 86400
        assert any(first - 15 <= begin < end <= after + 15 for first, after in ((36, 84), (156, 190)))
        words = item.GetName().split()
        assert len(item.GetName()) <= 10 or len(words) == 1
    assert timeline.CreateSubtitlesFromAudio() is True
    assert timeline.GetTrackCount("subtitle") == 2


@needs_recogniser
def test_a_tone_makes_none(pool: Any, tmp_path: Path) -> None:
    """No word, no track."""
    (clip,) = pool.ImportMedia([str(sound(tmp_path / "tone.wav", wave("tone", 96_000, channels=1)))])
    timeline = pool.CreateTimelineFromClips("t", [clip])
    assert timeline.CreateSubtitlesFromAudio() is False
    assert "no word was recognised" in str(failure.last())
    assert timeline.GetTrackCount("subtitle") == 0


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"language": 6.0}, "English alone"),
        ({"charsPerLine": 61}, "outside 1 to 60"),
        ({"gap": 11}, "outside 0 to 10"),
        ({"size": 3}, "no setting"),
        ({"captionPreset": 9}, "captionPreset"),
    ],
)
def test_wrong_settings_are_refused(timeline: Any, settings: dict[str, Any], why: str) -> None:
    """Before anything is listened to."""
    assert timeline.CreateSubtitlesFromAudio(settings) is False
    assert why in str(failure.last())


def test_an_empty_timeline_says_nothing(pool: Any) -> None:
    """There is nothing to listen to."""
    assert pool.CreateEmptyTimeline("t").CreateSubtitlesFromAudio() is False
    assert "nothing is heard" in str(failure.last())


def speech(*stretches: list[tuple[str, float, float]]) -> list[dict[str, Any]]:
    """What the recogniser answers."""
    return [{"begin": words[0][1], "end": words[-1][2], "words": words} for words in stretches]


def test_how_words_become_lines() -> None:
    """No word is cut, no line is too long, two lines where asked, a new subtitle after a pause, and a gap between."""
    words = [
        (text, number / 2, number / 2 + 0.5) for number, text in enumerate(["we", "will", "see", "how", "it", "goes"])
    ]
    found = speech(words, [("later", 10.0, 10.5)])
    single = list(laid_out(found, Settings(11, 1, 0), 0))
    assert [(one.start, one.end, one.text) for one in single] == [
        (0, 1500, "we will see"), (1500, 3000, "how it goes"), (10_000, 10_500, "later"),
    ]  # fmt: skip
    double = list(laid_out(found, Settings(7, 2, 0), 0))
    assert [one.text for one in double] == ["we will\nsee how", "it goes", "later"]
    assert [one.end for one in laid_out(found, Settings(11, 1, 2), 80.0)] == [1420, 3000, 10_500]
    assert [one.text for one in laid_out(speech([("unpronounceable", 0, 1)]), Settings(5, 1, 0), 0)] == [
        "unpronounceable"
    ]
    slow = [("slow", second * 4.0, second * 4.0 + 1) for second in range(4)]
    assert [one.text for one in laid_out(speech(slow), Settings(42, 1, 0), 0)] == ["slow slow", "slow slow"]
