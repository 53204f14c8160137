"""Putting clips on tracks: every form, and everything that is refused instead of overwriting."""

from __future__ import annotations

from typing import Any

import pytest
from clips import add_clip

from resolve_engine import failure


def rows(timeline: Any) -> list[tuple[str, int, int, int]]:
    """Kind, track, start counted from the timeline's start, and length of every item."""
    return [
        (kind, track, item.GetStart() - timeline.GetStartFrame(), item.GetDuration())
        for kind in ("video", "audio")
        for track in range(1, timeline.GetTrackCount(kind) + 1)
        for item in timeline.GetItemListInTrack(kind, track) or []
    ]


@pytest.fixture
def empty(pool: Any) -> Any:
    """An empty timeline, current."""
    return pool.CreateEmptyTimeline("t")


@pytest.mark.parametrize("form", ["arguments", "list", "infos"])
def test_all_three_forms_place_the_same(pool: Any, empty: Any, clip: Any, form: str) -> None:
    """Clips one after the other, a list of clips, a list of dicts."""
    forms = {"arguments": (clip, clip), "list": ([clip, clip],), "infos": ([{"mediaPoolItem": clip}] * 2,)}
    assert len(pool.AppendToTimeline(*forms[form])) == 2
    assert rows(empty) == [("video", 1, 0, 48), ("video", 1, 48, 48), ("audio", 1, 0, 48), ("audio", 1, 48, 48)]


def test_media_type_picks_picture_or_sound(pool: Any, empty: Any, clip: Any) -> None:
    """1 is picture only, 2 is sound only, on the track that is named."""
    pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 1, "trackIndex": 2}])
    pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 2, "trackIndex": 2}])
    assert rows(empty) == [("video", 2, 0, 48), ("audio", 2, 0, 48)]


def test_a_track_index_alone_is_the_pictures(pool: Any, empty: Any, clip: Any) -> None:
    """The sound goes where the clip's own mapping says, as on 21.1."""
    pool.AppendToTimeline([{"mediaPoolItem": clip, "trackIndex": 2}])
    assert rows(empty) == [("video", 2, 0, 48), ("audio", 1, 0, 48)]


def test_record_frames_count_from_midnight(pool: Any, empty: Any, clip: Any) -> None:
    """They are not clamped: frame 0 lands an hour before the timeline."""
    (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "recordFrame": 86500, "mediaType": 1}])
    assert item.GetStart() == 86500
    (early,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "recordFrame": 0, "mediaType": 1}])
    assert early.GetStart() == 0


def test_the_clips_marks_are_the_range_when_none_is_given(pool: Any, empty: Any, clip: Any) -> None:
    """In and out marks are inclusive."""
    clip.SetMarkInOut(10, 19)
    (item,) = pool.AppendToTimeline([clip])
    assert (item.GetLeftOffset(), item.GetDuration()) == (10, 10)


def test_the_playhead_goes_to_the_end_of_what_was_placed(pool: Any, empty: Any, clip: Any) -> None:
    """As measured."""
    pool.AppendToTimeline([clip])
    assert empty.GetCurrentTimecode() == "01:00:02:00"


def test_a_still_stands_as_long_as_asked(pool: Any, empty: Any) -> None:
    """Five seconds without a range."""
    still = add_clip(path="/m/still.png", kind="still", frames=1, channels=())
    default, asked = pool.AppendToTimeline([still, {"mediaPoolItem": still, "startFrame": 0, "endFrame": 90}])
    assert (default.GetDuration(), asked.GetDuration()) == (120, 90)


REFUSED = [
    ({"startFrame": 48}, "outside"),
    ({"startFrame": 0, "endFrame": 49}, "outside"),
    ({"startFrame": 10, "endFrame": 10}, "less than one frame"),
    ({"startFrame": 20, "endFrame": 10}, "less than one frame"),
    ({"startFrame": -1}, "outside"),
    ({"startFrame": 1.5}, "not a whole number"),
    ({"startFrame": "1"}, "must be a whole number"),
    ({"trackIndex": 0}, "outside"),
    ({"trackIndex": 3, "mediaType": 1}, "no video track 3"),
    ({"mediaType": 3}, "outside"),
    ({"mediaType": "video"}, "must be a whole number"),
    ({"recordFrame": float("nan")}, "outside"),
    ({"recordFrame": 10**30}, "outside"),
    ({"recordframe": 0}, "no key of a clip info"),
    ({"mediaPoolItem": None}, "must be a MediaPoolItem"),
]
"""Clip infos that cannot be placed on an empty timeline with one track of each kind, and what the reason says."""


@pytest.mark.parametrize(("info", "reason"), REFUSED, ids=[str(info) for info, _ in REFUSED])
def test_what_cannot_be_placed_is_refused(pool: Any, empty: Any, clip: Any, info: Any, reason: str) -> None:
    """The answer is a list holding None, the reason names the mistake, the timeline is as before."""
    assert pool.AppendToTimeline([{"mediaPoolItem": clip, **info}]) == [None]
    assert reason in str(failure.last())
    assert rows(empty) == []


