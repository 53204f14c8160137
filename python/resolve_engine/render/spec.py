"""What is to be rendered: a timeline as plain data, made by the model and read by the render process.

Every position is a whole number of frames of the timeline's rate, counted from midnight like Resolve's own
`GetStart` (a timeline that starts at 01:00:00:00 at 24 fps has its first frame at 86400). Ranges are half-open.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from resolve_engine.media.info import Ratio


@dataclass(frozen=True)
class SourceSpec:
    """Where the pictures or the sound of an item come from."""

    path: str
    """As in `MediaInfo.path`; '' for a generated picture."""
    kind: str
    """`video`, `audio`, `still`, `sequence` (as in MediaInfo), `generated`, which is drawn as `content` says, or
    `timeline`: then `path` is a key of the timeline's `nested`, and frames count from that timeline's first."""
    rate: Ratio
    """Frames per second that source frames count in; for sound alone the timeline's rate at import."""
    frames: int
    """Count of source frames (1 for a still, whose one frame answers for every index)."""
    sequence_first: int = 0
    sequence_digits: int = 0
    video_stream: int = 0
    """Index of the picture stream in the file, as probed."""
    audio_streams: tuple[int, ...] = ()
    """Indices of the sound streams that this item plays, mixed in order."""
    channels: tuple[tuple[int, int], ...] = ()
    """The channels that it plays, in the order of `layout`: each a stream of `audio_streams` and its channel, from 0.
    Empty for the whole streams in their own layouts."""
    layout: str = ""
    """FFmpeg's name of the layout of `channels`; any other text for channels without places."""
    content: dict[str, Any] = field(default_factory=dict)
    """What is drawn: `kind` (`generator`, `title`), `name` by Resolve, and a title's `text`; empty for a file."""


@dataclass(frozen=True)
class CdlSpec:
    """An ASC CDL."""

    slope: tuple[float, float, float] = (1.0, 1.0, 1.0)
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    power: tuple[float, float, float] = (1.0, 1.0, 1.0)
    saturation: float = 1.0


@dataclass(frozen=True)
class NodeSpec:
    """One node of a grade: the CDL is applied first, then the LUT; or a step of colour management."""

    enabled: bool = True
    cdl: CdlSpec | None = None
    lut: str = ""
    """Absolute path of a LUT file that OpenColorIO reads, or ''."""
    convert: tuple[str, str] | None = None
    """A colour space and the one that it is converted to, by their keys (see `colour.spaces`), before both; colour
    management makes nodes of its own of it."""


@dataclass(frozen=True)
class SteadySpec:
    """What makes pictures steady: how each is moved, and all are enlarged."""

    first: int
    """The source frame of the first shift, counted from the first frame of the file."""
    zoom: float
    shifts: tuple[tuple[float, float], ...]
    """Right and down, as shares of width and height; not empty."""


@dataclass(frozen=True)
class ItemSpec:
    """One item on a track."""

    id: str
    name: str
    start: int
    """First timeline frame."""
    end: int
    """The frame after the last."""
    source: SourceSpec
    source_start: Ratio
    """The source frame shown at `start`, counted from the first frame of the file, at `source.rate`; exact."""
    speed: Ratio = (1, 1)
    """Source seconds per timeline second; negative plays backwards. At timeline frame t the source frame shown is
    floor(source_start + (t - start) / timeline rate * speed * source rate)."""
    enabled: bool = True
    properties: dict[str, Any] = field(default_factory=dict)
    """Resolve's timeline item property keys that differ from their defaults: Pan, Tilt, ZoomX, ZoomY, RotationAngle,
    AnchorPointX, AnchorPointY, Pitch, Yaw, FlipX, FlipY, CropLeft, CropRight, CropTop, CropBottom, CropSoftness,
    CropRetain, Opacity (0 to 100), CompositeMode (number), Scaling (number), …"""
    nodes: tuple[NodeSpec, ...] = ()
    """The grade, first node first."""
    fade_in: int = 0
    """Frames from its start in which it comes up from nothing, linear."""
    fade_out: int = 0
    """Frames up to its end in which it goes."""
    keep_pitch: bool = False
    """Whether a sound at another speed keeps its pitch."""
    blanking: tuple[float, float, float, float] | None = None
    """Left, top, right and bottom edge of what is shown of a picture, in pixels of the timeline; None for all of it."""
    steady: SteadySpec | None = None
    """How its pictures are steadied; None for as they are."""

    @property
    def adjusts(self) -> bool:
        """Whether it is an adjustment clip, which has no picture and whose grade acts on what lies below."""
        return self.source.kind == "generated" and self.source.content.get("kind") == "adjustment"


