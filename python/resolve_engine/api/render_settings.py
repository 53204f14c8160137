"""The settings of a render: Resolve's keys, which values the engine can do, and why not the others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from resolve_engine import timecode
from resolve_engine.api import arguments
from resolve_engine.api.render_names import LONGEST_NAME, variables
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model.timeline import Timeline

QUALITY_LEVELS = ("Least", "Low", "Medium", "High", "Best")
MOST_HANDLES = 10_000
"""Frames; more than any source has behind a cut, in practice."""

SUBTITLE_FORMATS = ("BurnIn", "EmbeddedCaptions", "SeparateFile")
"""The first is what Resolve begins with."""

LARGEST_SIDE = 16384
"""Pixels; no encoder of the engine takes a larger picture."""

ONLY: dict[str, tuple[Any, ...]] = {
    "PixelAspectRatio": ("square",),
    "MultiPassEncode": (False, 0),
    "ClipStartFrame": (0,),
}
"""Keys that the engine takes at these values only, because it does nothing else; most are what Resolve begins with."""


def checked(key: str, value: Any, timeline: Timeline | None) -> dict[str, Any]:
    """What is to be kept of one written key; {} for a key that Resolve does not know, which vanishes there, too.

    Raises Refusal for a value that is wrong or that the engine cannot do.
    """
    if key in ONLY:
        if isinstance(value, list | dict) or value not in ONLY[key]:
            raise Refusal(f"the engine does not do {value!r} as {key} yet; it takes {_either(ONLY[key])}")
        return {}
    check = CHECKS.get(key)
    return {} if check is None else {key: check(key, value, timeline)}


def has_quality(format_id: str, codec_id: str) -> bool:
    """Whether a codec can be told its quality or its bit rate; others have a data rate of their own."""
    from resolve_engine.render.formats import codec_of

    return bool(codec_of(format_id, codec_id).rate_control)


def check_codec(kept: Mapping[str, Any], format_id: str, codec_id: str) -> None:
    """Refuse what the codec at hand does not take."""
    if kept.get("VideoQuality") and codec_id and not has_quality(format_id, codec_id):
        raise Refusal(f"{codec_id} has a data rate of its own and takes no VideoQuality; leave it out or set it to 0")


def _either(values: tuple[Any, ...]) -> str:
    shown = [repr(value) for value in values if value is True or value is False or value not in (0, 1)]
    return " or ".join(shown) or "0"


def _switch(key: str, value: Any, _: Timeline | None) -> bool:
    return arguments.flag(value, key)


def _folder(key: str, value: Any, _: Timeline | None) -> str:
    path = arguments.path(value, key)
    if not os.path.isabs(value):
        raise Refusal(f"{key} must be an absolute path, not {value!r}")
    return path


def _name(key: str, value: Any, _: Timeline | None) -> str:
    name = arguments.text(value, key, empty=False)
    variables(name)
    if len(name) > LONGEST_NAME or name in (".", "..") or any(character in "/\\\0" for character in name):
        raise Refusal(f"{key} is {name!r}, which is no file name: no slashes, at most {LONGEST_NAME} characters")
    return name


def _side(key: str, value: Any, _: Timeline | None) -> int:
    return arguments.whole(value, key, 16, LARGEST_SIDE)


def _frame(key: str, value: Any, timeline: Timeline | None) -> int:
    frame = arguments.whole(value, key, low=0)
    if timeline is None:
        raise Refusal(f"{key} needs a current timeline")
    last = timeline.start + timeline.end - 1
    if not timeline.start <= frame <= last:
        raise Refusal(f"{key} is {frame}, outside the timeline, whose frames are {timeline.start} to {last}")
    return frame


def _rate(key: str, value: Any, timeline: Timeline | None) -> float:
    parsed = timecode.parse_rate(str(value)) if not isinstance(value, bool) else None
    if parsed is None:
        raise Refusal(f"{key} is {value!r}, which is no frame rate")
    return timecode.rate_number(parsed[0])


def _quality(key: str, value: Any, _: Timeline | None) -> Any:
    if isinstance(value, str):
        return arguments.choice(value, key, QUALITY_LEVELS)
    return arguments.whole(value, key, 0, 10_000_000)


def _audio_codec(key: str, value: Any, _: Timeline | None) -> str:
    from resolve_engine.render.formats import AUDIO_CODECS

    return arguments.choice(value, key, tuple(AUDIO_CODECS))


def _audio_format(key: str, value: Any, _: Timeline | None) -> str:
    from resolve_engine.render.formats import SOUND_ALONE

    return arguments.choice(value, key, SOUND_ALONE)


def _profile(key: str, value: Any, _: Timeline | None) -> str:
    from resolve_engine.render.formats import FORMATS

    known = {profile for form in FORMATS.values() for codec in form.video for profile in codec.profiles}
    return arguments.choice(value, key, ("", "Auto", *sorted(known)))


def _burn_in(key: str, value: Any, _: Timeline | None) -> str:
    """A preset's name is looked up when the job is added, as presets come and go."""
    from resolve_engine.api.burn_in import LIKE_PROJECT

    return arguments.text(value, key) or LIKE_PROJECT


