"""Random timelines, built and edited through the API: every frame that can be read is what the rules say.

`frames_reference` keeps the rules. Each edit is made in both; both must take it or refuse it, and agree afterwards.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

from clips import add_clip, restart
from frames_reference import RATES, Clock, Piece, Reference, Row, Source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolve_engine import failure

STARTS = ("01:00:00:00", "00:00:00:00", "09:59:58:10", "00:00:59:20")
KINDS = ("video", "audio")

sources = st.tuples(
    st.sampled_from(sorted(RATES)), st.integers(20, 300), st.sampled_from(STARTS), st.sampled_from([0, 0, 1, 2])
)
"""Rate, frames, start timecode, sounds."""
number = st.integers(0, 11)
"""Names one of what there is: a source, a track, an item."""
share = st.integers(0, 100)
appends = st.tuples(
    st.just("append"),
    number,
    share,
    share,
    st.sampled_from([None, None, -40, -1, 0, 1, 25, 400]),
    st.integers(1, 3),
    st.sampled_from([0, 0, 1, 2]),
)
"""A source; where its range begins and how much of the rest it takes; how far from the end of the timeline it is to
stand (None: no place is named); a track; a media type (0: none is named)."""
edits = st.one_of(
    st.tuples(st.just("speed"), number, st.sampled_from([100, 50, 200, -100, 37.5, -40, 110.1, 0]), st.booleans()),
    st.tuples(st.just("delete"), st.lists(number, min_size=1, max_size=3, unique=True), st.booleans(), st.booleans()),
    st.tuples(st.just("link"), st.lists(number, min_size=1, max_size=3, unique=True), st.booleans()),
    st.tuples(st.just("lock"), st.sampled_from(KINDS), number, st.sampled_from([True, False, False])),
    st.tuples(st.just("track"), st.sampled_from(KINDS), number, st.booleans()),
    st.tuples(st.just("enable"), number, st.booleans()),
    st.tuples(st.just("take"), number, number, st.sampled_from([-30, -1, 0, 0, 1])),
    st.tuples(st.just("playhead"), st.integers(0, 700)),
    st.tuples(st.just("insert")),
    st.tuples(st.just("start"), st.sampled_from(STARTS)),
)
plans = st.tuples(
    st.lists(appends, min_size=2, max_size=6), st.lists(st.one_of(appends, edits), min_size=1, max_size=12)
).map(lambda parts: [*parts[0], *parts[1]])
"""Something stands there before it is changed."""


class Both:
    """A timeline of the engine and its reference; each edit answers whether the engine did it and whether it should."""

    def __init__(self, resolve: Any, name: str, rate: str, start: str, given: list[Any]) -> None:
        self.setting = rate
        self.project = resolve.GetProjectManager().CreateProject(name)
        assert self.project.SetSetting("timelineFrameRate", rate), failure.last()
        self.pool = self.project.GetMediaPool()
        self.timeline = self.pool.CreateEmptyTimeline("t")
        assert self.timeline.SetStartTimecode(start), failure.last()
        resolve.OpenPage("edit")
        self.reference = Reference(rate, start)
        self.sources, self.clips = zip(*(self.source(index, *one) for index, one in enumerate(given)), strict=True)

    @staticmethod
    def source(index: int, rate: str, frames: int, start: str, sounds: int) -> tuple[Source, Any]:
        """A source for both."""
        exact = RATES[rate]
        text = start.replace(":", ";") if rate.endswith("DF") else start
        clip = add_clip(
            path=f"/m/{index}.mov",
            frames=frames,
            rate=(exact.numerator, exact.denominator),
            channels=(1,) * sounds,
            start_timecode=text,
        )
        return Source(exact, frames, Clock.at(rate).frames(start), sounds), clip

    def pairs(self) -> list[tuple[Any, Piece, Row, int]]:
        """Item, piece, track and its number of everything that stands there, in order."""
        found = []
        for kind in KINDS:
            assert self.timeline.GetTrackCount(kind) == len(self.reference.rows[kind])
            for index, row in enumerate(self.reference.rows[kind], 1):
                items = self.timeline.GetItemListInTrack(kind, index) or []
                assert len(items) == len(row.pieces)
                found += [(item, piece, row, index) for item, piece in zip(items, row.pieces, strict=True)]
        return found

    def append(self, index: int, low: int, part: int, gap: int | None, track: int, media: int) -> tuple[bool, bool]:
        source, clip = self.sources[index % len(self.sources)], self.clips[index % len(self.clips)]
        first, after = stretch(source, low, part)
        info = {"mediaPoolItem": clip, "startFrame": first, "endFrame": after}
        reference = self.reference
        record = None if gap is None else reference.start + reference.end + gap
        if record is not None:
            info["recordFrame"] = record
        picture, sound = media != 2, media != 1
        if (rows := len(reference.rows["video" if picture else "audio"])) < track:
            track = rows + 1
        info["trackIndex"] = track
        if media:
            info["mediaType"] = media
        (item,) = self.pool.AppendToTimeline([info])
        return item is not None, reference.append(source, first, after, record, track, picture, sound)

    def speed(self, index: int, percent: float, ripple: bool) -> tuple[bool, bool]:
        item, piece, _, _ = self._one(index)
        done = item.SetSpeed({"Percentage": percent, "RippleTimeline": ripple})
        if percent:
            return done, self.reference.retime(piece, Fraction(str(percent)) / 100, ripple)
        return done, not ripple and self.reference.hold(piece)

    def take(self, index: int, source: int, beyond: int) -> tuple[bool, bool]:
        """Add a take that begins about where its source just fills the item, show it and keep it."""
        item, piece, _, _ = self._one(index)
        shown = self.sources[source % len(self.sources)]
        first = shown.frames - floor(piece.length * shown.rate / self.reference.rate) + beyond
        first, after = min(max(first, 0), shown.frames - 1), shown.frames
        done = item.AddTake(self.clips[source % len(self.clips)], first, after)
        if done:
            assert item.SelectTakeByIndex(2), failure.last()
            assert item.FinalizeTake(), failure.last()
            assert item.GetSourceEndFrame() < shown.frames
        return done, self.reference.take(piece, shown, first, after)

    def delete(self, indices: list[int], ripple: bool, linked: bool) -> tuple[bool, bool]:
        chosen = [self._one(index) for index in indices]
        pieces = [piece for _, piece, _, _ in chosen]
        if linked:
            pieces = [other for piece in pieces for other in self.reference.linked(piece)]
        pieces = list(dict.fromkeys(pieces))
        items = [item for item, piece, _, _ in self.pairs() if piece in pieces]
        return self.timeline.DeleteClips(items, ripple), self.reference.delete(pieces, ripple)

    def link(self, indices: list[int], linked: bool) -> tuple[bool, bool]:
        chosen = list({id(one[1]): one for one in map(self._one, indices)}.values())
        pieces = [piece for _, piece, _, _ in chosen]
        if linked:
            self.reference.link(pieces)
        else:
            for piece in pieces:
                self.reference.unlink(piece)
        return self.timeline.SetClipsLinked([item for item, _, _, _ in chosen], linked), True

    def lock(self, kind: str, index: int, locked: bool) -> tuple[bool, bool]:
        place = index % len(self.reference.rows[kind])
        self.reference.rows[kind][place].locked = locked
        return self.timeline.SetTrackLock(kind, place + 1, locked), True

    def track(self, kind: str, index: int, enabled: bool) -> tuple[bool, bool]:
        place = index % len(self.reference.rows[kind])
        self.reference.rows[kind][place].enabled = enabled
        return self.timeline.SetTrackEnable(kind, place + 1, enabled), True

    def enable(self, index: int, enabled: bool) -> tuple[bool, bool]:
        item, piece, _, _ = self._one(index)
        piece.enabled = enabled
        return item.SetClipEnabled(enabled), True

    def playhead(self, frame: int) -> tuple[bool, bool]:
        self.reference.playhead = frame
        text = self.reference.clock.text(self.reference.start + frame)
        return self.timeline.SetCurrentTimecode(text), True

    def insert(self) -> tuple[bool, bool]:
        item = self.timeline.InsertGeneratorIntoTimeline("Solid Color")
        return item is not None, self.reference.insert(floor(5 * self.reference.rate))

    def start(self, text: str) -> tuple[bool, bool]:
        self.reference.start = self.reference.clock.frames(text)
        return self.timeline.SetStartTimecode(text), True

    def _one(self, index: int) -> tuple[Any, Piece, Row, int]:
        pairs = self.pairs()
        return pairs[index % len(pairs)]

    def compare(self) -> None:
        """Everything that can be read of frames."""
        reference, timeline, pairs = self.reference, self.timeline, self.pairs()
        items = {id(piece): item for item, piece, _, _ in pairs}
        for item, piece, row, index in pairs:
            where = (row.kind, index, piece)
            first, after = reference.start + piece.start, reference.start + piece.end
            assert (item.GetStart(), item.GetEnd(), item.GetDuration()) == (first, after, piece.length), where
            precise = item.GetStart(True), item.GetEnd(True), item.GetDuration(True)
            assert precise == (first, after, piece.length), where
            assert all(isinstance(value, float) for value in precise)
            assert item.GetTrackTypeAndIndex() == [row.kind, index]
            assert item.GetClipEnabled() is piece.enabled
            linked = {items[id(other)].GetUniqueId() for other in reference.linked(piece) if other is not piece}
            assert {other.GetUniqueId() for other in item.GetLinkedItems()} == linked, where
            if piece.source is not None:
                compare_source(item, piece, row.kind, reference.rate)
        for kind in KINDS:
            for index, row in enumerate(reference.rows[kind], 1):
                assert timeline.GetIsTrackLocked(kind, index) is row.locked
                assert timeline.GetIsTrackEnabled(kind, index) is row.enabled
        clock = reference.clock
        assert timeline.GetStartFrame() == reference.start
        assert timeline.GetEndFrame() == reference.start + reference.end
        assert timeline.GetStartTimecode() == clock.text(reference.start)
        assert timeline.GetCurrentTimecode() == clock.text(reference.start + reference.playhead)
        under = [
            piece
            for row in reversed(reference.rows["video"])
            for piece in row.pieces
            if row.enabled and piece.start <= reference.playhead < piece.end
        ]
        shown = timeline.GetCurrentVideoItem()
        assert (shown and shown.GetUniqueId()) == (items[id(under[0])].GetUniqueId() if under else None)

    def again(self, resolve: Any) -> None:
        """Go on with the engine that was started again, which has what was answered and nothing else."""
        self.project = resolve.GetProjectManager().GetCurrentProject()
        self.pool = self.project.GetMediaPool()
        self.timeline = self.project.GetCurrentTimeline()


def stretch(source: Source, low: int, part: int) -> tuple[int, int]:
    """A range of a source: where it begins and how much of the rest it takes, as shares."""
    first = low * (source.frames - 1) // 100
    return first, first + 1 + part * (source.frames - first - 1) // 100


def compare_source(item: Any, piece: Piece, kind: str, rate: Fraction) -> None:
    """What is read of an item's source."""
    source, low, high = piece.source, piece.low, piece.high
    assert source is not None
    assert item.GetSpeed()["Percentage"] == float(piece.speed * 100)
    first, last = floor(low), max(ceil(high) - 1, floor(low))
    ends = (last, first) if piece.speed < 0 else (first, last)
    assert (item.GetSourceStartFrame(), item.GetSourceEndFrame()) == ends
    assert abs(item.GetSourceStartTime() - float((source.start + low) / source.rate)) < 1e-9
    assert abs(item.GetSourceEndTime() - float((source.start + high) / source.rate)) < 1e-9
    # Pictures count source frames, sounds timeline frames; both count what is played at the item's speed.
    unit = (Fraction(1) if kind == "video" else rate / source.rate) / (abs(piece.speed) or 1)
    before, behind = low * unit, (source.frames - high) * unit
    left, right = (before, behind) if piece.speed >= 0 else (behind, before)
    assert (item.GetLeftOffset(), item.GetRightOffset()) == (floor(left), floor(right))
    assert abs(item.GetLeftOffset(True) - float(left)) < 1e-6
    assert abs(item.GetRightOffset(True) - float(right)) < 1e-6


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.sampled_from(sorted(RATES)),
    start=st.sampled_from(STARTS),
    given_sources=st.lists(sources, min_size=1, max_size=4),
    plan=plans,
)
def test_every_read_agrees_with_the_rules(
    resolve: Any, rate: str, start: str, given_sources: list[Any], plan: list[Any]
) -> None:
    """After each edit, and once more when the engine was killed and started again."""
    names = resolve.GetProjectManager().GetProjectListInCurrentFolder()
    both = Both(resolve, f"random {len(names)}", rate, start, given_sources)
    for name, *arguments in plan:
        if name in ("speed", "delete", "link", "enable", "take") and not both.pairs():
            continue
        done, expected = getattr(both, name)(*arguments)
        assert done is expected, (name, arguments, failure.last())
        both.compare()
    both.again(restart())
    both.compare()


@settings(max_examples=300, deadline=None)
@given(setting=st.sampled_from(sorted(RATES)), frame=st.integers(0, 5_000_000))
def test_the_reference_counts_timecode_as_it_is_defined(setting: str, frame: int) -> None:
    """No number is named that drop-frame timecode leaves out, each comes after the one before, and it is read back."""
    clock = Clock.at(setting)
    frame %= clock.frames("23:59:59:00")
    text = clock.text(frame)
    assert clock.frames(text) == frame
    assert clock.text(frame + 1).replace(";", ":") > text.replace(";", ":")
    _, minutes, seconds, number = (int(part) for part in text.replace(";", ":").split(":"))
    assert not (clock.skipped and minutes % 10 and not seconds and number < clock.skipped), text
