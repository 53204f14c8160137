"""Opening files for reading: the checks that stand between a path and FFmpeg."""

from __future__ import annotations

import os
import stat
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import av.error
from av.audio.stream import AudioStream as AudioStream
from av.video.stream import VideoStream as VideoStream

from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from av.container.input import InputContainer

MAX_PIXELS = 1 << 28
"""Largest picture that is decoded: 268 million pixels (16k x 16k); a forged header could else ask for all memory."""

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,mxf,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,obu,ivf,dv,asf,flv,gxf,nut,"
    "wav,w64,aiff,caf,au,flac,mp3,aac,ac3,eac3,ogg"
)
"""FFmpeg's names of the formats that may be opened. Text (`tty`), playlists and devices are not among them."""

PICTURES = (
    "png_pipe,jpeg_pipe,tiff_pipe,exr_pipe,dpx_pipe,bmp_pipe,webp_pipe,j2k_pipe,jpegls_pipe,psd_pipe,pbm_pipe,"
    "pgm_pipe,ppm_pipe,sgi_pipe,hdr_pipe,image2"
)
"""The formats of single pictures. Files are read by these, never by name patterns, so `a%05d.png` is one file."""

_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "png_pipe"),
    (b"\xff\xd8\xff", 0, "jpeg_pipe"),
    (b"II*\x00", 0, "tiff_pipe"),
    (b"MM\x00*", 0, "tiff_pipe"),
    (b"\x76\x2f\x31\x01", 0, "exr_pipe"),
    (b"SDPX", 0, "dpx_pipe"),
    (b"XPDS", 0, "dpx_pipe"),
    (b"\x80\x2a\x5f\xd7", 0, "image2"),
    (b"WEBP", 8, "webp_pipe"),
    (b"\x00\x00\x00\x0cjP  ", 0, "j2k_pipe"),
    (b"\xff\x4f\xff\x51", 0, "j2k_pipe"),
    (b"8BPS", 0, "psd_pipe"),
    (b"BM", 0, "bmp_pipe"),
    (b"#?RADIANCE", 0, "hdr_pipe"),
)
"""How a picture file begins: bytes, their offset, FFmpeg's format."""


class Source:
    """An open file. Belongs to the thread that opened it."""

    def __init__(self, path: str, container: InputContainer, picture: bool) -> None:
        self.path = path
        self.container = container
        self.is_picture = picture
        """Whether the file holds one picture rather than a film."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        self.container.close()

    @property
    def video(self) -> VideoStream | None:
        """The first moving or still picture; a cover in a sound file does not count."""
        for stream in self.container.streams.video:
            if not stream.disposition & av.stream.Disposition.attached_pic and stream.codec_context is not None:
                return stream
        return None

    @property
    def audio(self) -> list[AudioStream]:
        """All sound streams that have a decoder."""
        return [stream for stream in self.container.streams.audio if stream.codec_context is not None]


def open_source(path: str, undecoded: bool = False) -> Source:
    """Open a media file, or raise `MediaError` with a sentence that says why it cannot be. With `undecoded` no picture
    is decoded to know it better: a tenth of the time at 1080p, and pictures that are read may come out of order."""
    absolute = os.path.abspath(path)
    check_file(absolute)
    picture = sniff_picture(absolute)
    allowed = PICTURES if picture else CONTAINERS
    options = {"format_whitelist": allowed, "protocol_whitelist": "file", "max_pixels": str(MAX_PIXELS)}
    if undecoded:
        options["skip_frame"] = "all"
    if picture == "image2":
        options["pattern_type"] = "none"
    try:
        container = av.open(absolute, "r", format=picture, options=options, metadata_errors="replace")
    except Exception as error:
        raise failure(absolute, error) from error
    return Source(absolute, container, picture is not None)


REORDERED = frozenset({"h264", "hevc"})
"""Codecs that say at their head how far their pictures are out of order, or whose container does, if any are."""


def open_film(path: str) -> Source:
    """Open a file to read its pictures. Where its head says all that a decoder has to know, none is decoded for that:
    at 1080p it costs a tenth."""
    source = open_source(path, undecoded=True)
    if source.is_picture or all(_says_order(stream) for stream in source.container.streams.video):
        return source
    source.close()
    return open_source(path)


def _says_order(stream: VideoStream) -> bool:
    """Whether it is known of a stream how many pictures its decoder has to hold back: none may stand for unknown."""
    context = stream.codec_context
    return context is not None and context.name in REORDERED and bool(context.has_b_frames) and context.width > 0


def check_file(path: str) -> None:
    """Refuse what is not a regular file with something in it: a pipe would block for ever."""
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise MediaError(f"{quoted(path)} does not exist; check the path", "not_found") from error
    except OSError as error:
        raise MediaError(f"{quoted(path)} cannot be read: {error.strerror}", "not_readable") from error
    except ValueError as error:
        raise MediaError(f"{quoted(path)} is not a path: {error}", "invalid_argument") from error
    if stat.S_ISDIR(status.st_mode):
        raise MediaError(f"{quoted(path)} is a folder, not a media file; name the files in it", "unsupported")
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f"{quoted(path)} is not a regular file; only files on disk can be imported", "unsupported")
    if status.st_size == 0:
        raise MediaError(f"{quoted(path)} is empty (zero bytes); copy it again from its origin", "unsupported")
    if not os.access(path, os.R_OK):
        raise MediaError(f"{quoted(path)} may not be read; change its permissions", "not_readable")


def sniff_picture(path: str) -> str | None:
    """FFmpeg's format of a single picture file, by its first bytes (or `.tga`, which has none); else None."""
    try:
        with open(path, "rb") as file:
            head = file.read(16)
    except OSError as error:
        raise MediaError(f"{quoted(path)} cannot be read: {error.strerror}", "not_readable") from error
    for magic, offset, name in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return name
    return "image2" if path.lower().endswith(".tga") else None


def failure(path: str, error: BaseException) -> MediaError:
    """The sentence for what FFmpeg raised; its exceptions are not uniform."""
    if isinstance(error, MediaError):
        return error
    if isinstance(error, av.error.InvalidDataError | av.error.EOFError | av.error.DemuxerNotFoundError):
        return MediaError(
            f"{quoted(path)} is not a media file that can be read, or it is damaged; check that it plays elsewhere",
            "unsupported",
        )
    if isinstance(error, av.error.FFmpegError):
        if error.errno == 22:
            return MediaError(
                f"{quoted(path)} is of a kind that is not supported as media; convert it, for instance to a QuickTime"
                " movie",
                "unsupported",
            )
        return MediaError(f"{quoted(path)} cannot be read: {(error.strerror or str(error)).lower()}", "not_readable")
    if isinstance(error, OSError):
        return MediaError(f"{quoted(path)} cannot be read: {error.strerror or error}", "not_readable")
    return MediaError(f"{quoted(path)} cannot be read: {type(error).__name__}: {error}", "unsupported")
