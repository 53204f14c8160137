"""Compound clips: what is folded, where it stands, what it shows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from clips import restart
from generate import codes, film
from test_placing import rows
from test_render_api import finish, queue

from resolve_engine import failure


def all_items(timeline: Any) -> list[Any]:
    """Of the first picture track and the first sound track."""
    return [item for kind in ("video", "audio") for item in timeline.GetItemListInTrack(kind, 1) or []]


def test_items_become_one(project: Any, pool: Any, timeline: Any, clip: Any) -> None:
    """At their place, with their sound; its clip is a Compound without a timeline that could be listed."""
    pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 0, "endFrame": 10}])
    made = timeline.CreateCompoundClip(all_items(timeline), {"name": "folded", "startTimecode": "02:00:00:00"})
    assert made, failure.last()
    assert (made.GetName(), rows(timeline)) == ("folded", [("video", 1, 0, 58), ("audio", 1, 0, 58)])
    stands_for = made.GetMediaPoolItem()
    assert (stands_for.GetClipProperty("Type"), stands_for.GetTimeline()) == ("Compound", None)
    assert stands_for.GetClipProperty("Start TC") == "02:00:00:00"
    assert project.GetTimelineCount() == 1
    again = restart().GetProjectManager().LoadProject("probe").GetCurrentTimeline()
    assert rows(again) == [("video", 1, 0, 58), ("audio", 1, 0, 58)]


def test_only_what_is_named_is_folded(timeline: Any, item: Any) -> None:
    """The sound that was linked with the picture stays, linked with nothing."""
    made = timeline.CreateCompoundClip([item])
    assert (made.GetName(), made.GetType(), made.GetLinkedItems()) == ("Compound Clip 1", "video", [])
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    assert (sound.GetName(), sound.GetLinkedItems()) == ("clip.mov", [])
    assert item.GetName() is None


def test_it_can_be_placed_again_and_not_into_itself(pool: Any, timeline: Any) -> None:
    """Its clip is used like any other."""
    made = timeline.CreateCompoundClip(all_items(timeline))
    (again,) = pool.AppendToTimeline([made.GetMediaPoolItem()])
    assert (again.GetStart() - 86400, again.GetDuration()) == (48, 48)


@pytest.mark.parametrize("info", [{"named": "x"}, {"name": ""}, {"startTimecode": "1"}, "x"])
def test_what_cannot_be_folded_is_refused(timeline: Any, item: Any, info: Any) -> None:
    """None, a reason, and the timeline as before."""
    assert timeline.CreateCompoundClip([item], info) is None
    assert failure.last()
    assert rows(timeline) == [("video", 1, 0, 48), ("audio", 1, 0, 48)]


def test_what_stands_between_stops_it(pool: Any, timeline: Any, clip: Any) -> None:
    """The first and the third of three cannot become one while the second stands there."""
    pool.AppendToTimeline([clip, clip])
    first, _, third = timeline.GetItemListInTrack("video", 1)
    assert timeline.CreateCompoundClip([first, third]) is None
    assert "overlap" in str(failure.last())
    assert len(rows(timeline)) == 6


def test_it_is_rendered_with_its_transition(project: Any, pool: Any, tmp_path: Path) -> None:
    """Frame n of the film shows the number n; the cut inside is a dissolve of two frames."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    (source,) = pool.ImportMedia([str(film(tmp_path / "codes.mov", Fraction(24), 48))])
    timeline = pool.CreateEmptyTimeline("t")
    for start, end in ((5, 10), (30, 35)):
        pool.AppendToTimeline([{"mediaPoolItem": source, "startFrame": start, "endFrame": end}])
    options = {"type": "Cross Dissolve", "category": "simple", "position": "end", "alignment": "center", "duration": 2}
    assert timeline.GetItemListInTrack("video", 1)[0].AddTransition(options), failure.last()
    assert timeline.CreateCompoundClip(timeline.GetItemListInTrack("video", 1)), failure.last()
    assert len(timeline.GetItemListInTrack("video", 1)) == 1
    job = queue(project, tmp_path, "out")
    assert project.StartRendering(job), failure.last()
    assert finish(project, job)["JobStatus"] == "Complete", project.GetRenderJobStatus(job)
    seen = codes(tmp_path / "out.mkv")
    assert seen[:4] + seen[6:] == [5, 6, 7, 8, 31, 32, 33, 34]
