"""What a long timeline costs: counted in statements, rows and calls, which are the same on every machine."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from clips import media, restart

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.model import ingest
from resolve_engine.remote import PyRemoteObject

ITEMS, CLIPS = 2_000, 400
"""Of a cost that grows with them many times what `FEW` allows; more show no more, and take longer."""
LENGTH = 10
FEW = 16
"""Statements of one edit: a transaction, the project's row, shifts of some tracks, and two for each row."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile, each statement once for every row it is run for."""
    connection = application.start().database._connection
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    yield asked
    connection.set_trace_callback(None)


def calls(work: Callable[[], Any]) -> int:
    """How many Python functions are entered."""
    counted: Counter[str] = Counter()
    sys.setprofile(lambda frame, event, argument: counted.update((event,)))
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted["call"]


def clip_handles(count: int) -> list[PyRemoteObject]:
    """Clips in the current folder, without files."""
    app = application.start()
    made = [ingest.new_clip(app.project, media(f"/media/{number}.mov"), 0.0) for number in range(count)]
    app.flush()
    return [PyRemoteObject("MediaPoolItem", clip.id, app.opening) for clip in made]


def append(pool: Any, clips: list[PyRemoteObject], pairs: int) -> None:
    """Put clips on the current timeline, picture and sound, one after the other."""
    infos = [{"mediaPoolItem": clips[n % len(clips)], "startFrame": 0, "endFrame": LENGTH} for n in range(pairs)]
    assert None not in pool.AppendToTimeline(infos), failure.last()


