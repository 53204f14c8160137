"""Subtitles: files of them in the media pool, on subtitle tracks at exact frames, and written to files again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clips import restart
from hypothesis import given
from hypothesis import strategies as st

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.errors import Refusal
from resolve_engine.interchange import subtitle_file
from resolve_engine.model.captions import Caption, as_captions, frame_of, subtitles_of, time_of
from resolve_engine.model.timeline import Timeline

SRT = """\ufeff1\r
00:00:01,000 --> 00:00:02,500\r
Hello, <i>world</i>\r
in two lines\r
\r
2\r
00:00:02,000 --> 00:00:04,000 X1:10 X2:20\r
{\\an8}übermorgen\r
\r
with a blank line\r
\r
3\r
00:00:05.5 --> 00:00:06,000\r
<font color="#fff">1984</font>\r
"""

VTT = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE nothing

intro
00:01.000 --> 00:02.500 line:0 position:20%
<v Ann>Hello &amp; <c.loud>good <00:01.500>day</c>

1:00:00.000 --> 1:00:01.000
a < b
"""


def record(timeline: Any) -> Timeline:
    """The model's record behind a handle."""
    return application.start().project.timelines[timeline.GetUniqueId()]


def rows(timeline: Any, track: int = 1) -> list[tuple[str, int, int]]:
    """Text, start counted from the timeline's, and length of each subtitle."""
    start = timeline.GetStartFrame()
    items = timeline.GetItemListInTrack("subtitle", track) or []
    return [(item.GetName(), item.GetStart() - start, item.GetDuration()) for item in items]


@pytest.fixture
def srt(tmp_path: Path) -> str:
    """A file with what real files have: a mark of order, marks of style, a blank line, overlapping times."""
    path = tmp_path / "words.srt"
    path.write_bytes(SRT.encode())
    return str(path)


def test_both_forms_are_read_without_their_marks() -> None:
    """Times in milliseconds, texts as they are spoken."""
    assert subtitle_file.read(SRT.encode()) == [
        Caption(1000, 2500, "Hello, world\nin two lines"),
        Caption(2000, 4000, "übermorgen\n\nwith a blank line"),
        Caption(5500, 6000, "1984"),
    ]
    assert subtitle_file.read(VTT.encode()) == [
        Caption(1000, 2500, "Hello & good day"),
        Caption(3600000, 3601000, "a < b"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"hello", "no subtitle"),
        (b"00:00:02,000 --> 00:00:01,000\nx\n", "line 1: the subtitle ends before"),
        ("00:00:01,000 --> 00:00:02,000\nä\n".encode("latin-1"), "not in UTF-8"),
        (b"00:00:01,000 --> 00:00:02,000\n\n", "every subtitle of the file is empty"),
        (b"x" * ((16 << 20) + 1), "read up to"),
    ],
)
def test_what_holds_no_subtitles_is_refused(data: bytes, reason: str) -> None:
    """With the reason, and the line where there is one."""
    with pytest.raises(Refusal, match=reason):
        subtitle_file.read(data)


def test_a_file_in_the_pool_goes_to_a_subtitle_track(pool: Any, timeline: Any, srt: str) -> None:
    """Exact frames from the timeline's start; an item ends where the next begins; real items that survive a restart."""
    (clip,) = pool.ImportMedia([srt])
    assert (clip.GetName(), clip.GetClipProperty("Type"), clip.GetClipProperty("File Path")) == (
        "words.srt", "Subtitle", srt)  # fmt: skip
    (item,) = pool.AppendToTimeline([clip])
    assert item, failure.last()
    assert (item.GetType(), item.GetTrackTypeAndIndex(), item.GetMediaPoolItem()) == ("subtitle", ["subtitle", 1], None)
    expected = [("Hello, world\nin two lines", 24, 24), ("übermorgen\n\nwith a blank line", 48, 48), ("1984", 132, 12)]
    assert rows(timeline) == expected
    assert timeline.GetTrackCount("subtitle") == 1
    manager = restart().GetProjectManager()
    assert manager.LoadProject("probe")
    again = manager.GetCurrentProject().GetCurrentTimeline()
    assert rows(again) == expected
    found = again.GetItemListInTrack("subtitle", 1)
    assert found[1].SetName("overmorgen")
    assert again.DeleteClips([found[0]])
    assert [row[0] for row in rows(again)] == ["overmorgen", "1984"]


def test_place_track_and_what_is_refused(pool: Any, timeline: Any, srt: str) -> None:
    """recordFrame is where the file's zero stands; a taken place, a range without subtitles and a locked track are
    refused whole."""
    (clip,) = pool.ImportMedia([srt])
    wanted = {"mediaPoolItem": clip, "recordFrame": timeline.GetStartFrame() + 240, "trackIndex": 1}
    assert pool.AppendToTimeline([wanted])[0], failure.last()
    assert rows(timeline)[0][1:] == (264, 24)
    assert pool.AppendToTimeline([wanted]) == [None]
    assert "01:00:11:00 already" in str(failure.last())
    assert pool.AppendToTimeline([{**wanted, "trackIndex": 2}])[0], failure.last()
    assert pool.AppendToTimeline([{**wanted, "trackIndex": 4}]) == [None]
    assert pool.AppendToTimeline([{**wanted, "startFrame": 0, "endFrame": 5}]) == [None]
    assert "no subtitle of 'words.srt' stands in frames 0 to 5" in str(failure.last())
    assert pool.AppendToTimeline([{**wanted, "startFrame": 0, "endFrame": 9999}]) == [None]
    assert "no range" in str(failure.last())
    assert timeline.SetTrackLock("subtitle", 2, True)
    assert pool.AppendToTimeline([{"mediaPoolItem": clip, "trackIndex": 2}]) == [None]
    assert "locked" in str(failure.last())
    assert len(rows(timeline)) == len(rows(timeline, 2)) == 3


