"""What stands on a track: Resolve's TimelineItem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from resolve_engine.model.grade import FRESH, Nodes, nodes_from_json, versions_from_json
from resolve_engine.model.marker import Markers, markers_from_json
from resolve_engine.model.record import Record
from resolve_engine.timecode import Ratio, add, subtract

FIRST_VERSION = "Version 1"
"""The grade that every item begins with."""


class Take(NamedTuple):
    """One take: a stretch of a clip in source frames, the end exclusive."""

    clip: str
    first: int
    after: int


class Composition(NamedTuple):
    """A Fusion composition: its id, unique for ever, and its name, unique on its item."""

    id: str
    name: str


Edges = tuple[()] | tuple[float, float, float, float]
"""Left, top, right and bottom edge of what output blanking shows, in pixels of the timeline counted from its top left
corner; () for everything."""


def steady_from_json(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The inverse of writing what makes an item steady as JSON. Raises ValueError and KeyError for what is not that."""
    shifts = tuple((float(across), float(down)) for across, down in data["shifts"])
    path, first, zoom = data["path"], data["first"], data["zoom"]
    if not shifts or not isinstance(path, str) or type(first) is not int or not 1 <= float(zoom) <= 2:
        raise ValueError("what makes an item steady is damaged")
    return {"path": path, "first": first, "zoom": float(zoom), "shifts": shifts}


class Item(Record):
    """A stretch of a clip. `parent` is its track; `position` its first frame, counted from the timeline's start."""

    __slots__ = (
        "after", "angle", "audio_format", "before", "blanking", "burn_in", "channels", "clip", "color",
        "color_cached", "composition", "compositions", "content", "duration", "enabled", "fade_in", "fade_out",
        "fusion_cache", "group", "keep_pitch", "link", "markers", "muted", "name", "nodes", "own_blanking",
        "properties", "remote", "source_start", "speed", "steady", "take", "takes", "type", "version",
        "versions",
    )  # fmt: skip
    KIND = "item"
    FIELDS: ClassVar[dict[str, Any]] = {
        "type": "video",
        "name": "",
        "clip": "",
        "duration": 1,
        "source_start": (0, 1),
        "speed": (1, 1),
        "keep_pitch": False,
        "channels": (),
        "audio_format": "",
        "muted": False,
        "angle": 0,
        "link": "",
        "enabled": True,
        "properties": {},
        "nodes": FRESH,
        "group": "",
        "markers": (),
        "color": "",
        "fade_in": 0,
        "fade_out": 0,
        "before": "",
        "after": "",
        "takes": (),
        "take": 0,
        "version": FIRST_VERSION,
        "remote": "",
        "versions": (),
        "content": {},
        "burn_in": (),
        "blanking": (),
        "own_blanking": False,
        "color_cached": False,
        "compositions": (),
        "composition": 0,
        "fusion_cache": "auto",
        "steady": {},
    }
    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {
        "markers": markers_from_json,
        "nodes": nodes_from_json,
        "takes": lambda rows: tuple(Take(*row) for row in rows),
        "compositions": lambda rows: tuple(Composition(*row) for row in rows),
        "versions": versions_from_json,
        "steady": steady_from_json,
    }

    type: str
    """Resolve's TimelineItemType: `video`, `audio`, `generator` (titles too), `transition`; and `subtitle`."""
    name: str
    clip: str
    """Id of the clip it shows; '' for a generator, a title, a subtitle and a transition."""
    duration: int
    """In timeline frames, at least 1."""
    source_start: Ratio
    """The source frame at its first frame, in frames of the clip's rate; exact."""
    speed: Ratio
    """Source seconds per timeline second; negative plays backwards."""
    keep_pitch: bool
    """Sound only: whether it keeps its pitch at another speed."""
    channels: tuple[int, ...]
    """Sound only: the channels of the clip it plays, counted from 1, in the order of its format's."""
    audio_format: str
    """Sound only: the format of those channels where their number does not say it (`adaptive2`), else ''."""
    muted: bool
    """Sound only: it is there and not heard."""
    angle: int
    """Of a multicam clip: the number, from 1, of the angle it plays; 0 for the sound of all and for other clips."""
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
    fade_in: int
    """Timeline frames in which it comes up from nothing."""
    fade_out: int
    before: str
    """Transition only: id of the item that goes, or '' for nothing."""
    after: str
    """Transition only: id of the item that comes, or ''."""
    takes: tuple[Take, ...]
    """What it can show instead; empty unless it is a take selector."""
    take: int
    """Which of them it shows, counted from 1; 0 when there are none."""
    version: str
    """Name of the local grade that is in use or was last."""
    remote: str
    """Name of the version of its clip that `nodes` is a copy of; '' while its grade is local."""
    versions: tuple[tuple[str, Nodes], ...]
    """Its local grades by name, in order; that of the one in use may be out of date. Empty until there are two."""
    content: Mapping[str, Any]
    """What an item without a clip shows: `kind` (`generator`, `title`, `composition` for an empty one), `name`, its
    `frames` when it was made, a title's `text`, and inputs of a Text+ by their names; else empty."""
    burn_in: tuple[Mapping[str, Any], ...]
    """The texts burnt into its pictures, as `api/burn_in.py` says; empty for none."""

    blanking: Edges
    """Its own output blanking, which counts while `own_blanking` is on; () shows everything."""
    own_blanking: bool
    """Whether it is blanked by itself and not as its timeline is."""
    color_cached: bool
    """Whether its color output is to be cached. Renders of the engine make every frame anew, whatever it says."""
    compositions: tuple[Composition, ...]
    """Its Fusion compositions, in order; what they hold follows from what the item shows (`model/composition.py`)."""
    composition: int
    """Which of them is shown, counted from 1; 0 when there are none."""
    steady: Mapping[str, Any]
    """What Stabilize found: the `path` of the file that was measured, the `first` frame of it, and from there on where
    each is moved, `shifts` (shares of width and height, right and down), and the `zoom` of all; empty before."""
    fusion_cache: str
    """Whether the output of its composition is to be cached: `auto`, `enabled` or `disabled`, with the same effect."""

    @property
    def end(self) -> int:
        """The frame after its last, counted from the timeline's start."""
        return self.position + self.duration

    def source_range(self, clip_rate: Ratio, timeline_rate: Ratio) -> tuple[Ratio, Ratio]:
        """The exact stretch of the source that it shows, lower end first, upper end exclusive; backwards a picture's
        first frame is its highest."""
        near, far = self.source_start, self.source_at(self.duration, clip_rate, timeline_rate)
        if self.speed[0] >= 0:
            return near, far
        step = self.source_at(1, clip_rate, timeline_rate) if self.type != "audio" else near
        return add(far, subtract(near, step)), add(near, subtract(near, step))

    def source_at(self, offset: int, clip_rate: Ratio, timeline_rate: Ratio) -> Ratio:
        """The exact source frame, at the clip's rate, that stands `offset` timeline frames after the item's first."""
        step = clip_rate[0] * timeline_rate[1] * self.speed[0]
        per = clip_rate[1] * timeline_rate[0] * self.speed[1]
        start, whole = self.source_start
        return (start * per + offset * step * whole, whole * per)