@pytest.mark.parametrize("shift", [-47, -1, 0, 1, 47])
def test_an_overlap_is_refused(pool: Any, timeline: Any, clip: Any, shift: int) -> None:
    """Nothing is overwritten, neither by a frame at either end nor by the whole clip."""
    before = rows(timeline)
    assert pool.AppendToTimeline([{"mediaPoolItem": clip, "recordFrame": 86400 + shift, "mediaType": 1}]) == [None]
    assert "overlap 'clip.mov'" in str(failure.last())
    assert rows(timeline) == before


@pytest.mark.parametrize("shift", [-48, 48])
def test_touching_is_no_overlap(pool: Any, timeline: Any, clip: Any, shift: int) -> None:
    """Ranges are half-open."""
    assert all(pool.AppendToTimeline([{"mediaPoolItem": clip, "recordFrame": 86400 + shift}]))


def test_sound_that_would_overlap_refuses_the_picture_too(pool: Any, timeline: Any, clip: Any) -> None:
    """A clip is placed whole or not at all, and the reason says how to place the parts."""
    before = rows(timeline)
    assert pool.AppendToTimeline([{"mediaPoolItem": clip, "recordFrame": 86400, "trackIndex": 2}]) == [None]
    assert "mediaType" in str(failure.last())
    assert rows(timeline) == before


def test_a_locked_track_takes_nothing(pool: Any, empty: Any, clip: Any) -> None:
    """The engine says so where Resolve answers items that are not there."""
    empty.SetTrackLock("video", 1, True)
    assert pool.AppendToTimeline([clip]) == [None]
    assert "locked" in str(failure.last())
    assert rows(empty) == []


def test_each_clip_is_placed_or_not_on_its_own(pool: Any, empty: Any, clip: Any) -> None:
    """A None stands where one could not be placed; the others are there."""
    bad = {"mediaPoolItem": clip, "startFrame": 99}
    first, second, third = pool.AppendToTimeline([clip, bad, clip])
    assert str(failure.last()).startswith("clip 2: ")
    assert second is None
    assert (first.GetStart(), third.GetStart()) == (86400, 86448)


def test_creating_from_clips_is_all_or_none(pool: Any, project: Any, clip: Any) -> None:
    """A clip that cannot be placed leaves no timeline behind, in memory or on disk."""
    assert pool.CreateTimelineFromClips("t", [{"mediaPoolItem": clip}, {"mediaPoolItem": clip, "endFrame": 99}]) is None
    assert project.GetTimelineCount() == 0
    assert len(pool.GetRootFolder().GetClipList()) == 1
    assert clip.GetName() == "clip.mov"


def test_without_a_timeline_nothing_is_appended(pool: Any, clip: Any) -> None:
    """There is nothing to append to."""
    assert pool.AppendToTimeline([clip]) == []
    assert "no current timeline" in str(failure.last())


def test_rippling_closes_the_gap_on_every_track(pool: Any, empty: Any, clip: Any) -> None:
    """What stands right of it moves left by its length, sound too."""
    first, second, _ = pool.AppendToTimeline([clip, clip, clip])
    linked = second.GetLinkedItems()
    assert empty.DeleteClips([second, *linked], True) is True
    assert rows(empty) == [("video", 1, 0, 48), ("video", 1, 48, 48), ("audio", 1, 0, 48), ("audio", 1, 48, 48)]
    assert first.GetLinkedItems() != []


def test_rippling_takes_nothing_away_whole_that_was_not_named(pool: Any, empty: Any, clip: Any) -> None:
    """The sound of a picture lies within the gap: refused with the reason."""
    first, _ = pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": kind} for kind in (1, 2)])
    before = rows(empty)
    assert empty.DeleteClips([first], True) is False
    assert "lies within" in str(failure.last())
    assert rows(empty) == before


@pytest.mark.parametrize(
    ("start", "length", "left"),
    [
        (-24, 16, [(-24, 24), (0, 8)]),
        (-40, 8, [(-40, 40)]),
        (-8, 16, [(-8, 8), (0, 24)]),
        (8, 16, [(0, 40)]),
        (0, 16, [(0, 32)]),
    ],
)
def test_rippling_cuts_the_gap_out_of_what_reaches_into_it(
    pool: Any, empty: Any, clip: Any, start: int, length: int, left: list[tuple[int, int]]
) -> None:
    """A picture of 48 frames stands on the track above, and an item is taken away below it: as measured."""
    (low,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 0, "endFrame": length, "mediaType": 1}])
    info = {"mediaPoolItem": clip, "mediaType": 1, "trackIndex": 2, "recordFrame": 86400 + start}
    (high,) = pool.AppendToTimeline([info])
    assert empty.DeleteClips([low], True), failure.last()
    assert [row[2:] for row in rows(empty)] == left
    found = empty.GetItemListInTrack("video", 2)
    assert high in found
    shown = [number for item in found for number in range(item.GetSourceStartFrame(), item.GetSourceEndFrame() + 1)]
    assert shown == [number for number in range(48) if not 0 <= start + number < length]


def test_linking_and_unlinking(timeline: Any, item: Any) -> None:
    """Unlinked items do not know each other; linked again they do."""
    (sound,) = item.GetLinkedItems()
    assert timeline.SetClipsLinked([item], False) is True
    assert (item.GetLinkedItems(), sound.GetLinkedItems()) == ([], [])
    assert timeline.SetClipsLinked([item, sound], True) is True
    assert sound.GetLinkedItems() == [item]
