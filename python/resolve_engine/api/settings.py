"""Project and timeline settings by Resolve's keys: which there are, their defaults, and what may be written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from resolve_engine import timecode
from resolve_engine.api import arguments, color_settings
from resolve_engine.api.surface import DATA
from resolve_engine.errors import Refusal
from resolve_engine.model import settings as acted_on

LARGEST_SIDE = 16384
"""Pixels; no encoder of the engine takes a larger picture."""

ONLY: dict[str, tuple[str, ...]] = {
    "superScale": ("0",),
    "timelineInterlaceProcessing": ("0",),
    "timelinePixelAspectRatio": ("square",),
    "timelineOutputPixelAspectRatio": ("square",),
    "timelineOutputResMatchTimelineRes": ("1",),
    "nodeStackLayers": ("1",),
    "timelineFrameRateMismatchBehavior": ("resolve",),
    "timelineInputResMismatchUseCustomPreset": ("0",),
    "timelineOutputResMismatchBehavior": ("scaleToFit",),
    "timelineOutputResMismatchUseCustomPreset": ("0",),
    "imageEnableFieldProcessing": ("0",),
    "imageMotionEstimationMode": ("standardFaster",),
    "imageMotionEstimationRange": ("small",),
    "imageResizeMode": ("sharper",),
    "videoDataLevelsRetainSubblockAndSuperWhiteData": ("0",),
    "limitBroadcastSafeOn": ("0",),
    "colorUseBGRPixelOrderForDPX": ("0",),
    **dict.fromkeys(("hdrMasteringOn", "hdrDolbyControlsOn", "hdr10PlusControlsOn", "hdrVividControlsOn"), ("0",)),
    **color_settings.ONLY,
}
"""What would change pictures and the engine does in one way only, with that way. Other values are refused."""

_table: dict[str, dict[str, Any]] = {}


def known() -> dict[str, dict[str, Any]]:
    """Every key with its `default`, whose it is (`of`: project, timeline, both), its `values` and if it is `fixed`."""
    if not _table:
        _table.update(json.loads((DATA / "settings.json").read_text(encoding="utf-8")))
    return _table


def keys_of(owner: str) -> list[str]:
    """The keys of a `project` or of a `timeline`."""
    return [key for key, entry in known().items() if entry["of"] in (owner, "both")]


def all_values(stored: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Every setting; the frame rate is a number, as Resolve answers, and all others are as they were written."""
    values = {key: stored.get(key, known()[key]["default"]) for key in keys_of(owner)}
    rate = timecode.parse_rate(str(values[acted_on.FRAME_RATE]))
    if rate is not None:
        values[acted_on.FRAME_RATE] = timecode.rate_number(rate[0])
        if "timelinePlaybackFrameRate" in values:
            values["timelinePlaybackFrameRate"] = f"{timecode.rate_number(rate[0]):g}"
    return values


def checked(key: Any, value: Any, owner: str) -> dict[str, Any]:
    """What is to be stored for one written setting; a frame rate with its drop-frame part is two."""
    name = arguments.text(key, "the name of the setting")
    entry = known().get(name)
    if entry is None or entry["of"] not in (owner, "both"):
        raise Refusal(f"a {owner} has no setting {name!r}")
    if entry.get("fixed") or name == "timelinePlaybackFrameRate":
        raise Refusal(f"the setting {name!r} can only be read")
    if name == acted_on.FRAME_RATE:
        return _rate(value)
    text = _text(name, value, entry)
    if name in ONLY and text not in ONLY[name]:
        raise Refusal(f"the engine does not do {text!r} as {name} yet; it does {', '.join(ONLY[name])}")
    color_settings.check_name(name, text)
    if name in (acted_on.WIDTH, acted_on.HEIGHT):
        if not text.isascii() or not text.isdigit() or not 16 <= int(text) <= LARGEST_SIDE:
            raise Refusal(f"{name} is {text!r}; it must be a whole number from 16 to {LARGEST_SIDE}")
        text = str(int(text))
    if name == acted_on.SAMPLE_RATE and text not in ("44100", "48000", "88200", "96000", "192000"):
        raise Refusal(f"{name} is {text!r}, which is no sample rate that the engine mixes at")
    return {name: entry["default"] if name == "superScale" else text}


def _text(name: str, value: Any, entry: dict[str, Any]) -> str:
    """Settings travel as texts; only the super scale is a number."""
    if name == "superScale":
        return str(arguments.whole(value, name, 0, 4))
    text = arguments.text(value, name)
    if "values" in entry and text not in entry["values"]:
        raise Refusal(f"{name} is {text!r}, which is none of {', '.join(entry['values'])}")
    return text


def _rate(value: Any) -> dict[str, Any]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal(f"the frame rate must be a text such as '24', not {value!r}")
    parsed = timecode.parse_rate(str(value))
    if parsed is None:
        raise Refusal(f"{value!r} is no timeline frame rate; the rates are {', '.join(timecode.RATES)}")
    rate, drop = parsed
    text = next(name for name, known_rate in timecode.RATES.items() if known_rate == rate)
    return {acted_on.FRAME_RATE: text, acted_on.DROP_FRAME: "1" if drop else "0"}
