"""Looking into a media file: what streams, how long, what rate, what timecode. Runs in the worker process."""

from __future__ import annotations

import datetime
import os
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from resolve_engine.media import sequence
from resolve_engine.media.av_safe import open_source, pictures
from resolve_engine.media.av_safe.opening import MAX_PIXELS, Source
from resolve_engine.media.av_safe.packets import Extent, first_picture, measure
from resolve_engine.media.errors import MediaError, quoted
from resolve_engine.media.info import AudioStream, MediaInfo, ProbeFailure, Ratio, VideoStream
from resolve_engine.media.rates import is_variable, nominal, snapped

if TYPE_CHECKING:
    from resolve_engine.media.av_safe.opening import AudioStream as AvAudioStream
    from resolve_engine.media.av_safe.opening import VideoStream as AvVideoStream

STILL_RATE: Ratio = (24, 1)
"""Rate that stills and sequences are counted in when they carry none, as Resolve's default project has it."""

_FIELD_ORDERS = {1: "progressive", 2: "tt", 3: "bb", 4: "tb", 5: "bt"}
_CANONICAL = {"libdav1d": "av1", "libaom-av1": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "mpeg1video": "mpeg1video"}


def probe(request: str | dict[str, Any]) -> MediaInfo | ProbeFailure:
    """What is in a file, a folder that holds one image sequence, a picture that belongs to one, or a stated sequence.

    `request` is a path, or `{"path": …, "sequence": False}` for a picture that is to stay single, or
    `{"pattern": "/x/shot_%04d.png", "first": 1, "last": 48}`. Never raises for what the file is.
    """
    shown = ""
    try:
        if isinstance(request, str):
            shown = request
            return _probe_path(request, True)
        if "pattern" in request:
            shown = str(request["pattern"])
            run = sequence.from_pattern(shown, int(request["first"]), int(request["last"]))
            return _probe_sequence(run)
        shown = str(request["path"])
        return _probe_path(shown, bool(request.get("sequence", True)))
    except MediaError as error:
        return ProbeFailure(shown, error.reason)
    except Exception as error:  # noqa: BLE001  FFmpeg's exceptions are not uniform; this is the boundary
        return ProbeFailure(shown, f"{quoted(shown)} cannot be read: {type(error).__name__}: {error}")


def _probe_path(path: str, as_sequence: bool) -> MediaInfo:
    absolute = os.path.abspath(path)
    if os.path.isdir(absolute):
        try:
            runs = sequence.in_folder(absolute)
        except OSError as error:
            raise MediaError(f"{quoted(path)} cannot be read: {error.strerror}", "not_readable") from error
        if len(runs) != 1:
            what = "no image sequence" if not runs else f"{len(runs)} image sequences"
            raise MediaError(f"the folder {quoted(path)} holds {what}; name the files to import", "unsupported")
        return _probe_sequence(runs[0])
    if as_sequence and os.path.isfile(absolute):
        run = sequence.around(absolute)
        if run is not None:
            return _probe_sequence(run)
    with open_source(absolute) as source:
        if source.is_picture:
            return _still(source, absolute)
        return _film(source, absolute)


def _probe_sequence(run: sequence.Sequence) -> MediaInfo:
    size = 0
    newest = 0.0
    oldest = float("inf")
    for index in range(run.frames):
        try:
            status = os.stat(run.file(index))
        except OSError as error:
            raise MediaError(
                f"frame {run.first + index} of {quoted(run.shown)} cannot be read: {error.strerror}; give a range whose"
                " files all exist",
                "not_found",
            ) from error
        size += status.st_size
        newest = max(newest, status.st_mtime)
        oldest = min(oldest, status.st_mtime)
    with open_source(run.file(0)) as source:
        if not source.is_picture:
            raise MediaError(f"{quoted(run.file(0))} is not a picture", "unsupported")
        video = _picture_stream(source, run.frames)
        metadata = dict(source.container.metadata)
        container = source.container.format.name
    return MediaInfo(
        path=run.shown,
        kind="sequence",
        container=container,
        size=size,
        modified=newest,
        created=oldest,
        video=video,
        audio=(),
        start_timecode=None,
        reel="",
        metadata=metadata,
        sequence_first=run.first,
        sequence_digits=run.digits,
    )


def _still(source: Source, path: str) -> MediaInfo:
    status = os.stat(path)
    video = _picture_stream(source, 1)
    return MediaInfo(
        path=path,
        kind="still",
        container=source.container.format.name,
        size=status.st_size,
        modified=status.st_mtime,
        created=status.st_mtime,
        video=video,
        audio=(),
        start_timecode=None,
        reel="",
        metadata=dict(source.container.metadata),
    )


def _film(source: Source, path: str) -> MediaInfo:
    container = source.container
    status = os.stat(path)
    metadata = {**container.metadata}
    timecode, reel = _timecode_and_reel(source)
    measured = _Measured(path)
    sounds = tuple(_audio_stream(stream, measured) for stream in source.audio)
    picture = source.video
    video = _video_stream(source, picture, measured) if picture is not None else None
    if video is None and not sounds:
        raise MediaError(f"{quoted(path)} has neither picture nor sound that can be decoded", "unsupported")
    if video is None and all(sound.samples == 0 for sound in sounds):
        raise MediaError(f"{quoted(path)} holds no sound samples; it may be cut off", "unsupported")
    return MediaInfo(
        path=path,
        kind="video" if video is not None else "audio",
        container=container.format.name,
        size=status.st_size,
        modified=status.st_mtime,
        created=_created(metadata, status.st_mtime),
        video=video,
        audio=sounds,
        start_timecode=timecode,
        reel=reel,
        metadata=metadata,
    )


