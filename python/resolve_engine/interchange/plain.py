"""A timeline as plain data, as files of other programs know it: no ids, and nothing of the project that it stands in.

Readers make it, writers take it, and it crosses to the worker process as JSON. Ranges are half-open; places on the
timeline are frames of its rate counted from its start, places in a source exact frames of the source's rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from resolve_engine.errors import EngineError
from resolve_engine.model.marker import Markers, markers_from_json
from resolve_engine.timecode import Ratio

MOST_ITEMS = 100_000
"""Of one file; ten times the largest timeline that the engine is measured with."""

MOST_TRACKS = 200
"""Of one kind, as many as the API adds."""

LARGEST_FRAME = 1 << 40
"""No frame number is near this; a larger one is damage."""

LONGEST_NAME = 4096
"""Characters of a name or a path."""


class InterchangeError(EngineError):
    """A file does not hold a timeline that can be read, or a form cannot say what is to be written. One sentence."""


class Source(NamedTuple):
    """A clip as a file names it."""

    name: str
    path: str = ""
    """'' when the file does not say where it lies."""
    rate: Ratio = (24, 1)
    frames: int = 0
    """Its length; 0 when the file does not say."""
    start: int = 0
    """Its first timecode, as frames from midnight."""
    drop_frame: bool = False
    picture: bool = True
    still: bool = False
    size: tuple[int, int] = (0, 0)
    """Pixels; zeros when the file does not say."""
    sound: tuple[int, ...] = ()
    """Channels of each of its streams of sound."""
    sample_rate: int = 48000
    reel: str = ""
    has_timecode: bool = True
    """False when `start` is only a guess from what is used of it."""


class Item(NamedTuple):
    """What stands on a track."""

    name: str
    start: int
    duration: int
    source: int = -1
    """Index among the timeline's sources; -1 for what shows none."""
    source_in: Ratio = (0, 1)
    """The lower end of the stretch of the source that it shows, also backwards."""
    speed: Ratio = (1, 1)
    """Source seconds per timeline second."""
    channels: tuple[int, ...] = ()
    """Sound: the source's channels it plays, counted from 1; empty when the file does not say."""
    link: int = 0
    """Items with the same number here are linked; 0 for none."""
    enabled: bool = True
    properties: Mapping[str, Any] = {}
    """Inspector values by Resolve's keys; positions in pixels of the timeline's size."""
    markers: Markers = ()
    color: str = ""
    fade_in: int = 0
    fade_out: int = 0
    content: Mapping[str, Any] = {}
    """Of a generator or a title, as the model has it."""
    cdl: tuple[float, ...] | None = None
    """Slope, offset and power of red, green and blue, then the saturation."""

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.duration


class Transition(NamedTuple):
    """A transition over an edge of items of its track."""

    start: int
    duration: int
    name: str
    before: int
    """Index among the track's items; -1 for nothing."""
    after: int


class Track(NamedTuple):
    """One track; its items are in order and do not overlap."""

    kind: str
    """`video` or `audio`."""
    items: tuple[Item, ...] = ()
    transitions: tuple[Transition, ...] = ()
    name: str = ""
    format: str = ""
    enabled: bool = True
    locked: bool = False

    def coming(self) -> dict[int, Transition]:
        """The transition into each item that has one, by the item's index."""
        return {one.after: one for one in self.transitions if one.after >= 0}

    def going(self) -> dict[int, Transition]:
        """The transition out of each item that has one, by the item's index."""
        return {one.before: one for one in self.transitions if one.before >= 0}


class Timeline(NamedTuple):
    """The whole."""

    name: str
    rate: Ratio
    drop_frame: bool
    start: int
    """Its first timecode, as frames from midnight."""
    tracks: tuple[Track, ...]
    """Picture before sound, bottom first."""
    sources: tuple[Source, ...]
    markers: Markers = ()
    size: tuple[int, int] = (0, 0)
    """Pixels; zeros when the file does not say."""
    lost: tuple[str, ...] = ()
    """What was left out on the way, each as the part of a sentence."""

    def of_kind(self, kind: str) -> list[Track]:
        """The tracks of a kind, bottom first."""
        return [track for track in self.tracks if track.kind == kind]

    def uses(self) -> dict[int, list[tuple[str, Item]]]:
        """By source, the items that show it, each with the kind of its track."""
        found: dict[int, list[tuple[str, Item]]] = {}
        for track in self.tracks:
            for item in track.items:
                found.setdefault(item.source, []).append((track.kind, item))
        return found

    def items(self) -> int:
        """How many items stand on it."""
        return sum(len(track.items) for track in self.tracks)


def from_json(data: Any) -> Timeline:
    """The inverse of writing one as JSON."""
    name, rate, drop, start, tracks, sources, markers, size, lost = data
    return Timeline(
        name,
        _pair(rate),
        drop,
        start,
        tuple(_track(track) for track in tracks),
        tuple(_source(source) for source in sources),
        markers_from_json(markers),
        _pair(size),
        tuple(lost),
    )


def _pair(value: Any) -> tuple[int, int]:
    first, second = value
    return first, second


def _track(data: Any) -> Track:
    kind, items, transitions, *rest = data
    return Track(kind, tuple(_item(item) for item in items), tuple(Transition(*one) for one in transitions), *rest)


def _source(data: Any) -> Source:
    found = Source(*data)
    return found._replace(rate=_pair(found.rate), size=_pair(found.size), sound=tuple(found.sound))


def _item(data: Any) -> Item:
    found = Item(*data)
    return found._replace(
        source_in=_pair(found.source_in),
        speed=_pair(found.speed),
        channels=tuple(found.channels),
        markers=markers_from_json(found.markers),
        cdl=None if found.cdl is None else tuple(found.cdl),
    )


def checked(found: Timeline, may_be_empty: bool = False) -> Timeline:
    """The timeline when it keeps what is said above. Raises InterchangeError for what damage makes of one.

    `may_be_empty` is for forms that say their rate: programs write such a file to get an empty timeline of it.
    """
    if found.items() > MOST_ITEMS:
        raise InterchangeError(f"the file holds {found.items()} items, more than the {MOST_ITEMS} that are read")
    for kind in ("video", "audio"):
        if len(found.of_kind(kind)) > MOST_TRACKS:
            raise InterchangeError(f"the file holds more than {MOST_TRACKS} {kind} tracks")
    if not found.items() and not may_be_empty:
        raise InterchangeError("the file holds no clip on any track")
    for source in found.sources:
        if len(source.name) > LONGEST_NAME or len(source.path) > LONGEST_NAME or "\0" in source.path:
            raise InterchangeError("the file names a clip with a name or a path that cannot be one")
        if source.rate[0] <= 0 or source.rate[1] <= 0 or not 0 <= source.frames <= LARGEST_FRAME:
            raise InterchangeError(f"the clip {source.name!r} has an impossible rate or length in the file")
        if not 0 <= source.start <= LARGEST_FRAME:
            raise InterchangeError(f"the clip {source.name!r} has an impossible timecode in the file")
    for track in found.tracks:
        end = 0
        for item in track.items:
            if item.start < end or item.duration < 1 or item.end > LARGEST_FRAME:
                raise InterchangeError(f"{item.name!r} overlaps what stands before it, or has no length, in the file")
            if item.speed[1] == 0 or abs(item.speed[0]) > 1000 * item.speed[1]:
                raise InterchangeError(f"{item.name!r} has an impossible speed in the file")
            if item.source >= len(found.sources) or item.source_in[1] <= 0 or item.source_in[0] < 0:
                raise InterchangeError(f"{item.name!r} shows a place of its clip that there cannot be")
            end = item.end
    return found
