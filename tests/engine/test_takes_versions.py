"""Takes and grade versions: what an item shows instead, and which grade it has."""

from __future__ import annotations

from typing import Any

import pytest
from clips import add_clip, restart

from resolve_engine import failure


@pytest.fixture
def other(project: Any) -> Any:
    """A clip of 100 frames."""
    return add_clip(path="/media/other.mov", frames=100)


def test_the_first_take_is_what_the_item_shows(item: Any, clip: Any, other: Any) -> None:
    """Adding one makes two, and changes nothing that is seen."""
    assert (item.GetTakesCount(), item.GetSelectedTakeIndex()) == (0, 0)
    assert item.AddTake(other, 30, 90), failure.last()
    assert (item.GetTakesCount(), item.GetSelectedTakeIndex(), item.GetName()) == (2, 1, "clip.mov")
    assert item.GetTakeByIndex(1) == {"startFrame": 0, "endFrame": 48, "mediaPoolItem": clip}
    assert item.GetTakeByIndex(2) == {"startFrame": 30, "endFrame": 90, "mediaPoolItem": other}


def test_a_take_is_shown_at_the_items_place_and_length(item: Any, other: Any) -> None:
    """And another one again; finalising keeps what is shown, on disk, too."""
    item.AddTake(other, 30, 90)
    assert item.SelectTakeByIndex(2) is True
    assert (item.GetName(), item.GetStart(), item.GetDuration(), item.GetLeftOffset()) == ("other.mov", 86400, 48, 30)
    assert item.SelectTakeByIndex(1) is True
    assert (item.GetName(), item.GetLeftOffset()) == ("clip.mov", 0)
    item.SelectTakeByIndex(2)
    again = restart().GetProjectManager().LoadProject("probe").GetCurrentTimeline().GetItemListInTrack("video", 1)[0]
    assert (again.GetTakesCount(), again.GetSelectedTakeIndex(), again.GetTakeByIndex(2)["endFrame"]) == (2, 2, 90)
    assert again.FinalizeTake() is True
    assert (again.GetTakesCount(), again.GetSelectedTakeIndex(), again.GetName()) == (0, 0, "other.mov")


def test_takes_are_removed_but_for_the_one_shown(item: Any, other: Any) -> None:
    """The number of the one shown follows."""
    item.AddTake(other, 0, 60)
    item.AddTake(other, 20, 80)
    item.SelectTakeByIndex(3)
    assert item.DeleteTakeByIndex(3) is False
    assert item.DeleteTakeByIndex(1) is True
    assert (item.GetTakesCount(), item.GetSelectedTakeIndex(), item.GetTakeByIndex(2)["startFrame"]) == (2, 2, 20)


@pytest.mark.parametrize(
    ("first", "after", "reason"),
    [(0, 101, "no stretch"), (5, 5, "no stretch"), (60, 90, "40 frames from frame 60"), (-1, 5, "outside")],
)
def test_a_take_that_cannot_be_shown_is_refused(item: Any, other: Any, first: int, after: int, reason: str) -> None:
    """False, the reason, and no takes."""
    assert item.AddTake(other, first, after) is False
    assert reason in str(failure.last())
    assert item.GetTakesCount() == 0


def test_a_take_is_not_added_twice(item: Any, clip: Any) -> None:
    """What the item shows is its take 1 already."""
    assert item.AddTake(clip) is False
    assert "take 1 already" in str(failure.last())


def test_takes_read_as_none_off_the_current_timeline(pool: Any, item: Any, other: Any) -> None:
    """As in Resolve."""
    item.AddTake(other, 0, 60)
    pool.CreateEmptyTimeline("other")
    assert (item.GetTakesCount(), item.GetSelectedTakeIndex()) == (0, 0)


def test_a_clip_that_is_a_take_is_not_deleted(pool: Any, item: Any, other: Any) -> None:
    """The take would show nothing."""
    item.AddTake(other, 0, 60)
    assert pool.DeleteClips([other]) is False
    assert "is used" in str(failure.last())