class _Measured:
    """The file's packets, counted once and only when the container does not say enough."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._extents: dict[int, Extent] | None = None

    def extent(self, index: int) -> Extent:
        """Of the stream with this index."""
        if self._extents is None:
            self._extents = measure(self._path)
        return self._extents.get(index, Extent(0, Fraction(0)))


def _picture_stream(source: Source, frames: int) -> VideoStream:
    stream = source.video
    if stream is None:
        raise MediaError(f"{quoted(source.path)} holds no picture that can be decoded", "unsupported")
    return _video_facts(source, stream, STILL_RATE, frames, variable=False)


def _video_stream(source: Source, stream: AvVideoStream, measured: _Measured) -> VideoStream:
    average = stream.average_rate or stream.guessed_rate or stream.base_rate
    if not average:
        raise MediaError(f"{quoted(source.path)} does not say its frame rate, so its frames cannot be counted")
    variable = is_variable(stream.average_rate, stream.base_rate)
    rate = nominal(average) if variable else snapped(average)
    frames = _frame_count(source, stream, rate, variable, measured)
    if frames <= 0:
        raise MediaError(f"{quoted(source.path)} holds no complete frame; it may be cut off", "unsupported")
    return _video_facts(source, stream, (rate.numerator, rate.denominator), frames, variable)


def _frame_count(source: Source, stream: AvVideoStream, rate: Fraction, variable: bool, measured: _Measured) -> int:
    """From the container where it says it, else measured by reading the file's packets."""
    if stream.frames and not variable:
        return int(stream.frames)
    seconds = stream.duration * stream.time_base if stream.duration and stream.time_base else None
    if variable or (seconds is not None and source.container.format.name in ("mxf", "mxf_opatom")):
        return round((seconds or measured.extent(stream.index).seconds) * rate)
    return measured.extent(stream.index).count


def _video_facts(source: Source, stream: AvVideoStream, rate: Ratio, frames: int, variable: bool) -> VideoStream:
    context = stream.codec_context
    width, height = context.width, context.height
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"{quoted(source.path)} says that it is {width} x {height} pixels, more than the {MAX_PIXELS} that can be"
            " decoded",
            "unsupported",
        )
    frame = first_picture(source, stream)
    if frame is None:
        raise MediaError(
            f"no frame of {quoted(source.path)} could be decoded; the file is damaged or cut off", "unsupported"
        )
    space, primaries, transfer = pictures.colour_names(frame.colorspace, frame.color_primaries, frame.color_trc)
    name = frame.format.name
    aspect = stream.sample_aspect_ratio
    return VideoStream(
        width=frame.width,
        height=frame.height,
        rate=rate,
        frames=frames,
        codec=_codec_name(stream),
        profile=context.profile or "",
        pixel_format=name,
        bit_depth=pictures.bit_depth(name),
        has_alpha=pictures.has_alpha(name) and name != "pal8",
        sample_aspect=(aspect.numerator, aspect.denominator) if aspect else (1, 1),
        color_range=pictures.range_name(frame.color_range),
        color_space=space,
        color_primaries=primaries,
        color_transfer=transfer,
        field_order=_FIELD_ORDERS.get(context.field_order, "unknown"),
        rotation=-frame.rotation % 360,
        variable_rate=variable,
        stream_index=stream.index,
    )


def _audio_stream(stream: AvAudioStream, measured: _Measured) -> AudioStream:
    context = stream.codec_context
    rate = context.sample_rate
    samples = 0
    if rate:
        if stream.duration and stream.time_base:
            samples = round(stream.duration * stream.time_base * rate)
        else:
            samples = round(measured.extent(stream.index).seconds * rate)
    return AudioStream(
        channels=context.channels,
        layout=_layout_name(context.layout.name, context.channels),
        sample_rate=rate,
        samples=samples,
        codec=_codec_name(stream),
        bit_depth=_audio_depth(_codec_name(stream), context.format.bits),
        stream_index=stream.index,
    )


def _audio_depth(codec: str, bits: int) -> int:
    """PCM says it in its name; a lossless codec that decodes to 32 bits holds 24; else the decoder's samples."""
    if codec.startswith("pcm_"):
        digits = "".join(c for c in codec[4:] if c.isdigit())
        return int(digits) if digits else bits
    return 24 if codec in ("flac", "alac", "wavpack") and bits == 32 else bits


def _layout_name(name: str, channels: int) -> str:
    """A file that names no layout (`2 channels`) means the plain one of its count."""
    return {1: "mono", 2: "stereo"}.get(channels, name) if name.endswith(" channels") or channels == 1 else name


def _codec_name(stream: AvVideoStream | AvAudioStream) -> str:
    codec = stream.codec_context.codec
    return _CANONICAL.get(codec.name, codec.canonical_name or codec.name)


def _timecode_and_reel(source: Source) -> tuple[str | None, str]:
    """From the picture, a timecode track, or the whole file (MXF), in this order."""
    timecode: str | None = None
    reel = ""
    places: list[dict[str, str]] = []
    if source.video is not None:
        places.append(source.video.metadata)
    places.extend(stream.metadata for stream in source.container.streams if stream.type == "data")
    places.append(source.container.metadata)
    for place in places:
        lowered = {key.lower(): value for key, value in place.items()}
        timecode = timecode or lowered.get("timecode")
        reel = reel or lowered.get("reel_name", "")
    return timecode, reel


def _created(metadata: dict[str, str], modified: float) -> float:
    """When the recorder says that it was made, else when the file was last written."""
    text = metadata.get("creation_time", "")
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return modified
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.timestamp()
