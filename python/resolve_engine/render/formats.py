"""What can be rendered: Resolve's formats and codec ids, and the encoder that makes each.

Imports nothing heavy: the API process lists formats without loading FFmpeg.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from resolve_engine.media.errors import MediaError


@dataclass(frozen=True)
class VideoCodec:
    """One way to encode pictures."""

    id: str
    """Resolve's id, as its setters take it."""
    description: str
    """As the Deliver page shows it."""
    encoder: str
    """FFmpeg's encoder."""
    pixel_format: str
    options: dict[str, str] = field(default_factory=dict)
    rate_control: str = ""
    """The encoder's option for its constant quality, when a quality level or a bit rate can be asked for; '' when the
    codec has its own fixed rate."""
    tag: str = ""
    """The four letters that name the codec in the file, where FFmpeg's own choice plays in fewer places."""
    even: bool = True
    """Whether width and height must be even."""
    least: tuple[int, int] = (16, 16)
    """Smallest width and height that the encoder takes."""
    alpha: str = ""
    """The pixel format that carries transparency, too; '' where the codec has none."""
    muxer: str = ""
    """FFmpeg's muxer where it is not the format's."""
    muxing: dict[str, str] = field(default_factory=dict)
    """Options of the muxer beside the format's."""
    audio: tuple[str, ...] = ()
    """Ids of the sound codecs that go with it, the default first, where they are not the format's."""
    profiles: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Resolve's EncodingProfile to the encoder's profile and its pixel format."""


@dataclass(frozen=True)
class Format:
    """One kind of file."""

    id: str
    """Resolve's id, which for most is the extension."""
    description: str
    extension: str
    muxer: str
    """FFmpeg's muxer; '' for a sequence of pictures."""
    video: tuple[VideoCodec, ...]
    audio: tuple[str, ...]
    """Ids of the sound codecs that it carries beside pictures, the default first."""
    options: dict[str, str] = field(default_factory=dict)
    timecode: bool = True
    """Whether the file carries a start timecode."""
    subtitles: str = ""
    """FFmpeg's name of the codec of a track of subtitles; '' where the file carries none."""


_CRF_264, _CRF_265, _CRF_AV1 = "19", "22", "28"
"""Automatic quality: no visible loss at 1080p, measured as the size of Resolve's own automatic setting or below."""

_H264 = VideoCodec(
    "H264", "H.264", "libx264", "yuv420p", {"preset": "veryfast", "crf": _CRF_264}, rate_control="crf",
    profiles={name: (name.lower(), "yuv420p") for name in ("Main", "High")} | {"Base": ("baseline", "yuv420p")},
)  # fmt: skip
_H265 = VideoCodec(
    "H265", "H.265", "libx265", "yuv420p",
    {"preset": "superfast", "crf": _CRF_265, "x265-params": "log-level=none"}, rate_control="crf", tag="hvc1",
    profiles={"Main": ("main", "yuv420p"), "Main10": ("main10", "yuv420p10le")},
)  # fmt: skip
_AV1 = VideoCodec(
    "AV1", "AV1", "libsvtav1", "yuv420p", {"preset": "9", "crf": _CRF_AV1}, rate_control="crf", least=(64, 64)
)
"""SVT-AV1 warns of artifacts from preset 10 on, and rightly: blocks of flat pictures stood still."""
_AV1_QUICKTIME = replace(_AV1, muxer="mp4", muxing={"brand": "qt  "}, audio=("aac",))
"""FFmpeg's QuickTime muxer refuses AV1; its MP4 muxer writes the same boxes, but linear PCM in a way of its own."""
_MJPEG = VideoCodec("MJPEG", "Motion JPEG", "mjpeg", "yuvj422p", {"qmin": "2", "qmax": "3"})


def _prores(id_: str, description: str, profile: int, pixel_format: str, alpha: str = "") -> VideoCodec:
    return VideoCodec(
        id_, description, "prores_aw", pixel_format, {"profile": str(profile), "vendor": "apl0"}, alpha=alpha
    )


def _dnxhr(id_: str, description: str, profile: str, pixel_format: str) -> VideoCodec:
    options = {"profile": f"dnxhr_{profile}"}
    return VideoCodec(id_, description, "dnxhd", pixel_format, options, least=(256, 120))