def saturation(item: Any, value: str) -> None:
    """Grade an item so that it can be told from the others."""
    cdl = {"NodeIndex": "1", "Slope": "1 1 1", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": value}
    assert item.SetCDL(cdl), failure.last()


def graded(item: Any) -> float:
    """The saturation of an item's grade, out of the model."""
    from resolve_engine.api import application

    cdl = application.start().project.items[item.GetUniqueId()].nodes[0].cdl
    return 1.0 if cdl is None else cdl.saturation


def test_local_versions_keep_a_grade_each(item: Any) -> None:
    """A new one begins as the one before it; each remembers what was done to it."""
    assert (item.GetVersionNameList(0), item.GetCurrentVersion()["versionName"]) == (["Version 1"], "Version 1")
    saturation(item, "0.5")
    assert item.AddVersion("warm", 0) is True
    assert graded(item) == 0.5
    saturation(item, "2")
    assert item.LoadVersionByName("Version 1", 0) is True
    assert graded(item) == 0.5
    saturation(item, "0.25")
    assert item.LoadVersionByName("warm", 0) is True
    assert graded(item) == 2.0
    item.LoadVersionByName("Version 1", 0)
    assert graded(item) == 0.25
    assert item.GetVersionNameList(0) == ["Version 1", "warm"]
    assert item.GetVersionNames(0) == {1.0: "Version 1", 2.0: "warm"}
    again = restart().GetProjectManager().LoadProject("probe").GetCurrentTimeline().GetItemListInTrack("video", 1)[0]
    assert again.LoadVersionByName("warm", 0) is True
    assert graded(again) == 2.0


def test_remote_versions_are_shared_by_the_items_of_a_clip(pool: Any, item: Any, clip: Any) -> None:
    """A grade on one shows on the other while both use it, through the graph, too."""
    (second,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 1}])
    saturation(item, "0.5")
    assert item.AddVersion("shared", 1) is True
    assert item.GetCurrentVersion() == {"versionName": "shared", "versionType": 1}
    assert second.LoadVersionByName("shared", 1) is True
    assert graded(second) == 0.5
    saturation(second, "3")
    assert graded(item) == 3.0
    item.GetNodeGraph().ResetAllGrades()
    assert graded(second) == 1.0
    assert second.LoadVersionByName("Version 1", 0) is True
    saturation(item, "4")
    assert (graded(item), graded(second)) == (4.0, 1.0)
    item.LoadVersionByName("Version 1", 0)
    assert graded(item) == 0.5


def test_versions_are_renamed_and_removed(item: Any) -> None:
    """The one in use keeps its use under its new name and cannot be removed."""
    item.AddVersion("a", 0)
    assert item.RenameVersionByName("a", "b", 0) is True
    assert item.GetCurrentVersion() == {"versionName": "b", "versionType": 0}
    assert item.DeleteVersionByName("b", 0) is False
    assert "in use" in str(failure.last())
    assert item.DeleteVersionByName("Version 1", 0) is True
    assert item.GetVersionNameList(0) == ["b"]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("AddVersion", ("Version 1", 0)),
        ("AddVersion", ("", 0)),
        ("AddVersion", ("x", 2)),
        ("LoadVersionByName", ("none", 0)),
        ("RenameVersionByName", ("none", "x", 0)),
        ("RenameVersionByName", ("Version 1", "Version 1", 0)),
        ("DeleteVersionByName", ("none", 1)),
    ],
)
def test_what_cannot_be_done_to_a_version_is_refused(item: Any, method: str, arguments: Any) -> None:
    """False, a reason, one version."""
    assert getattr(item, method)(*arguments) is False
    assert failure.last()
    assert item.GetVersionNameList(0) == ["Version 1"]


def test_a_take_of_a_slow_source_ends_within_it(project: Any, item: Any) -> None:
    """48 frames at 24 fps show 12.5 frames of a source of 6.25 fps, the last for half of its time: 13 are needed; of 12
    the frame behind the last would be shown."""
    slow = add_clip(path="/media/slow.mov", frames=30, rate=(25, 4))
    assert item.AddTake(slow, 18) is False
    assert "12 frames from frame 18 on, and 'clip.mov' needs 13" in str(failure.last())
    assert item.AddTake(slow, 17), failure.last()
    assert item.SelectTakeByIndex(2)
    assert item.GetSourceEndFrame() == 29
