"""A timeline: its clock, its tracks, its markers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from resolve_engine import timecode
from resolve_engine.model.clip import Marks, marks_from_json
from resolve_engine.model.grade import Nodes, nodes_from_json
from resolve_engine.model.item import Edges, Item
from resolve_engine.model.marker import Markers, markers_from_json
from resolve_engine.model.record import Record
from resolve_engine.model.track import KINDS, Track
from resolve_engine.timecode import Ratio


class Timeline(Record):
    """`position` orders the timelines of a project."""

    __slots__ = (
        "blanking", "clip", "drop_frame", "markers", "marks", "name", "nodes", "playhead", "rate", "settings", "start",
        "tracks",
    )  # fmt: skip
    KIND = "timeline"
    FIELDS: ClassVar[dict[str, Any]] = {
        "name": "",
        "clip": "",
        "rate": (24, 1),
        "drop_frame": False,
        "start": 0,
        "playhead": 0,
        "settings": None,
        "markers": (),
        "marks": {},
        "nodes": (),
        "blanking": (),
    }
    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {
        "markers": markers_from_json,
        "marks": marks_from_json,
        "nodes": nodes_from_json,
    }

    name: str
    clip: str
    """Id of the media pool clip that stands for it."""
    rate: Ratio
    drop_frame: bool
    start: int
    """Its first frame, counted from midnight; everything on it counts from there."""
    playhead: int
    """Counted from its start."""
    settings: Mapping[str, Any] | None
    """Settings of its own, or None while it follows the project."""
    markers: Markers
    marks: Marks
    nodes: Nodes
    """The timeline's own grade; empty when untouched."""
    blanking: Edges
    """Of every item that has none of its own."""
    tracks: dict[str, list[Track]]
    """By kind, bottom first; follows from the tracks' own rows."""

    def derive(self) -> None:
        self.tracks = {kind: [] for kind in KINDS}

    @property
    def end(self) -> int:
        """The frame after the last item, counted from its start."""
        return max((track.end for track in self.all_tracks()), default=0)

    @property
    def empty(self) -> bool:
        """Whether no track holds anything."""
        return not any(track.items for track in self.all_tracks())

    def all_tracks(self) -> Iterator[Track]:
        """Its tracks, video before audio before subtitle."""
        for kind in KINDS:
            yield from self.tracks[kind]

    def all_items(self) -> Iterator[Item]:
        """Its items, track by track."""
        for track in self.all_tracks():
            yield from track.items

    def to_timecode(self, frame: int) -> str:
        """The timecode of a frame counted from its start."""
        return timecode.to_timecode(self.start + frame, self.rate, self.drop_frame)

    def to_frames(self, text: str) -> int:
        """The frame, counted from its start, of a timecode; ValueError with the reason when it is none."""
        return timecode.to_frames(text, self.rate, self.drop_frame) - self.start
