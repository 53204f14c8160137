"""Generators and titles: where they are put, what moves for them, and what they look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip, restart
from numpy.typing import NDArray

from resolve_engine import failure
from resolve_engine.model.generated import GENERATORS, TITLES


def places(timeline: Any, kind: str = "video", track: int = 1) -> list[tuple[str, int, int]]:
    """Name, start counted from the timeline's, and length of each item of a track."""
    start = timeline.GetStartFrame()
    items = timeline.GetItemListInTrack(kind, track) or []
    return [(item.GetName(), item.GetStart() - start, item.GetDuration()) for item in items]


def code(frame: int) -> str:
    """The timecode of a frame of a timeline of 24 fps that starts at one o'clock."""
    seconds = frame // 24
    return f"01:{seconds // 60:02}:{seconds % 60:02}:{frame % 24:02}"


def frame_of(project: Any, folder: Path) -> NDArray[numpy.int64]:
    """The picture under the playhead as height x width x RGB."""
    from PIL import Image

    path = folder / "frame.png"
    assert project.ExportCurrentFrameAsStill(str(path)), failure.last()
    return numpy.asarray(Image.open(path)).astype(numpy.int64)


@pytest.fixture
def empty(project: Any, pool: Any) -> Any:
    """An empty timeline of 24 fps, 320x180."""
    assert project.SetSetting("timelineResolutionWidth", "320")
    assert project.SetSetting("timelineResolutionHeight", "180")
    return pool.CreateEmptyTimeline("t")


def test_an_insert_cuts_and_moves_what_is_in_its_way(timeline: Any) -> None:
    """At the playhead, five seconds long, and the playhead stands behind it; linked sound is cut and moved along."""
    timeline.AddMarker(4, "Blue", "before", "", 1)
    timeline.AddMarker(30, "Blue", "behind", "", 1)
    assert timeline.SetCurrentTimecode("01:00:00:12")
    item = timeline.InsertGeneratorIntoTimeline("Solid Color")
    assert item, failure.last()
    assert (item.GetType(), item.GetMediaPoolItem()) == ("generator", None)
    assert places(timeline) == [("clip.mov", 0, 12), ("Solid Color", 12, 120), ("clip.mov", 132, 36)]
    assert places(timeline, "audio") == [("clip.mov", 0, 12), ("clip.mov", 132, 36)]
    assert timeline.GetCurrentTimecode() == "01:00:05:12"
    assert sorted(timeline.GetMarkers()) == [4, 150]
    left, right = timeline.GetItemListInTrack("video", 1)[0], timeline.GetItemListInTrack("video", 1)[2]
    assert (right.GetSourceStartFrame(), right.GetSourceEndFrame()) == (12, 47)
    assert [len(one.GetLinkedItems()) for one in (left, right)] == [1, 1]


def test_marks_give_place_and_length_and_locks_the_track(pool: Any, clip: Any, timeline: Any) -> None:
    """Marks are inclusive; with every picture track but one locked it lands there, and what is locked stays."""
    assert timeline.AddTrack("video")
    for kind, track in (("video", 1), ("audio", 1)):
        assert timeline.SetTrackLock(kind, track, True)
    timeline.AddMarker(30, "Blue", "stays", "", 1)
    assert timeline.SetMarkInOut(10, 19, "video")
    assert timeline.InsertTitleIntoTimeline("Text"), failure.last()
    assert places(timeline, track=2) == [("Text", 10, 10)]
    assert places(timeline) == [("clip.mov", 0, 48)]
    assert sorted(timeline.GetMarkers()) == [30]


def test_a_refused_insert_changes_nothing(resolve: Any, pool: Any, timeline: Any) -> None:
    """The page, the current timeline, the locks, the name: each refusal says what to do."""
    before = places(timeline)
    assert timeline.InsertGeneratorIntoTimeline("Plasma") is None
    assert "it draws 10 Step" in str(failure.last())
    assert timeline.InsertGeneratorIntoTimeline("BT.2111 Color Bar PQ Full") is None
    assert "renders no PQ" in str(failure.last())
    assert timeline.InsertTitleIntoTimeline("Solid Color") is None
    assert "Left Lower Third" in str(failure.last())
    assert timeline.SetTrackLock("video", 1, True)
    assert timeline.InsertTitleIntoTimeline("Text") is None
    assert "locked" in str(failure.last())
    assert timeline.SetTrackLock("video", 1, False)
    resolve.OpenPage("color")
    assert timeline.InsertTitleIntoTimeline("Text") is None
    assert "edit page" in str(failure.last())
    resolve.OpenPage("edit")
    assert pool.CreateEmptyTimeline("other")
    assert timeline.InsertTitleIntoTimeline("Text") is None
    assert "current timeline" in str(failure.last())
    assert places(timeline) == before


