"""One track of a timeline; its items never overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any, ClassVar

from resolve_engine.model.item import Item
from resolve_engine.model.record import Record, Shift

KINDS = ("video", "audio", "subtitle")
"""Resolve's TrackType."""


VoiceIsolation = tuple[()] | tuple[bool, int]
"""Whether voice isolation is on, and its amount in percent; () as at first. What has it on cannot be rendered."""


def _start(item: Item) -> int:
    return item.position


class Track(Record):
    """`parent` is its timeline; `position` counts from 1 among the tracks of its kind, bottom first."""

    __slots__ = ("enabled", "format", "items", "locked", "name", "transitions", "type", "voice_isolation")
    KIND = "track"
    FIELDS: ClassVar[dict[str, Any]] = {
        "type": "video",
        "name": "",
        "format": "",
        "enabled": True,
        "locked": False,
        "voice_isolation": (),
    }

    type: str
    """One of KINDS."""
    name: str
    format: str
    """Of an audio track: `mono`, `stereo`, `5.1`, …; '' for other kinds."""
    enabled: bool
    locked: bool
    voice_isolation: VoiceIsolation
    """Of all its items."""
    items: list[Item]
    """In order of their starts; follows from the items' own rows."""
    transitions: list[Item]
    """The transitions between them, in order; they lie over the items and are not among them."""

    def derive(self) -> None:
        self.items = []
        self.transitions = []

    @property
    def end(self) -> int:
        """The frame after its last item, counted from the timeline's start; 0 when it is empty."""
        return max(self.items[-1].end, 0) if self.items else 0

    def overlapping(self, start: int, end: int) -> Item | None:
        """The first item that covers a frame of start up to, not including, end."""
        index = bisect_right(self.items, start, key=_start)
        if index and self.items[index - 1].end > start:
            return self.items[index - 1]
        if index < len(self.items) and self.items[index].position < end:
            return self.items[index]
        return None

    def within(self, start: int, end: int) -> list[Item]:
        """The items that begin and end within start up to, not including, end."""
        found = self.items[bisect_left(self.items, start, key=_start) : bisect_left(self.items, end, key=_start)]
        return [item for item in found if item.end <= end]

    def at(self, frame: int) -> Item | None:
        """The item that covers a frame, counted from the timeline's start."""
        return self.overlapping(frame, frame + 1)

    def insert(self, item: Item) -> None:
        """Put an item in its place; the caller has made sure that the place is free."""
        row = self._row(item)
        row.insert(bisect_left(row, item.position, key=_start), item)

    def remove(self, item: Item) -> None:
        """Take an item out of the order."""
        row = self._row(item)
        index = bisect_left(row, item.position, key=_start)
        if index >= len(row) or row[index] is not item:
            raise ValueError(f"item {item.id} is not on track {self.id}")
        del row[index]

    def shift(self, since: int, by: int) -> None:
        """Move what starts at a frame or later; a transition goes with the item on either of its sides. The caller has
        made sure that nothing will overlap.

        Stored as one Shift, however many items that are: writing each anew took 70 ms for 5,000.
        """
        late = self.items[bisect_left(self.items, since, key=_start) :]
        if not late:
            return
        moved = {item.id for item in late} if self.transitions else set()
        for transition in self.transitions:
            goes = transition.before in moved or transition.after in moved
            reached = transition.position >= since
            if goes and reached:
                transition.shifted(by)
            elif goes or reached:  # what the shift does to its row is wrong, so the row is written
                transition.position += by if goes else 0
        for item in late:
            item.shifted(by)
        self.changes.shifts.append(Shift(self.id, since, by))

    def _row(self, item: Item) -> list[Item]:
        return self.transitions if item.type == "transition" else self.items

    def listed(self) -> list[Item]:
        """Items and transitions in order of their starts; a transition that starts with an item comes before it."""
        return sorted([*self.transitions, *self.items], key=_start) if self.transitions else self.items

    def crossing(self, item: Item) -> list[Item]:
        """The transitions on an item's edges."""
        return [one for one in self.transitions if item.id in (one.before, one.after)]
