"""Timelines that stand as clips on other timelines: where they are placed, what they show, what they sound like."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import codes, film, heard
from test_render_api import finish, queue

from resolve_engine import failure


def clip_of(timeline: Any) -> Any:
    """The media pool clip that stands for a timeline."""
    return timeline.GetMediaPoolItem()


@pytest.fixture
def outer(pool: Any, timeline: Any) -> Any:
    """An empty timeline, current, beside `cut`."""
    return pool.CreateEmptyTimeline("outer")


def test_a_timeline_stands_as_one_clip_with_its_sound(pool: Any, timeline: Any, outer: Any) -> None:
    """One item of picture, one of sound, as long as the timeline is; both name the timeline's clip."""
    (item,) = pool.AppendToTimeline([clip_of(timeline)])
    assert (item.GetStart(), item.GetDuration(), item.GetName()) == (86400, 48, "cut")
    assert item.GetMediaPoolItem().GetUniqueId() == clip_of(timeline).GetUniqueId()
    (sound,) = item.GetLinkedItems()
    assert (sound.GetTrackTypeAndIndex(), sound.GetDuration()) == (["audio", 1], 48)


def test_a_range_of_it_counts_from_its_first_frame(pool: Any, timeline: Any, outer: Any) -> None:
    """Frames 10 to 20, exclusive; the offsets are what is left of the 48 on each side."""
    (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip_of(timeline), "startFrame": 10, "endFrame": 20}])
    assert (item.GetDuration(), item.GetLeftOffset(), item.GetRightOffset()) == (10, 10, 28)
    assert (item.GetSourceStartFrame(), item.GetSourceEndFrame()) == (10, 19)
    assert item.GetSourceStartTime() == 3600 + 10 / 24


def test_it_follows_the_timeline_that_it_shows(project: Any, pool: Any, clip: Any, timeline: Any, outer: Any) -> None:
    """What is appended to the inner timeline can be used at once."""
    project.SetCurrentTimeline(timeline)
    pool.AppendToTimeline([clip])
    project.SetCurrentTimeline(outer)
    (item,) = pool.AppendToTimeline([clip_of(timeline)])
    assert item.GetDuration() == 96


def test_a_timeline_cannot_show_itself(project: Any, pool: Any, timeline: Any, outer: Any) -> None:
    """Neither at once nor through another."""
    pool.AppendToTimeline([clip_of(timeline)])
    assert pool.AppendToTimeline([clip_of(outer)]) == [None]
    project.SetCurrentTimeline(timeline)
    assert pool.AppendToTimeline([clip_of(outer)]) == [None]
    assert "shows itself" in str(failure.last())


def test_an_empty_timeline_is_no_clip(pool: Any, outer: Any) -> None:
    """There is no frame to place."""
    pool.CreateEmptyTimeline("other")
    assert pool.AppendToTimeline([clip_of(outer)]) == [None]
    assert "is empty" in str(failure.last())


def test_a_nested_timeline_is_not_deleted(pool: Any, timeline: Any, outer: Any) -> None:
    """The one that shows it would lose its picture."""
    pool.AppendToTimeline([clip_of(timeline)])
    assert pool.DeleteTimelines([timeline]) is False
    assert "is used on the timeline 'outer'" in str(failure.last())


@pytest.fixture
def small(project: Any, tmp_path: Path) -> Path:
    """A project of small pictures, and a film in which frame n shows the number n, with a tone."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    return film(tmp_path / "codes.mov", Fraction(24), 48, sound="tone", sound_codec="pcm_s16le")


def test_it_is_rendered_frame_by_frame(project: Any, pool: Any, small: Path, tmp_path: Path) -> None:
    """Two cuts, nested two deep with an offset, come out as the very source frames, with their sound."""
    (source,) = pool.ImportMedia([str(small)])
    inner = pool.CreateEmptyTimeline("inner")
    for start, end in ((5, 15), (30, 40)):
        assert pool.AppendToTimeline([{"mediaPoolItem": source, "startFrame": start, "endFrame": end}]) != [None]
    middle = pool.CreateEmptyTimeline("middle")
    assert pool.AppendToTimeline([clip_of(inner)]) != [None]
    pool.CreateEmptyTimeline("top")
    assert pool.AppendToTimeline([{"mediaPoolItem": clip_of(middle), "startFrame": 4, "endFrame": 16}]) != [None]
    job = queue(project, tmp_path, "out")
    assert project.StartRendering(job), failure.last()
    assert finish(project, job)["JobStatus"] == "Complete", failure.last()
    assert codes(tmp_path / "out.mkv") == [9, 10, 11, 12, 13, 14, 30, 31, 32, 33, 34, 35]
    nested, _ = heard(tmp_path / "out.mkv")
    original, _ = heard(small)
    numpy.testing.assert_allclose(nested[:8000, 0], original[18000:26000, 0], atol=2e-4)


def test_what_it_does_not_cover_is_transparent(project: Any, pool: Any, small: Path, tmp_path: Path) -> None:
    """A zoomed picture on the inner timeline lets the track under it be seen around it."""
    from PIL import Image

    (source,) = pool.ImportMedia([str(small)])
    white = tmp_path / "white.png"
    Image.new("RGB", (320, 180), "white").save(white)
    (still,) = pool.ImportMedia([str(white)])
    inner = pool.CreateEmptyTimeline("inner")
    (picture,) = pool.AppendToTimeline([{"mediaPoolItem": source, "mediaType": 1}])
    picture.SetProperties({"ZoomX": 0.5, "ZoomY": 0.5})
    pool.CreateEmptyTimeline("top")
    assert pool.AppendToTimeline([{"mediaPoolItem": still, "startFrame": 0, "endFrame": 24}]) != [None]
    over = {"mediaPoolItem": clip_of(inner), "mediaType": 1, "trackIndex": 2, "recordFrame": 86400, "endFrame": 24}
    assert pool.AppendToTimeline([{**over, "startFrame": 0}]) != [None], failure.last()
    project.GetCurrentTimeline().SetCurrentTimecode("01:00:00:07")
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "look.png")), failure.last()
    look = numpy.asarray(Image.open(tmp_path / "look.png").convert("RGB"))
    assert look[:40].min() > 250
    assert look[60:120, 90:230].min() < 60