@pytest.fixture
def long(pool: Any) -> Any:
    """A timeline of 1,000 pictures, each linked with its sound, of 400 clips."""
    made = pool.CreateEmptyTimeline("long")
    append(pool, clip_handles(CLIPS), ITEMS // 2)
    return made


def layout(timeline: Any) -> dict[str, list[tuple[str, int, int]]]:
    """Every track's items: id, first frame and the frame after the last."""
    return {
        f"{kind} {number}": [
            (item.GetUniqueId(), item.GetStart(), item.GetEnd())
            for item in timeline.GetItemListInTrack(kind, number) or []
        ]
        for kind in ("video", "audio", "subtitle")
        for number in range(1, timeline.GetTrackCount(kind) + 1)
    }


def test_a_bulk_append_is_one_transaction_and_grows_with_its_items(pool: Any) -> None:
    """One commit, two rows an item; the second thousand costs as many calls as the first."""
    pool.CreateEmptyTimeline("long")
    clips = clip_handles(10)
    with statements() as asked:
        append(pool, clips, 500)
    assert sum(one == "COMMIT" for one in asked) == 1
    assert len(asked) <= 2 * 1000 + FEW
    first, second = (calls(lambda: append(pool, clips, 500)) for _ in range(2))
    assert second <= first * 1.05
    assert second <= 80 * 1000


def test_listing_asks_the_database_nothing(long: Any) -> None:
    """At most three calls an item."""
    with statements() as asked:
        entered = calls(lambda: long.GetItemListInTrack("video", 1))
    assert asked == []
    assert entered <= 3 * ITEMS // 2 + 100


def test_reading_speeds_and_links_looks_at_no_other_item(pool: Any) -> None:
    """As many calls an item on a timeline of four times as many; each has its one partner."""
    spent = []
    clips = clip_handles(10)
    for pairs in (250, 1000):
        timeline = pool.CreateEmptyTimeline(f"{pairs} pairs")
        append(pool, clips, pairs)
        items = [item for kind in ("video", "audio") for item in timeline.GetItemListInTrack(kind, 1)]
        speeds = calls(lambda items=items: [item.GetSpeed() for item in items])
        links = calls(lambda items=items: [item.GetLinkedItems() for item in items])
        spent.append((speeds / len(items), links / len(items)))
        partners = [*items[pairs:], *items[:pairs]]
        assert [item.GetLinkedItems() for item in items] == [[partner] for partner in partners]
    (speeds_few, links_few), (speeds_many, links_many) = spent
    assert speeds_many <= speeds_few * 1.05
    assert links_many <= links_few * 1.05


def linked_pair(long: Any) -> tuple[Any, Any]:
    """The picture and the sound in the middle."""
    return tuple(long.GetItemListInTrack(kind, 1)[ITEMS // 4] for kind in ("video", "audio"))  # type: ignore[return-value]


EDITS: dict[str, Callable[[Any, Any], Any]] = {
    "a property": lambda long, pair: pair[0].SetProperty("Pan", 3.0),
    "a marker": lambda long, pair: pair[0].AddMarker(1, "Blue", "n", "", 1),
    "a deletion": lambda long, pair: long.DeleteClips(list(pair)),
    "a deletion that ripples": lambda long, pair: long.DeleteClips(list(pair), True),
    "a speed": lambda long, pair: pair[0].SetSpeed({"Percentage": 200}),
    "a speed that ripples": lambda long, pair: pair[0].SetSpeed({"Percentage": 200, "RippleTimeline": True}),
    "a title": lambda long, pair: (
        long.SetCurrentTimecode("01:03:00:00") and long.InsertTitleIntoTimeline("Text")  # inside the timeline
    ),
    "links": lambda long, pair: long.SetClipsLinked(list(pair), False),
    "a compound clip": lambda long, pair: long.CreateCompoundClip([pair[0]]),
    "a clip's metadata": lambda long, pair: pair[0].GetMediaPoolItem().SetMetadata("Comments", "x"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_in_the_middle_writes_few_rows(long: Any, name: str) -> None:
    """However many items stand behind it; and what is on disk is what is in memory."""
    pair = linked_pair(long)
    with statements() as asked:
        assert EDITS[name](long, pair), failure.last()
    most = 4 * FEW if name == "a compound clip" else 2 * FEW if name == "a title" else FEW
    assert len([one for one in asked if not one.startswith("SELECT")]) <= most, asked
    before = layout(long)
    again = restart().GetCurrentProject().GetCurrentTimeline()
    assert layout(again) == before


def test_a_ripple_moves_transitions_and_leaves_locked_tracks(long: Any) -> None:
    """On disk as in memory: an item on a locked track stays, a transition goes with its sides, one before it stays."""
    pictures = long.GetItemListInTrack("video", 1)
    middle = ITEMS // 4
    dissolve = {
        "type": "Cross Dissolve",
        "category": "simple",
        "position": "start",
        "alignment": "right",
        "duration": 2,
    }
    for picture in (pictures[middle - 9], pictures[middle + 9]):
        assert picture.AddTransition(dissolve), failure.last()
    assert long.SetTrackLock("audio", 1, True)
    before = layout(long)
    gone = pictures[middle].GetUniqueId()
    assert long.DeleteClips([pictures[middle]], True), failure.last()
    after = layout(long)
    gap = next(at for at, row in enumerate(before["video 1"]) if row[0] == gone)
    assert after["audio 1"] == before["audio 1"]
    assert after["video 1"][:gap] == before["video 1"][:gap]
    assert after["video 1"][gap:] == [
        (id, start - LENGTH, end - LENGTH) for id, start, end in before["video 1"][gap + 1 :]
    ]
    assert layout(restart().GetCurrentProject().GetCurrentTimeline()) == after


def test_a_ripple_under_many_transitions_writes_few_rows(pool: Any) -> None:
    """A dissolve on every cut moves with its sides, in the one statement that moves them."""
    made = pool.CreateEmptyTimeline("dissolves")
    (clip,) = clip_handles(1)
    infos = [{"mediaPoolItem": clip, "mediaType": 1, "startFrame": 10, "endFrame": 20} for _ in range(400)]
    items = pool.AppendToTimeline(infos)
    dissolve = {"type": "Cross Dissolve", "category": "simple", "position": "end", "alignment": "center", "duration": 4}
    assert all(item.AddTransition(dissolve) for item in items[:-1]), failure.last()
    with statements() as asked:
        assert made.DeleteClips([items[100]], True), failure.last()
    assert len(asked) <= 2 * FEW, asked
    after = layout(made)
    assert len(after["video 1"]) == 399 + 397  # two dissolves stood on the edges of what was deleted
    assert layout(restart().GetCurrentProject().GetCurrentTimeline()) == after