@dataclass(frozen=True)
class TransitionSpec:
    """From one item of a track to the next, both of which play on under it."""

    name: str
    """Resolve's name: `Cross Dissolve` or one of `render.wipes` of pictures, `Cross Fade +3 dB` or `Cross Fade 0 dB` of
    sounds."""
    start: int
    end: int
    before: str
    """Id of the item that goes; '' for nothing."""
    after: str
    """Id of the item that comes; '' for nothing."""


@dataclass(frozen=True)
class TrackSpec:
    """One track; items do not overlap and stand in order."""

    enabled: bool
    items: tuple[ItemSpec, ...]
    transitions: tuple[TransitionSpec, ...] = ()
    """In order, without overlap."""


@dataclass(frozen=True)
class BurnInSpec:
    """Texts over the finished picture; each is a table as `api/burn_in.py` says."""

    items: tuple[dict[str, Any], ...]
    """Over every frame."""
    own: dict[str, tuple[dict[str, Any], ...]]
    """Over the frames of an item, by its id."""
    project: str
    """The project's name."""
    sources: dict[str, dict[str, Any]]
    """What is known of the clip of an item, by the item's id: `name`, `file`, and `start` (frames from midnight),
    `rate` and `drop_frame` of its timecode, which counts from the frame `offset` of the file on."""


@dataclass(frozen=True)
class TimelineSpec:
    """A timeline, frozen."""

    name: str
    rate: Ratio
    drop_frame: bool
    width: int
    height: int
    start: int
    """First frame of the timeline."""
    end: int
    """The frame after the last item's last frame."""
    video: tuple[TrackSpec, ...]
    """Bottom track (V1) first."""
    audio: tuple[TrackSpec, ...]
    sample_rate: int = 48000
    nodes: tuple[NodeSpec, ...] = ()
    """Its own grade, applied to the picture that all layers make together."""
    burn_in: BurnInSpec | None = None
    """What is written over its pictures."""
    output_space: str = ""
    """The key of the colour space that its pictures end in (see `colour.spaces`); '' without colour management."""
    nested: dict[str, TimelineSpec] = field(default_factory=dict)
    """Every timeline that stands as a clip on this one or on another of these, by id; theirs are empty."""


@dataclass(frozen=True)
class CaptionSpec:
    """A subtitle."""

    start: int
    """First timeline frame."""
    end: int
    """The frame after the last."""
    text: str


@dataclass(frozen=True)
class OutputSpec:
    """The file that a render job writes."""

    path: str
    """Absolute path of the final file; written under another name beside it and renamed at the end."""
    format: str
    """Resolve's format extension, lowercase: `mp4`, `mov`, …"""
    codec: str
    """Resolve's codec name, as `Project.GetRenderCodecs` gives: `H264`, `H265`, `ProRes422HQ`, `DNxHRHQ`, …"""
    width: int
    height: int
    first: int
    """First timeline frame to render."""
    last: int
    """Last timeline frame to render, inclusive, as Resolve's MarkOut."""
    video: bool = True
    audio: bool = True
    audio_codec: str = ""
    """`aac` or `lpcm`; '' for what the format carries by default. One that the format cannot carry is refused."""
    audio_sample_rate: int = 48000
    audio_bit_depth: int = 16
    """Bits of a linear PCM sample: 16, 24 or 32."""
    quality: str = ""
    """'' for automatic, a level's name or a number of kilobits per second, as Resolve's VideoQuality."""
    profile: str = ""
    """Resolve's EncodingProfile; '' for the codec's own choice."""
    alpha: str = ""
    """'' for none, else `straight` or `premultiplied`: what layers leave uncovered is transparent."""
    timecode: str = ""
    """Start timecode that is written; '' for that of the first frame."""
    network_optimization: bool = True
    """Whether a player can begin before it has all of a QuickTime or MP4 file."""
    rate: Ratio | None = None
    """Frames per second of the file; None for the timeline's."""
    color_space_tag: str = ""
    """What the file says of its primaries, in the words of `render.color_tags`; '' for what they are."""
    gamma_tag: str = ""
    """The same of its transfer."""
    subtitles: str = ""
    """Where the subtitles go, as Resolve's SubtitleFormat; '' for nowhere."""
    captions: tuple[CaptionSpec, ...] = ()
    """What is said when, in order, without overlap."""


