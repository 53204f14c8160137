"""Counting and measuring by reading a file's packets, and decoding its first picture."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error

from resolve_engine.media.av_safe.opening import Source, failure, open_source
from resolve_engine.media.av_safe.pictures import Picture

if TYPE_CHECKING:
    from av.video.stream import VideoStream

MAX_PACKETS_BEFORE_A_PICTURE = 2_000
"""Packets read in search of a first picture; a healthy file needs less than a hundred."""


def first_picture(source: Source, stream: VideoStream) -> Picture | None:
    """Decode the first picture, or None when none of the first packets holds one. The file is not rewound."""
    context = stream.codec_context
    context.thread_count = 1
    seen = 0
    try:
        for packet in source.container.demux(stream):
            seen += 1
            try:
                for frame in packet.decode():
                    return frame
            except av.error.InvalidDataError:
                pass
            if seen > MAX_PACKETS_BEFORE_A_PICTURE:
                return None
    except Exception as error:
        raise failure(source.path, error) from error
    return None


@dataclass(frozen=True)
class Extent:
    """What reading all packets of one stream showed."""

    count: int
    """Packets that hold something to show."""
    seconds: Fraction
    """From the start of the first to the end of the last packet; 0 when no packet says its time."""


def measure(path: str) -> dict[int, Extent]:
    """Read all packets of a file once, and say for each stream, by its index, how many and how long."""
    counts: dict[int, int] = {}
    starts: dict[int, Fraction] = {}
    ends: dict[int, Fraction] = {}
    with open_source(path) as source:
        streams = [*source.audio, *([source.video] if source.video is not None else [])]
        try:
            for packet in source.container.demux(streams):
                if not packet.size or packet.is_discard:
                    continue
                index = packet.stream_index
                counts[index] = counts.get(index, 0) + 1
                if packet.pts is None:
                    continue
                start = packet.pts * packet.time_base
                starts[index] = min(starts.get(index, start), start)
                ends[index] = max(ends.get(index, start), start + (packet.duration or 0) * packet.time_base)
        except av.error.FFmpegError as error:
            if not counts:
                raise failure(path, error) from error
    nothing = Fraction(0)
    return {
        index: Extent(count, ends.get(index, nothing) - starts.get(index, nothing)) for index, count in counts.items()
    }