def _color_tag(key: str, value: Any, _: Timeline | None) -> str:
    from resolve_engine.render.color_tags import LIKE_PROJECT, PRIMARIES, TRANSFERS

    known = PRIMARIES if key == "ColorSpaceTag" else TRANSFERS
    return arguments.choice(value, key, ("", LIKE_PROJECT, *known))


def _bit_depth(key: str, value: Any, _: Timeline | None) -> int:
    depth = arguments.whole(value, key)
    if depth not in (16, 24, 32):
        raise Refusal(f"{key} is {depth}; it must be 16, 24 or 32")
    return depth


def _sample_rate(key: str, value: Any, _: Timeline | None) -> int:
    rate = arguments.whole(value, key)
    if rate not in (44100, 48000, 88200, 96000, 192000):
        raise Refusal(f"{key} is {rate}, which is no sample rate that the engine writes")
    return rate


def _one_of_two(key: str, value: Any, _: Timeline | None) -> int:
    return arguments.whole(value, key, 0, 1)


def _handles(key: str, value: Any, _: Timeline | None) -> int:
    return arguments.whole(value, key, 0, MOST_HANDLES)


def _start(key: str, value: Any, timeline: Timeline | None) -> str:
    text = arguments.text(value, key)
    if timeline is None:
        raise Refusal(f"{key} needs a current timeline")
    try:
        timeline.to_frames(text)
    except ValueError as error:
        raise Refusal(f"{key} is {text!r}: {error}") from error
    return text


def _subtitle_switch(key: str, value: Any, _: Timeline | None) -> bool:
    """Older builds take it and do nothing."""
    return arguments.flag(value, key) and build().renders_subtitles


def _subtitle_format(key: str, value: Any, _: Timeline | None) -> str:
    return arguments.choice(value, key, SUBTITLE_FORMATS)


CHECKS = {
    "SelectAllFrames": _switch,
    "MarkIn": _frame,
    "MarkOut": _frame,
    "TargetDir": _folder,
    "CustomName": _name,
    "UseUniqueFilenames": _switch,
    "UniqueFilenameStyle": _one_of_two,
    "UseFullExtents": _switch,
    "AddFrameHandles": _handles,
    "ExportAlpha": _switch,
    "AlphaMode": _one_of_two,
    "ExportSubtitle": _subtitle_switch,
    "SubtitleFormat": _subtitle_format,
    "ExportVideo": _switch,
    "ExportAudio": _switch,
    "FormatWidth": _side,
    "FormatHeight": _side,
    "FrameRate": _rate,
    "VideoQuality": _quality,
    "DataBurnIn": _burn_in,
    "ColorSpaceTag": _color_tag,
    "GammaTag": _color_tag,
    "EncodingProfile": _profile,
    "NetworkOptimization": _switch,
    "AudioFormat": _audio_format,
    "AudioCodec": _audio_codec,
    "AudioBitDepth": _bit_depth,
    "AudioSampleRate": _sample_rate,
    "TimelineStartTimecode": _start,
    "ReplaceExistingFilesInPlace": _switch,
}
"""The keys that the engine acts on and what checks each."""
