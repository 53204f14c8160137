"""Writing files: an encoder gets only what it lists, and a file is closed by the thread that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import av.error
import numpy
from av.audio.frame import AudioFrame

from resolve_engine.media.av_safe import captions
from resolve_engine.media.av_safe.pictures import BT601, BT709, FULL, LIMITED, is_jpeg, is_rgb
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resolve_engine.media.av_safe.pictures import Picture


@dataclass(frozen=True)
class VideoTarget:
    """How to encode pictures."""

    encoder: str
    pixel_format: str
    width: int
    height: int
    rate: Fraction
    """Frames per second."""
    options: Mapping[str, str] = field(default_factory=dict)
    bit_rate: int = 0
    """Bits per second; 0 leaves it to the options."""
    tag: str = ""
    """The codec's four letters in the file; '' for FFmpeg's own choice."""
    colours: tuple[int, int] = (BT709, BT709)
    """FFmpeg's numbers of the primaries and of the transfer that the file says."""


@dataclass(frozen=True)
class AudioTarget:
    """How to encode sound, always stereo."""

    encoder: str
    sample_rate: int
    bit_rate: int = 0
    """Bits per second; 0 leaves it to the encoder."""
    sample_format: str = ""
    """FFmpeg's format of a sample; '' for the encoder's first."""


class FilmWriter:
    """One film or sound file on its way to the disk."""

    def __init__(
        self,
        path: str,
        muxer: str,
        video: VideoTarget | None,
        audio: AudioTarget | None,
        timecode: str | None,
        options: Mapping[str, str],
        subtitles: str = "",
    ) -> None:
        """`subtitles` is FFmpeg's name of the codec of a track of them; '' for none."""
        self._path = path
        try:
            self._container = av.open(path, "w", format=muxer, options=dict(options))
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise cannot_write(path, error) from error
        try:
            self._video: Any = self._add_video(video, timecode) if video is not None else None
            self._audio: Any = self._add_audio(audio) if audio is not None else None
            self._text: Any = captions.add_track(self._container, subtitles) if subtitles else None
        except (OSError, ValueError, TypeError, av.error.FFmpegError) as error:
            self._container.close()
            raise MediaError(f"the encoder cannot be set up: {error}", "unsupported") from error
        self._subtitles = subtitles
        self._samples = 0
        self._sample_rate = audio.sample_rate if audio is not None else 0
        self._closed = False

    def _add_video(self, target: VideoTarget, timecode: str | None) -> Any:
        formats = av.codec.Codec(target.encoder, "w").video_formats or []
        if target.pixel_format not in [form.name for form in formats]:
            raise MediaError(f"the encoder {target.encoder} does not take {target.pixel_format}", "unsupported")
        stream: Any = self._container.add_stream(target.encoder, rate=target.rate, options=dict(target.options))
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = target.width, target.height, target.pixel_format
        # As the program `ffmpeg` has it. PyAV's own choice cuts each picture into slices, which wait for one another.
        context.thread_count, context.thread_type = 0, "AUTO"
        if target.bit_rate:
            context.bit_rate = target.bit_rate
        if target.tag:
            context.codec_tag = target.tag
        if is_jpeg(target.pixel_format):
            context.colorspace, context.color_range = BT601, FULL
        elif not is_rgb(target.pixel_format):
            context.colorspace, context.color_range = BT709, LIMITED
        context.color_primaries, context.color_trc = target.colours
        if timecode is not None:
            stream.metadata["timecode"] = timecode
        return stream

    def _add_audio(self, target: AudioTarget) -> Any:
        stream: Any = self._container.add_stream(target.encoder, rate=target.sample_rate, layout="stereo")
        if target.bit_rate:
            stream.codec_context.bit_rate = target.bit_rate
        if target.sample_format:
            stream.codec_context.format = target.sample_format
        return stream

    def write_picture(self, picture: Picture, number: int) -> None:
        """Encode a picture as the frame with this number, counted from 0."""
        stream = self._video
        picture.pts = number
        picture.time_base = 1 / stream.codec_context.framerate
        picture.pict_type = 0
        # ProRes says what its pictures say, other encoders what they were told.
        context = stream.codec_context
        picture.color_primaries, picture.color_trc = context.color_primaries, context.color_trc
        self._mux(stream, picture)

    def write_sound(self, samples: NDArray[numpy.float32]) -> None:
        """Encode the next samples, an array of samples x 2."""
        if not len(samples):
            return
        packed = numpy.ascontiguousarray(samples, numpy.float32).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
        frame.sample_rate = self._sample_rate
        frame.pts, frame.time_base = self._samples, Fraction(1, self._sample_rate)
        self._samples += len(samples)
        self._mux(self._audio, frame)

    def write_subtitle(self, cue: captions.Cue) -> None:
        """Write a subtitle; they come in order, each about when the picture that it begins with does."""
        try:
            self._container.mux(captions.packet(self._text, self._subtitles, cue))
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise cannot_write(self._path, error) from error

    def finish(self) -> None:
        """Write what the encoders still hold and the file's index."""
        for stream in (self._video, self._audio):
            if stream is not None:
                self._mux(stream, None)
        self._closed = True
        try:
            self._container.close()
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise cannot_write(self._path, error) from error

    def abandon(self) -> None:
        """Close the file as it is; what was written is of no use."""
        if self._closed:
            return
        self._closed = True
        try:
            self._container.close()
        except (OSError, ValueError, av.error.FFmpegError):
            return  # the file is thrown away, and the reason for that was told already

    def _mux(self, stream: Any, frame: Any) -> None:
        try:
            self._container.mux(stream.encode(frame))
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise cannot_write(self._path, error) from error


def opens(encoder: str) -> bool:
    """Whether an encoder of pictures opens on this machine, tried at a small size; never raises."""
    try:
        forms = [form.name for form in av.codec.Codec(encoder, "w").video_formats or []]
        context: Any = av.codec.CodecContext.create(encoder, "w")
        context.width, context.height, context.time_base = 320, 240, Fraction(1, 24)
        context.pix_fmt = next((form for form in ("yuv420p", "nv12") if form in forms), forms[0] if forms else "")
        context.open()
    except (OSError, ValueError, av.error.FFmpegError, av.codec.codec.UnknownCodecError):
        return False
    return True


def encode_picture(picture: Picture, encoder: str, options: Mapping[str, str]) -> bytes:
    """One picture file as bytes."""
    try:
        context: Any = av.codec.CodecContext.create(encoder, "w")
        context.width, context.height, context.pix_fmt = picture.width, picture.height, picture.format.name
        context.time_base = Fraction(1, 24)
        context.options = dict(options)
        picture.pts = 0
        packets = [*context.encode(picture), *context.encode(None)]
    except (OSError, ValueError, av.error.FFmpegError) as error:
        raise MediaError(f"a picture cannot be encoded with {encoder}: {error}") from error
    return b"".join(bytes(packet) for packet in packets)


def cannot_write(path: str, error: Exception) -> MediaError:
    """The sentence for a file that cannot be written."""
    number = getattr(error, "errno", None)
    if number in (28, 122, 27):
        return MediaError(
            f"{quoted(path)} cannot be written: the disk is full or a limit on file size is reached; free some space",
            "no_space",
        )
    what = getattr(error, "strerror", None) or str(error)
    return MediaError(f"{quoted(path)} cannot be written: {str(what).lower()}", "failed")