def test_an_item_with_a_fade_in_the_way_refuses_the_insert(timeline: Any, item: Any) -> None:
    """What was cut already is taken back: all of it or nothing."""
    assert item.SetFades({"FadeIn": 24})
    before = places(timeline), places(timeline, "audio")
    assert timeline.SetCurrentTimecode("01:00:00:12")
    assert timeline.InsertTitleIntoTimeline("Text") is None
    assert "fade" in str(failure.last())
    assert (places(timeline), places(timeline, "audio")) == before


def test_every_name_is_drawn(project: Any, empty: Any, tmp_path: Path) -> None:
    """No name that is taken fails when it is rendered, and none but black is black."""
    for name in GENERATORS:
        assert empty.InsertGeneratorIntoTimeline(name), failure.last()
    for name in TITLES:
        assert empty.InsertTitleIntoTimeline(name), failure.last()
    for item in empty.GetItemListInTrack("video", 1):
        middle = (item.GetStart() - empty.GetStartFrame()) + 60
        assert empty.SetCurrentTimecode(code(middle))
        picture = frame_of(project, tmp_path)
        assert picture.shape == (180, 320, 3)
        assert (picture.max() > 200) == (item.GetName() != "Solid Color"), item.GetName()


def test_patterns_have_the_values_of_their_standards(project: Any, empty: Any, tmp_path: Path) -> None:
    """Bars by hand: EBU 100/0/75/0, ten and eight steps, a window of half the size."""
    expected = {
        "EBU Color Bar": [(x, 90, colour) for x, colour in zip(
            range(20, 320, 40),
            [(255, 255, 255), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191),
             (0, 0, 0)], strict=True)],
        "10 Step": [(16 + 32 * step, 90, (round(255 * step / 9),) * 3) for step in range(10)],
        "100mV Steps": [(20 + 40 * step, 90, (round(255 * step / 7),) * 3) for step in range(8)],
        "Grey Scale": [(0, 10, (0, 0, 0)), (319, 170, (255, 255, 255))],
        "Four Color Gradient": [(0, 0, (255, 0, 0)), (319, 0, (0, 255, 0)), (0, 179, (0, 0, 255)),
                                (319, 179, (255, 255, 0))],
        "Window": [(79, 90, (0, 0, 0)), (81, 90, (255, 255, 255)), (160, 44, (0, 0, 0)), (238, 134, (255, 255, 255))],
        "SMPTE Color Bar": [(20, 20, (191, 191, 191)), (300, 20, (0, 0, 191)), (20, 128, (0, 0, 191)),
                            (90, 160, (255, 255, 255))],
    }  # fmt: skip
    for name, samples in expected.items():
        assert empty.InsertGeneratorIntoTimeline(name), failure.last()
        last = empty.GetItemListInTrack("video", 1)[-1].GetStart() - empty.GetStartFrame()
        assert empty.SetCurrentTimecode(code(last))
        picture = frame_of(project, tmp_path)
        for x, y, colour in samples:
            assert abs(picture[y, x] - colour).max() <= 2, (name, x, y)
        assert empty.SetCurrentTimecode(code(last + 120))


def test_the_text_of_a_title_is_what_is_seen(project: Any, empty: Any, tmp_path: Path) -> None:
    """Longer text covers more, the words survive a restart, and nothing else of an item has such a property."""
    item = empty.InsertTitleIntoTimeline("Text")
    assert item.GetProperty("StyledText") == "Basic Title"
    assert empty.SetCurrentTimecode("01:00:01:00")
    short = (frame_of(project, tmp_path) > 128).sum()
    assert item.SetProperty("StyledText", "Grüße, мир: a longer text that needs three lines"), failure.last()
    long = frame_of(project, tmp_path)
    assert (long > 128).sum() > 1.5 * short
    assert long[:, :16].max() == long[:, -16:].max() == 0  # within the margins
    assert item.SetProperty("StyledText", 5) is False
    assert "must be a text" in str(failure.last())
    generator = empty.InsertGeneratorIntoTimeline("Window")
    assert generator.SetProperty("StyledText", "x") is False
    assert "no title" in str(failure.last())
    again = restart().GetProjectManager()
    assert again.LoadProject("probe"), failure.last()
    kept = again.GetCurrentProject().GetCurrentTimeline().GetItemListInTrack("video", 1)
    assert kept[0].GetProperty("StyledText").startswith("Grüße, мир")


