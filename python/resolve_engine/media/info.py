"""What is known of a media file after probing it: plain data that crosses from the worker process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Ratio = tuple[int, int]
"""An exact fraction as (numerator, denominator); frame rates are (24, 1), (30000, 1001)."""


@dataclass(frozen=True)
class VideoStream:
    """The picture of a file. For a sequence or a still, of its frames."""

    width: int
    height: int
    rate: Ratio
    """Frames per second, exact."""
    frames: int
    """Count of frames, measured where the container does not say."""
    codec: str
    """FFmpeg's canonical codec name: `h264`, `prores`, `dnxhd`, `png`."""
    profile: str
    """The profile as FFmpeg names it, or ''."""
    pixel_format: str
    bit_depth: int
    has_alpha: bool
    sample_aspect: Ratio
    color_range: str
    color_space: str
    color_primaries: str
    color_transfer: str
    field_order: str
    """`progressive`, `tt`, `bb`, … as FFmpeg says."""
    rotation: int
    """Degrees clockwise to turn the decoded picture for display: 0, 90, 180, 270."""
    variable_rate: bool
    stream_index: int


@dataclass(frozen=True)
class AudioStream:
    """One sound stream of a file."""

    channels: int
    layout: str
    """FFmpeg's name of the layout: `mono`, `stereo`, `5.1`."""
    sample_rate: int
    """Samples per second."""
    samples: int
    """Length in samples at `sample_rate`."""
    codec: str
    bit_depth: int
    stream_index: int


@dataclass(frozen=True)
class MediaInfo:
    """What a probe found."""

    path: str
    """Absolute path; for a sequence the pattern with its frame range: `/x/shot.[0001-0048].png`."""
    kind: str
    """`video` (may have sound), `audio`, `still` or `sequence`."""
    container: str
    """FFmpeg's format name, such as `mov,mp4,m4a,3gp,3g2,mj2`."""
    size: int
    """Bytes (of all frames for a sequence)."""
    modified: float
    """Seconds since the epoch."""
    created: float
    """Seconds since the epoch."""
    video: VideoStream | None
    audio: tuple[AudioStream, ...]
    start_timecode: str | None
    """As the file carries it, `01:00:00:00`, or `;` before the frames for drop-frame; None when it has none."""
    reel: str
    metadata: dict[str, str] = field(default_factory=dict)
    sequence_first: int = 0
    """Number of the first frame of a sequence."""
    sequence_digits: int = 0
    """Count of digits of a sequence's frame numbers; 0 means unpadded."""

    def to_json(self) -> dict[str, Any]:
        """Plain dicts and lists."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> MediaInfo:
        """The inverse of `to_json`, after a trip through JSON (tuples came back as lists)."""
        video: VideoStream | None = None
        if data["video"] is not None:
            fields: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in data["video"].items()
            }
            video = VideoStream(**fields)
        audio = tuple(AudioStream(**stream) for stream in data["audio"])
        return MediaInfo(**{**data, "video": video, "audio": audio})


@dataclass(frozen=True)
class ProbeFailure:
    """Why a path cannot be imported, in one lowercase sentence."""

    path: str
    reason: str