_PRORES = (
    _prores("ProRes422HQ", "Apple ProRes 422 HQ", 3, "yuv422p10le"),
    _prores("ProRes422", "Apple ProRes 422", 2, "yuv422p10le"),
    _prores("ProRes422LT", "Apple ProRes 422 LT", 1, "yuv422p10le"),
    _prores("ProRes422P", "Apple ProRes 422 Proxy", 0, "yuv422p10le"),
    _prores("ProRes4444", "Apple ProRes 4444", 4, "yuv444p10le", "yuva444p10le"),
    _prores("ProRes4444XQ", "Apple ProRes 4444 XQ", 5, "yuv444p10le", "yuva444p10le"),
)
_DNXHR = (
    _dnxhr("DNxHR444_10", "DNxHR 444 10-bit", "444", "yuv444p10le"),
    _dnxhr("DNxHRHQX_10", "DNxHR HQX 10-bit", "hqx", "yuv422p10le"),
    _dnxhr("DNxHRHQ", "DNxHR HQ", "hq", "yuv422p"),
    _dnxhr("DNxHRSQ", "DNxHR SQ", "sq", "yuv422p"),
    _dnxhr("DNxHRLB", "DNxHR LB", "lb", "yuv422p"),
)
_FFV1 = tuple(
    VideoCodec(
        id_, description, "ffv1", form, {"level": "3", "slices": "4"}, even=even, alpha=form if form == "bgra" else ""
    )
    for id_, description, form, even in (
        ("FFV1YUV420_8", "FFV1 YUV 420 8-bit", "yuv420p", True),
        ("FFV1YUV422_8", "FFV1 YUV 422 8-bit", "yuv422p", True),
        ("FFV1YUV422_10", "FFV1 YUV 422 10-bit", "yuv422p10le", True),
        ("FFV1RGBA_8", "FFV1 RGBA 8-bit", "bgra", False),
    )
)


def _picture(
    id_: str, description: str, encoder: str, pixel_format: str, alpha: str = "", **options: str
) -> VideoCodec:
    return VideoCodec(id_, description, encoder, pixel_format, options, even=False, alpha=alpha)


_EXR = tuple(
    VideoCodec(
        f"RGB{name}{id_}", f"RGB {name.lower()} ({label})", "exr", "gbrpf32le",
        {"format": kind, "compression": compression}, even=False, alpha="gbrapf32le",
    )
    for name, kind in (("Half", "half"), ("Float", "float"))
    for id_, label, compression in (
        ("", "No Compression", "none"),
        ("RLE", "RLE Compression", "rle"),
        ("ZIP", "ZIP Compression", "zip16"),
        ("ZIP1", "ZIP1 Compression", "zip1"),
    )
)  # fmt: skip


def _hardware(kind: str, name: str, maker: str, encoder: str, quality: str) -> VideoCodec:
    options = {"rc": "vbr", quality: "21"} if quality == "cq" else {quality: "21"} if quality else {}
    return VideoCodec(
        f"{kind}_{maker.upper().replace(' ', '_')}", f"{name} {maker}", encoder,
        "yuv420p" if quality == "cq" else "nv12", options, rate_control=quality or "bit_rate",
        tag="hvc1" if kind == "H265" else "", least=(160, 96),
    )  # fmt: skip


HARDWARE = tuple(
    _hardware(kind, name, maker, f"{codec}_{suffix}", quality)
    for kind, name, codec in (("H264", "H.264", "h264"), ("H265", "H.265", "hevc"), ("AV1", "AV1", "av1"))
    for maker, suffix, quality in (
        ("NVIDIA", "nvenc", "cq"),
        ("Intel Quick Sync", "qsv", "global_quality"),
        ("VideoToolbox", "videotoolbox", ""),
    )
    if (kind, maker) != ("AV1", "VideoToolbox")
)
"""Encoders of graphics cards that take pictures from the machine's memory, which VA-API's do not: PyAV cannot put
pictures on a card for them. Which of these open on a machine is found out by `render.hardware`."""

_MOVIE_FLAGS = {"movflags": "+faststart", "write_tmcd": "1"}

FORMATS: dict[str, Format] = {
    form.id: form
    for form in (
        Format(
            "mov", "QuickTime", "mov", "mov", (_H264, _H265, _AV1_QUICKTIME, _MJPEG, *_PRORES, *_DNXHR),
            ("lpcm", "aac"), _MOVIE_FLAGS, subtitles="mov_text",
        ),
        Format("mp4", "MP4", "mp4", "mp4", (_H264, _H265, _AV1), ("aac",), _MOVIE_FLAGS, subtitles="mov_text"),
        Format("mxf_op1a", "MXF OP1A", "mxf", "mxf", _DNXHR, ("lpcm",)),
        Format(
            "mkv", "MKV", "mkv", "matroska", (_H264, _H265, _AV1, *_FFV1), ("aac", "lpcm", "flac", "mp3"),
            subtitles="subrip",
        ),
        Format("tif", "TIFF", "tif", "", (
            _picture("RGB8", "RGB 8 bits", "tiff", "rgb24", "rgba", compression_algo="raw"),
            _picture("RGB8LZW", "RGB 8 bits LZW", "tiff", "rgb24", "rgba", compression_algo="lzw"),
            _picture("RGB16", "RGB 16 bits", "tiff", "rgb48le", "rgba64le", compression_algo="raw"),
            _picture("RGB16LZW", "RGB 16 bits LZW", "tiff", "rgb48le", "rgba64le", compression_algo="lzw"),
        ), ()),
        Format("png", "PNG", "png", "", (
            _picture("RGB8", "RGB 8 bits", "png", "rgb24", "rgba"),
            _picture("RGB16", "RGB 16 bits", "png", "rgb48be", "rgba64be"),
        ), ()),
        Format("dpx", "DPX", "dpx", "", (
            _picture("RGB10", "RGB 10 bits", "dpx", "gbrp10be"),
            _picture("RGB12", "RGB 12 bits", "dpx", "gbrp12be"),
            _picture("RGB16", "RGB 16 bits", "dpx", "rgb48be"),
        ), ()),
        Format("exr", "EXR", "exr", "", _EXR, ()),
        Format("wav", "Wave", "wav", "wav", (), ("lpcm",), timecode=False),
        Format("flac", "FLAC", "flac", "flac", (), ("flac",), timecode=False),
        Format("mp3", "MP3", "mp3", "mp3", (), ("mp3",), timecode=False),
    )
}  # fmt: skip
"""All formats by Resolve's id."""