def test_letters_that_the_font_lacks_are_refused_and_not_drawn_as_boxes(
    project: Any, empty: Any, tmp_path: Path
) -> None:
    """The reason names them."""
    item = empty.InsertTitleIntoTimeline("Text")
    assert item.SetProperty("StyledText", "日本")
    assert empty.SetCurrentTimecode("01:00:01:00")
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "x.png")) is False
    assert "no glyph for '日', '本'" in str(failure.last())


def test_a_scroll_comes_from_below_and_leaves_above(project: Any, empty: Any, tmp_path: Path) -> None:
    """At a quarter of its time the letters stand in the lower half, at three quarters in the upper."""
    assert empty.InsertTitleIntoTimeline("Scroll")
    rows = []
    for code in ("01:00:01:06", "01:00:03:18"):
        assert empty.SetCurrentTimecode(code)
        rows.append(numpy.flatnonzero(frame_of(project, tmp_path).max(axis=(1, 2)) > 128).mean())
    assert rows[0] > 100
    assert rows[1] < 80


def test_a_title_lies_over_what_is_below_and_obeys_its_properties(
    project: Any, pool: Any, empty: Any, tmp_path: Path
) -> None:
    """White letters on a grey pattern; Tilt moves them and Opacity takes them away; no pixel beside them changes."""
    assert empty.InsertGeneratorIntoTimeline("Grey Scale")
    assert empty.AddTrack("video")
    for kind, track in (("video", 1), ("audio", 1)):
        assert empty.SetTrackLock(kind, track, True)
    assert empty.SetCurrentTimecode("01:00:00:00")
    title = empty.InsertTitleIntoTimeline("Text")
    assert title, failure.last()
    assert empty.SetCurrentTimecode("01:00:01:00")
    shown = frame_of(project, tmp_path)
    assert shown[80:100, :160].max() > 250  # letters where the ramp is darker than 128
    assert title.SetProperty("Tilt", 60.0)
    moved = frame_of(project, tmp_path)
    assert moved[80:100, :160].max() < 130
    assert title.SetProperty("Opacity", 0.0)
    plain = frame_of(project, tmp_path)
    assert abs(plain[:, 60] - plain[0, 60]).max() == 0


def test_a_clip_beside_a_generator_dissolves_into_it(project: Any, pool: Any, timeline: Any, item: Any) -> None:
    """A generator has pictures without end: a transition needs no handle of it."""
    assert timeline.SetCurrentTimecode("01:00:02:00")
    assert timeline.InsertGeneratorIntoTimeline("Window")
    options = {"type": "Cross Dissolve", "category": "simple", "position": "end", "alignment": "left", "duration": 10}
    assert item.AddTransition(options), failure.last()


def test_clips_of_a_project_are_unaffected(pool: Any, timeline: Any) -> None:
    """A duplicate keeps generators and titles with their words."""
    assert timeline.InsertTitleIntoTimeline("Scroll").SetProperty("StyledText", "the end")
    copy = timeline.DuplicateTimeline("copy")
    assert copy, failure.last()
    (title,) = [one for one in copy.GetItemListInTrack("video", 1) if one.GetType() == "generator"]
    assert title.GetProperty("StyledText") == "the end"
    assert add_clip(path="/media/x.mov")


@pytest.mark.parametrize("kind", ["EXPORT_EDL", "EXPORT_TEXT_CSV"])
def test_a_list_of_events_has_no_place_for_them(resolve: Any, empty: Any, tmp_path: Path, kind: str) -> None:
    """A list without the title would be a wrong cut for whoever reads it, so none is written."""
    assert empty.InsertTitleIntoTimeline("Text")
    assert empty.Export(str(tmp_path / "cut"), getattr(resolve, kind), resolve.EXPORT_NONE) is False
    assert "only 1 generators and titles" in str(failure.last())
    assert not (tmp_path / "cut").exists()
