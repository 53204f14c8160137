"""A clip of the media pool: what Resolve calls a MediaPoolItem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from resolve_engine.model.grade import Nodes, versions_from_json
from resolve_engine.model.marker import Markers, markers_from_json
from resolve_engine.model.record import Record
from resolve_engine.timecode import Ratio

Marks = Mapping[str, tuple[int, int]]
"""In and out marks by kind, `video` and `audio`; both inclusive, in frames from the first one."""


def marks_from_json(marks: Mapping[str, Any]) -> Marks:
    """The inverse of writing marks as JSON."""
    return {kind: (first, last) for kind, (first, last) in marks.items()}


COMPOUND = "Compound"
"""The type of a clip whose timeline is reached only through it."""


FUSION_CLIP = "Fusion Clip"
"""The type of a clip like a compound one, whose items come with a composition that merges what is in it."""

MULTICAM = "Multicam"
"""The type of a clip whose timeline holds its angles, one of which an item plays."""


class Clip(Record):
    """Footage, sound, a still, a sequence, or the clip that stands for a timeline. `parent` is its folder."""

    __slots__ = (
        "added", "audio_mapping", "color", "drop_frame", "flags", "frames", "growing", "linked_audio", "markers",
        "marks", "mattes", "media", "metadata", "multicam", "muted_tracks", "name", "offline", "offset", "overrides",
        "proxy", "rate", "start", "third_party", "timeline", "transcript", "type", "versions",
    )  # fmt: skip
    KIND = "clip"
    FIELDS: ClassVar[dict[str, Any]] = {
        "name": "",
        "type": "Video",
        "media": None,
        "proxy": None,
        "rate": (24, 1),
        "frames": 0,
        "start": 0,
        "drop_frame": False,
        "added": 0.0,
        "timeline": "",
        "multicam": {},
        "offline": False,
        "growing": False,
        "audio_mapping": (),
        "muted_tracks": (),
        "linked_audio": (),
        "mattes": (),
        "offset": 0,
        "overrides": {},
        "metadata": {},
        "third_party": {},
        "transcript": (),
        "markers": (),
        "marks": {},
        "flags": (),
        "color": "",
        "versions": (),
    }
    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {
        "markers": markers_from_json,
        "marks": marks_from_json,
        "transcript": lambda rows: tuple(
            (first, after, tuple((text, begin, end) for text, begin, end in words)) for first, after, words in rows
        ),
        "versions": versions_from_json,
        "audio_mapping": lambda tracks: tuple((kind, tuple(channels)) for kind, channels in tracks),
    }

    name: str
    type: str
    """Resolve's ClipType: `Video`, `Audio`, `Video + Audio`, `Still`, `Timeline`, `Compound`, `Fusion Clip` or
    `Multicam`."""
    media: Mapping[str, Any] | None
    """What the probe found (`MediaInfo.to_json()`); None for a timeline."""
    proxy: Mapping[str, Any] | None
    """What the probe found in the file that stands in for it while editing; None without one."""
    rate: Ratio
    """Frames per second that its frames count in; for sound alone, the project's rate at import."""
    frames: int
    """Its length in frames of `rate`; 1 for a still."""
    start: int
    """Its start timecode as frames from midnight."""
    drop_frame: bool
    added: float
    """Seconds since the epoch."""
    timeline: str
    """Id of the timeline that the clip stands for, or ''."""
    multicam: Mapping[str, Any]
    """Of a multicam clip: `sound`, which of it an item plays, and `angles`, each with `name` and the numbers of its
    tracks, `video` (0 for none) and `audio`; else empty."""
    offline: bool
    """Taken offline by UnlinkClips."""
    growing: bool
    """Its file is still being written, and is looked at again."""
    audio_mapping: tuple[tuple[str, tuple[int, ...]], ...]
    """Its audio tracks: format (`mono`, `stereo`, `5.1`) and the channels, counted from 1 over all streams, those of
    linked sounds after the file's own."""
    muted_tracks: tuple[int, ...]
    """Numbers, from 1, of the audio tracks that are placed mute."""
    linked_audio: tuple[Mapping[str, Any], ...]
    """Sounds synced to it: `media` as the probe found it, and `offset` in samples of it: negative skips into the file,
    positive is silence first."""
    mattes: tuple[str, ...]
    """Paths of the mattes of a clip."""
    offset: int
    """The frame of its file that is its first: not 0 for a subclip."""
    overrides: Mapping[str, Any]
    """Clip attributes written by a script, by Resolve's keys."""
    metadata: Mapping[str, str]
    third_party: Mapping[str, str]
    transcript: tuple[tuple[int, int, tuple[tuple[str, int, int], ...]], ...]
    """What is said in it: stretches by their first frame and the one after, each with its words and theirs."""
    markers: Markers
    marks: Marks
    flags: tuple[str, ...]
    color: str
    versions: tuple[tuple[str, Nodes], ...]
    """Its remote grades by name, in order; empty until there are two or one is changed."""

    @property
    def path(self) -> str:
        """The path of its file, or the label of its sequence; '' for a timeline."""
        return self.media["path"] if self.media is not None else ""

    @property
    def own_channels(self) -> int:
        """Channels of sound in its own file; those of linked sounds are counted after them."""
        return sum(stream["channels"] for stream in self.media["audio"]) if self.media is not None else 0

    @property
    def has_video(self) -> bool:
        """Whether it gives a picture."""
        return self.type in ("Video", "Video + Audio", "Still", "Timeline", COMPOUND, FUSION_CLIP, MULTICAM)

    @property
    def has_audio(self) -> bool:
        """Whether it gives sound."""
        return bool(self.audio_mapping)