SOUND_ALONE = ("flac", "mp3", "mp4", "mov", "wav")
"""Ids of the formats that a render without pictures can be, as `GetAudioRenderFormats` orders them."""

AUDIO_CODECS: dict[str, str] = {"lpcm": "Linear PCM", "aac": "AAC", "flac": "FLAC", "mp3": "MP3"}
"""Description of each sound codec by Resolve's id."""

QUALITY_LEVELS = {"least": 9, "low": 6, "medium": 3, "high": 0, "best": -3}
"""What Resolve's words add to the automatic quality (crf; less is better)."""


def render_formats() -> dict[str, str]:
    """As `Project.GetRenderFormats`: what the Deliver page shows to Resolve's id, for files with pictures, and Wave."""
    return {form.description: form.id for form in FORMATS.values() if form.video or form.id == "wav"}


def render_codecs(format_id: str) -> dict[str, str]:
    """As `Project.GetRenderCodecs`: description to id; empty for an unknown format and for Wave, as in Resolve."""
    form = FORMATS.get(format_id)
    return {codec.description: codec.id for codec in form.video} if form else {}


def hardware_codecs(format_id: str) -> tuple[VideoCodec, ...]:
    """The codecs of a format that need an encoder in hardware; each machine opens its own, or none of them."""
    form = FORMATS.get(format_id)
    kinds = {codec.id for codec in form.video} if form else set()
    return tuple(codec for codec in HARDWARE if codec.id.partition("_")[0] in kinds)


def audio_formats() -> dict[str, str]:
    """As `Project.GetAudioRenderFormats`: description to id of the formats that carry sound alone."""
    return {FORMATS[id_].description: id_ for id_ in SOUND_ALONE}


def audio_codecs(format_id: str) -> dict[str, str]:
    """As `Project.GetAudioRenderCodecs`: description to id of the sound codecs of a format."""
    form = FORMATS.get(format_id)
    return {AUDIO_CODECS[codec]: codec for codec in form.audio} if form else {}


def file_extension(format_id: str) -> str:
    """The extension of a format's files, without the dot."""
    return format_of(format_id).extension


def is_sequence(format_id: str) -> bool:
    """Whether the format is one file for each frame."""
    return not format_of(format_id).muxer


def format_of(format_id: str) -> Format:
    """The format with this id, or an error that lists the ones there are."""
    form = FORMATS.get(format_id)
    if form is None:
        raise MediaError(
            f"there is no render format {format_id!r}; choose one of {', '.join(FORMATS)}", "invalid_argument"
        )
    return form


def codec_of(format_id: str, codec_id: str) -> VideoCodec:
    """The picture codec with this id, or an error that lists the ones of the format."""
    form = format_of(format_id)
    for codec in (*form.video, *hardware_codecs(format_id)):
        if codec.id == codec_id:
            return codec
    offered = ", ".join(codec.id for codec in form.video) or "none, it carries sound alone"
    raise MediaError(f"{form.description} has no codec {codec_id!r}; choose one of: {offered}", "invalid_argument")


def sounds_of(format_id: str, video: VideoCodec | None) -> tuple[str, ...]:
    """Ids of the sound codecs of a format beside a picture codec (None for sound alone), the default first."""
    return (video.audio if video is not None else ()) or format_of(format_id).audio


def audio_codec_of(format_id: str, codec_id: str, video: VideoCodec | None) -> str:
    """The id of the sound codec to use: the asked one if the format carries it, its default for ''."""
    form = format_of(format_id)
    offered = sounds_of(format_id, video)
    if not offered:
        raise MediaError(f"{form.description} carries no sound; render with ExportAudio off", "invalid_argument")
    if not codec_id:
        return offered[0]
    if codec_id not in offered:
        beside = f" with {video.description}" if video is not None else ""
        raise MediaError(
            f"{form.description} carries no {codec_id!r} sound{beside}; choose one of: {', '.join(offered)}",
            "invalid_argument",
        )
    return codec_id
