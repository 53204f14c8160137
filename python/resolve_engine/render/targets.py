"""How the encoders of a render job are set up: sizes, profiles, quality and bit rates, depths of sound."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from resolve_engine.media.av_safe.writing import AudioTarget, VideoTarget
from resolve_engine.media.errors import MediaError
from resolve_engine.render.color_tags import tags
from resolve_engine.render.formats import AUDIO_CODECS, QUALITY_LEVELS, VideoCodec, audio_codec_of, codec_of

if TYPE_CHECKING:
    from resolve_engine.render.spec import RenderSpec

BIT_RATES = {"aac": 192_000, "mp3": 320_000}
"""Bits per second of stereo sound."""

_PCM = {16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le"}
_FLAC = {16: "s16", 24: "s32"}
_MP3_RATES = (32000, 44100, 48000)

HARDWARE_BITS = 0.15
"""Bits for a pixel of an encoder that has no constant quality: 9 Mb/s at 1080p30."""


def pixel_format(spec: RenderSpec) -> str:
    """The pixel format that a job's pictures are composited in and its encoder takes."""
    output = spec.output
    codec = codec_of(output.format, output.codec)
    if output.alpha:
        if not codec.alpha:
            raise MediaError(f"{codec.description} carries no alpha; render without ExportAlpha", "invalid_argument")
        return codec.alpha
    return codec.profiles[output.profile][1] if output.profile in codec.profiles else codec.pixel_format


def picture_target(spec: RenderSpec) -> tuple[VideoCodec, VideoTarget]:
    """The codec of a film job, and how its encoder is set up."""
    output = spec.output
    codec = codec_of(output.format, output.codec)
    if codec.even and (output.width % 2 or output.height % 2):
        raise MediaError(
            f"{codec.description} needs an even width and height, not {output.width} x {output.height}",
            "invalid_argument",
        )
    if output.width < codec.least[0] or output.height < codec.least[1]:
        raise MediaError(
            f"{codec.description} needs at least {codec.least[0]} x {codec.least[1]} pixels", "invalid_argument"
        )
    rate = Fraction(*(output.rate or spec.timeline.rate))
    options, bit_rate = _rate_control(codec, output.quality, output.width * output.height * rate)
    if output.profile:
        if output.profile not in codec.profiles:
            offered = ", ".join(codec.profiles) or "none"
            raise MediaError(
                f"{codec.description} has no EncodingProfile {output.profile!r}; it has {offered}", "invalid_argument"
            )
        options["profile"] = codec.profiles[output.profile][0]
    target = VideoTarget(
        codec.encoder, pixel_format(spec), output.width, output.height, rate, options, bit_rate, codec.tag, tags(spec)
    )
    return codec, target


def _rate_control(codec: VideoCodec, quality: str, pixels_a_second: Fraction) -> tuple[dict[str, str], int]:
    """The encoder's options, and its bits per second where those rule instead of a constant quality."""
    options = dict(codec.options)
    control, wanted = codec.rate_control, quality.strip().lower()
    if not control:
        return options, 0
    if wanted.isdigit() and int(wanted) > 0:
        bit_rate = int(wanted) * 1000
        options.pop(control, None)
        if codec.encoder == "libsvtav1":
            options["svtav1-params"] = "rc=1"
        else:
            options.update(maxrate=str(bit_rate), bufsize=str(bit_rate * 2))
        return options, bit_rate
    if wanted not in ("", "0", *QUALITY_LEVELS):
        raise MediaError(
            f"the quality {quality!r} is neither a level ({', '.join(QUALITY_LEVELS)}) nor kilobits per second",
            "invalid_argument",
        )
    step = QUALITY_LEVELS.get(wanted, 0)
    if control == "bit_rate":
        return options, round(float(pixels_a_second) * HARDWARE_BITS * 2 ** (-step / 6))
    options[control] = str(int(options[control]) + step)
    return options, 0


def sound_target(spec: RenderSpec) -> AudioTarget:
    """How the sound encoder of a job is set up."""
    output = spec.output
    video = codec_of(output.format, output.codec) if output.video else None
    codec = audio_codec_of(output.format, output.audio_codec, video)
    depths = {"lpcm": _PCM, "flac": _FLAC}.get(codec)
    if depths is not None and output.audio_bit_depth not in depths:
        raise MediaError(
            f"{AUDIO_CODECS[codec]} of {output.audio_bit_depth} bits cannot be written; choose one of"
            f" {', '.join(map(str, depths))}",
            "invalid_argument",
        )
    if codec == "mp3" and output.audio_sample_rate not in _MP3_RATES:
        raise MediaError(
            f"MP3 has no {output.audio_sample_rate} Hz; set AudioSampleRate to 44100 or 48000", "invalid_argument"
        )
    if codec == "lpcm":
        return AudioTarget(_PCM[output.audio_bit_depth], output.audio_sample_rate)
    if codec == "flac":
        return AudioTarget("flac", output.audio_sample_rate, sample_format=_FLAC[output.audio_bit_depth])
    return AudioTarget("libmp3lame" if codec == "mp3" else codec, output.audio_sample_rate, BIT_RATES[codec])