def test_a_range_is_placed_from_its_first_frame(pool: Any, timeline: Any, srt: str) -> None:
    """Subtitles that reach over its ends are cut off there; the range of the whole clip is the whole clip."""
    (clip,) = pool.ImportMedia([srt])
    start = timeline.GetStartFrame()
    part = {"mediaPoolItem": clip, "startFrame": 36, "endFrame": 60, "recordFrame": start}
    assert pool.AppendToTimeline([part])[0], failure.last()
    assert rows(timeline) == [("Hello, world\nin two lines", 0, 12), ("übermorgen\n\nwith a blank line", 12, 12)]
    whole = {"mediaPoolItem": clip, "startFrame": 0, "endFrame": 144, "trackIndex": 2, "recordFrame": start}
    assert pool.AppendToTimeline([whole])[0], failure.last()
    assert [row[1:] for row in rows(timeline, 2)] == [(24, 24), (48, 48), (132, 12)]


def test_a_bad_file_is_skipped_with_its_reason(pool: Any, tmp_path: Path) -> None:
    """The others of the import come in."""
    bad, good = tmp_path / "bad.srt", tmp_path / "good.vtt"
    bad.write_text("nothing")
    good.write_text(VTT)
    (clip,) = pool.ImportMedia([str(bad), str(good)])
    assert clip.GetName() == "good.vtt"
    assert pool.ImportMedia([str(bad)]) == []
    assert "bad.srt" in str(failure.last())


def test_what_a_renderer_is_told_and_files_hold(pool: Any, timeline: Any, srt: str) -> None:
    """Absolute frames; disabled tracks and items say nothing; what is written is read back the same."""
    pool.AppendToTimeline(pool.ImportMedia([srt]))
    start = timeline.GetStartFrame()
    told = subtitles_of(record(timeline))
    assert [(first - start, end - start) for first, end, _ in told] == [(24, 48), (48, 96), (132, 144)]
    captions = as_captions(told, record(timeline))
    assert captions[0] == Caption(1000, 2000, "Hello, world\nin two lines")
    text = subtitle_file.written_srt(captions)
    assert text.startswith("1\n00:00:01,000 --> 00:00:02,000\nHello, world\nin two lines\n\n2\n")
    for written in (text, subtitle_file.written_vtt(captions)):
        read = subtitle_file.read(written.encode())
        assert [(one.start, one.end) for one in read] == [(one.start, one.end) for one in captions]
        assert [one.text for one in read] == [one.text.replace("\n\n", "\n") for one in captions]
    assert timeline.GetItemListInTrack("subtitle", 1)[2].SetClipEnabled(False)
    assert len(subtitles_of(record(timeline))) == 2
    assert timeline.SetTrackEnable("subtitle", 1, False)
    assert subtitles_of(record(timeline)) == []


RATES = [(24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (120, 1)]


@given(st.integers(0, 20_000_000), st.sampled_from(RATES))
def test_a_frame_is_the_same_after_its_time_was_written(frame: int, rate: tuple[int, int]) -> None:
    """At every rate, for days."""
    assert frame_of(time_of(frame, rate), rate) == frame


def test_an_item_is_edited_like_others_where_that_can_be_seen(pool: Any, timeline: Any, srt: str) -> None:
    """Switched off, marked, coloured, linked, deleted with a ripple; what nothing would show is refused: fades, folding
    into a compound clip, speed, takes, a grade, properties."""
    pool.AppendToTimeline(pool.ImportMedia([srt]))
    first, second, third = timeline.GetItemListInTrack("subtitle", 1)
    (picture,) = timeline.GetItemListInTrack("video", 1)
    assert first.SetClipEnabled(False)
    assert first.AddMarker(1, "Blue", "n", "", 1)
    assert first.SetClipColor("Orange")
    assert (first.GetClipEnabled(), list(first.GetMarkers()), first.GetClipColor()) == (False, [1], "Orange")
    assert timeline.SetClipsLinked([second, third], True)
    assert [other.GetName() for other in second.GetLinkedItems()] == ["1984"]
    for refused in (
        first.SetFades({"FadeIn": 2}),
        first.SetSpeed({"Percentage": 50}),
        first.AddTake(picture.GetMediaPoolItem()),
        first.SetCDL({"NodeIndex": "1", "Slope": "1 1 1", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"}),
        first.SetProperty("Pan", 3.0),
        timeline.CreateCompoundClip([first]),
        timeline.CreateCompoundClip([picture, first]),
    ):
        assert not refused
    assert "cannot be folded" in str(failure.last())
    assert len(rows(timeline)) == 3
    assert timeline.DeleteClips([picture], False)
    start = third.GetStart()
    assert timeline.DeleteClips([first], True)
    assert third.GetStart() == start - 24
