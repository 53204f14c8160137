"""Timelines made by hand for the renderer's tests, and rendering them in this process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from resolve_engine.media.info import MediaInfo, ProbeFailure
from resolve_engine.media.probe import probe
from resolve_engine.render.session import render
from resolve_engine.render.spec import (
    ItemSpec,
    NodeSpec,
    OutputSpec,
    RenderSpec,
    SourceSpec,
    TimelineSpec,
    TrackSpec,
)


def found(request: str | Path | dict[str, Any]) -> MediaInfo:
    """What a probe finds; fails the test when it finds nothing."""
    result = probe(str(request) if isinstance(request, Path) else request)
    assert not isinstance(result, ProbeFailure), result.reason
    return result


def source(request: str | Path | dict[str, Any]) -> SourceSpec:
    """The source of a file, as the model would make it."""
    info = found(request)
    return SourceSpec(
        path=info.path,
        kind=info.kind,
        rate=info.video.rate if info.video else (24, 1),
        frames=info.video.frames if info.video else 10**6,
        sequence_first=info.sequence_first,
        sequence_digits=info.sequence_digits,
        video_stream=info.video.stream_index if info.video else 0,
        audio_streams=tuple(stream.stream_index for stream in info.audio),
    )


def item(
    name: str,
    start: int,
    end: int,
    of: SourceSpec,
    source_start: Fraction | int = 0,
    speed: Fraction | int = 1,
    properties: dict[str, Any] | None = None,
    nodes: Sequence[NodeSpec] = (),
) -> ItemSpec:
    """An item; its name is its id."""
    entry, pace = Fraction(source_start), Fraction(speed)
    return ItemSpec(
        id=name,
        name=name,
        start=start,
        end=end,
        source=of,
        source_start=(entry.numerator, entry.denominator),
        speed=(pace.numerator, pace.denominator),
        properties=properties or {},
        nodes=tuple(nodes),
    )


def timeline(
    video: Sequence[Sequence[ItemSpec]],
    audio: Sequence[Sequence[ItemSpec]] = (),
    rate: tuple[int, int] = (24, 1),
    size: tuple[int, int] = (320, 180),
    start: int = 0,
    drop_frame: bool = False,
) -> TimelineSpec:
    """A timeline; its end is that of the last item."""
    tracks = tuple(TrackSpec(True, tuple(items)) for items in video)
    sounds = tuple(TrackSpec(True, tuple(items)) for items in audio)
    end = max((entry.end for track in (*tracks, *sounds) for entry in track.items), default=start)
    return TimelineSpec("cut", rate, drop_frame, *size, start, end, tracks, sounds)


def job(
    of: TimelineSpec, path: Path, form: str = "mp4", codec: str = "H264", job_id: str = "job", **output: Any
) -> RenderSpec:
    """A job over the whole timeline at its own size, unless `output` says otherwise."""
    fields: dict[str, Any] = {"width": of.width, "height": of.height, "first": of.start, "last": of.end - 1}
    fields.update(output)
    return RenderSpec(job_id, of, OutputSpec(str(path), form, codec, **fields))


def rendered(spec: RenderSpec) -> Path:
    """Render in this process; answers the file."""
    render(spec, threading.Event(), lambda done: None)
    return Path(spec.output.path)


def picture(of: TimelineSpec, frame: int, size: tuple[int, int] | None = None) -> NDArray[numpy.float64]:
    """A frame of a timeline as floats, height x width x RGB, 0 to 255."""
    from resolve_engine.media.av_safe.pictures import packed_rgb
    from resolve_engine.render.compositor import Compositor

    width, height = size or (of.width, of.height)
    compositor = Compositor(of, width, height, "rgb24")
    try:
        data = packed_rgb(compositor.picture(frame))
    finally:
        compositor.close()
    return numpy.frombuffer(data, numpy.uint8).reshape(height, width, 3).astype(numpy.float64)


def psnr(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Likeness of two pictures of 0 to 255 in decibels; 120 for equal ones."""
    error = float(((one.astype(numpy.float64) - other.astype(numpy.float64)) ** 2).mean())
    return 120.0 if error == 0 else min(120.0, 10 * float(numpy.log10(255**2 / error)))
