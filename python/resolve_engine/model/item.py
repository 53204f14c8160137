"""What stands on a track: Resolve's TimelineItem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from resolve_engine.model.grade import FRESH, Nodes, nodes_from_json
from resolve_engine.model.marker import Markers, markers_from_json
from resolve_engine.model.record import Record
from resolve_engine.timecode import Ratio


class Item(Record):
    """A stretch of a clip. `parent` is its track; `position` its first frame, counted from the timeline's start."""

    __slots__ = (
        "channels", "clip", "color", "duration", "enabled", "group", "link", "markers", "name", "nodes", "properties",
        "source_start", "speed", "type",
    )  # fmt: skip
    KIND = "item"
    FIELDS: ClassVar[dict[str, Any]] = {
        "type": "video",
        "name": "",
        "clip": "",
        "duration": 1,
        "source_start": (0, 1),
        "speed": (1, 1),
        "channels": (),
        "link": "",
        "enabled": True,
        "properties": {},
        "nodes": FRESH,
        "group": "",
        "markers": (),
        "color": "",
    }
    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {"markers": markers_from_json, "nodes": nodes_from_json}

    type: str
    """Resolve's TimelineItemType: `video`, `audio`, `generator`, `transition`."""
    name: str
    clip: str
    """Id of the clip it shows."""
    duration: int
    """In timeline frames, at least 1."""
    source_start: Ratio
    """The source frame at its first frame, in frames of the clip's rate; exact."""
    speed: Ratio
    """Source seconds per timeline second; negative plays backwards."""
    channels: tuple[int, ...]
    """Sound only: the channels of the clip it plays, counted from 1."""
    link: str
    """Items with the same text here are linked; '' for none."""
    enabled: bool
    properties: Mapping[str, Any]
    """Inspector values that differ from their defaults, by Resolve's keys."""
    nodes: Nodes
    group: str
    """Id of its colour group, or ''."""
    markers: Markers
    color: str

    @property
    def end(self) -> int:
        """The frame after its last, counted from the timeline's start."""
        return self.position + self.duration

    def source_at(self, offset: int, clip_rate: Ratio, timeline_rate: Ratio) -> Ratio:
        """The exact source frame, at the clip's rate, that stands `offset` timeline frames after the item's first."""
        step = clip_rate[0] * timeline_rate[1] * self.speed[0]
        per = clip_rate[1] * timeline_rate[0] * self.speed[1]
        start, whole = self.source_start
        return (start * per + offset * step * whole, whole * per)