@dataclass(frozen=True)
class RenderSpec:
    """One render job."""

    job_id: str
    timeline: TimelineSpec
    output: OutputSpec
    more: tuple[RenderSpec, ...] = ()
    """Further files of the job, each with its timeline; theirs is empty."""

    @property
    def files(self) -> tuple[RenderSpec, ...]:
        """What is rendered, one file after the other."""
        return (self, *self.more)

    @property
    def frames(self) -> int:
        """Count of the frames of all files."""
        from resolve_engine.render.frame_rate import frames

        return sum(frames(file.output, file.timeline.rate) for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts and lists."""
        return asdict(self)


def timeline_from_json(data: dict[str, Any]) -> TimelineSpec:
    """The inverse of `asdict`, after a trip through JSON (tuples came back as lists)."""
    tracks = {key: tuple(_track(track) for track in data[key]) for key in ("video", "audio")}
    nested = {id: timeline_from_json(inner) for id, inner in data["nested"].items()}
    nodes = tuple(node_from_json(node) for node in data["nodes"])
    burn_in = data.get("burn_in")
    made = {"nodes": nodes, "nested": nested, "burn_in": None if burn_in is None else BurnInSpec(**burn_in)}
    return TimelineSpec(**{**data, **tracks, "rate": _pair(data["rate"]), **made})


def render_from_json(data: dict[str, Any]) -> RenderSpec:
    """The inverse of `RenderSpec.to_json`, after a trip through JSON."""
    more = tuple(render_from_json(file) for file in data.get("more", ()))
    output = dict(data["output"])
    output["captions"] = tuple(CaptionSpec(**caption) for caption in output.get("captions", ()))
    output["rate"] = _pair(output["rate"]) if output.get("rate") else None
    return RenderSpec(data["job_id"], timeline_from_json(data["timeline"]), OutputSpec(**output), more)


def _pair(value: Any) -> Ratio:
    top, bottom = value
    return int(top), int(bottom)


def _track(data: dict[str, Any]) -> TrackSpec:
    transitions = tuple(TransitionSpec(**transition) for transition in data["transitions"])
    return TrackSpec(data["enabled"], tuple(_item(item) for item in data["items"]), transitions)


def _item(data: dict[str, Any]) -> ItemSpec:
    steady = data.get("steady")
    return ItemSpec(
        **{
            **data,
            "source": source_from_json(data["source"]),
            "source_start": _pair(data["source_start"]),
            "speed": _pair(data["speed"]),
            "nodes": tuple(node_from_json(node) for node in data["nodes"]),
            "blanking": tuple(data["blanking"]) if data.get("blanking") else None,
            "steady": SteadySpec(**{**steady, "shifts": tuple(map(tuple, steady["shifts"]))}) if steady else None,
        }
    )


def source_from_json(data: dict[str, Any]) -> SourceSpec:
    """The inverse of `asdict` for one source."""
    return SourceSpec(
        **{
            **data,
            "rate": _pair(data["rate"]),
            "audio_streams": tuple(data["audio_streams"]),
            "channels": tuple((int(stream), int(channel)) for stream, channel in data["channels"]),
        }
    )


def node_from_json(data: dict[str, Any]) -> NodeSpec:
    """The inverse of `asdict` for one node."""
    cdl = data["cdl"]
    if cdl is not None:
        cdl = CdlSpec(tuple(cdl["slope"]), tuple(cdl["offset"]), tuple(cdl["power"]), cdl["saturation"])
    convert = data.get("convert")
    return NodeSpec(data["enabled"], cdl, data["lut"], None if convert is None else (convert[0], convert[1]))
