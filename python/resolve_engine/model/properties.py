"""The inspector values of timeline items: keys, kinds, defaults and bounds, as Resolve 21.1 has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from resolve_engine.errors import Refusal


class Property(NamedTuple):
    """One inspector value."""

    kind: str
    """`number`, `switch` or `choice` (a whole number that a constant stands for)."""
    default: Any
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    """`width` or `height` when the bounds are multiples of the timeline's, else ''."""


def _number(default: float, low: float, high: float, unit: str = "") -> Property:
    return Property("number", default, low, high, unit)


def _switch(default: bool) -> Property:
    return Property("switch", default)


def _choice(most: int) -> Property:
    return Property("choice", 0, 0, most)


PICTURE: dict[str, Property] = {
    "TransformEnabled": _switch(True),
    "Pan": _number(0.0, -4, 4, "width"),
    "Tilt": _number(0.0, -4, 4, "height"),
    "ZoomX": _number(1.0, 0, 100),
    "ZoomY": _number(1.0, 0, 100),
    "ZoomGang": _switch(True),
    "RotationAngle": _number(0.0, -360, 360),
    "AnchorPointX": _number(0.0, -4, 4, "width"),
    "AnchorPointY": _number(0.0, -4, 4, "height"),
    "Pitch": _number(0.0, -1.5, 1.5),
    "Yaw": _number(0.0, -1.5, 1.5),
    "FlipX": _switch(False),
    "FlipY": _switch(False),
    "CroppingEnabled": _switch(True),
    "CropLeft": _number(0.0, 0, 1, "width"),
    "CropRight": _number(0.0, 0, 1, "width"),
    "CropTop": _number(0.0, 0, 1, "height"),
    "CropBottom": _number(0.0, 0, 1, "height"),
    "CropSoftness": _number(0.0, -100, 100),
    "CropRetain": _switch(False),
    "DynamicZoomEnabled": _switch(False),
    "DynamicZoomEase": _choice(3),
    "CompositeEnabled": _switch(True),
    "CompositeMode": _choice(31),
    "Opacity": _number(100.0, 0, 100),
    "LensCorrectionEnabled": _switch(True),
    "Distortion": _number(0.0, -1, 1),
    "RetimeAndScalingEnabled": _switch(True),
    "RetimeProcess": _choice(3),
    "MotionEstimation": _choice(7),
    "Scaling": _choice(4),
    "ResizeFilter": _choice(15),
}
"""The 32 keys of a picture item. Pan, Tilt, anchor and crop are in pixels of the timeline."""

VOICE_ISOLATION, VOICE_AMOUNT = "AudioVoiceIsolationEnabled", "AudioVoiceIsolationAmount"

SOUND: dict[str, Property] = {
    "AudioVolumeEnabled": _switch(True),
    "AudioVolume": _number(0.0, -100, 30),
    "AudioPanEnabled": _switch(True),
    "AudioPan": _number(0.0, -100, 100),
    "AudioPitchEnabled": _switch(True),
    "AudioPitchSemiTones": _number(0.0, -24, 24),
    "AudioPitchCents": _number(0.0, -100, 100),
    VOICE_ISOLATION: _switch(False),
    VOICE_AMOUNT: _number(100.0, 0, 100),
}
"""The keys of a sound item that the engine has: volume in decibels, pan from left to right, a change of pitch; and
voice isolation in percent, which is kept, but refused where it would have to be heard."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "TransformEnabled": (
        "Pan", "Tilt", "ZoomX", "ZoomY", "RotationAngle", "AnchorPointX", "AnchorPointY", "Pitch", "Yaw", "FlipX",
        "FlipY",
    ),
    "CroppingEnabled": ("CropLeft", "CropRight", "CropTop", "CropBottom", "CropSoftness", "CropRetain"),
    "CompositeEnabled": ("CompositeMode", "Opacity"),
    "LensCorrectionEnabled": ("Distortion",),
    "RetimeAndScalingEnabled": ("RetimeProcess", "MotionEstimation", "Scaling", "ResizeFilter"),
    "AudioVolumeEnabled": ("AudioVolume",),
    "AudioPanEnabled": ("AudioPan",),
    "AudioPitchEnabled": ("AudioPitchSemiTones", "AudioPitchCents"),
}  # fmt: skip
"""The switch of each section of the inspector, and the values that do nothing while it is off."""

CURRENT_ONLY = (VOICE_ISOLATION, VOICE_AMOUNT)
"""Keys that can be set on items of the current timeline only, as Resolve's text says."""

SOUND_NOT_YET = (
    "AudioDialogueLevelerEnabled",
    "AudioDialogueLevelerMode",
    "AudioDialogueLevelerReduceLoudDialogue",
    "AudioDialogueLevelerLiftSoftDialogue",
    "AudioDialogueLevelerBackgroundReduction",
    "AudioDialogueLevelerOutputGain",
)
"""Keys that Resolve has and the engine refuses."""

REFUSED = {
    "Speed": "SetSpeed",
    "PlaybackSpeed": "SetSpeed",
    "RetimeSpeed": "SetSpeed",
    "ClipSpeed": "SetSpeed",
    "Volume": "AudioVolume on the sound item",
    "Level": "AudioVolume on the sound item",
    "Gain": "AudioVolume on the sound item",
    "AudioLevel": "AudioVolume on the sound item",
    "FadeIn": "SetFades",
    "FadeOut": "SetFades",
}
"""Names that scripts try and Resolve refuses, with what to use instead."""


def table_for(item_type: str) -> dict[str, Property]:
    """The properties that an item of a kind has."""
    return {"video": PICTURE, "generator": PICTURE, "audio": SOUND}.get(item_type, {})


def acting(values: Mapping[str, Any]) -> dict[str, Any]:
    """An item's values without those of sections that are switched off, and without the switches."""
    idle = {key for switch, keys in SECTIONS.items() if not values.get(switch, True) for key in keys} | SECTIONS.keys()
    return {key: value for key, value in values.items() if key not in idle}


def with_values(
    item_type: str, current: Mapping[str, Any], given: Mapping[str, Any], size: tuple[int, int]
) -> dict[str, Any]:
    """The values that differ from their defaults after laying `given` over `current`; size is the timeline's.

    Numbers out of bounds are clipped. Raises Refusal for an unknown key or a wrong type, before any value is taken.
    """
    table = table_for(item_type)
    values = dict(current)
    for key, value in given.items():
        if key not in table:
            raise Refusal(_unknown(item_type, key, table))
        checked = _checked(key, table[key], value, size)
        if checked == table[key].default:
            values.pop(key, None)
        else:
            values[key] = checked
    return values


def _unknown(item_type: str, key: Any, table: dict[str, Property]) -> str:
    if key in REFUSED:
        return f"{key!r} is no inspector value; use {REFUSED[key]}"
    if key in SOUND_NOT_YET:
        return f"the engine does not act on {key!r} yet"
    if key in PICTURE or key in SOUND:
        return f"{key!r} does not apply to an item of type {item_type}"
    return f"{key!r} is no inspector value; the keys are {', '.join(table)}"


def _checked(key: str, known: Property, value: Any, size: tuple[int, int]) -> Any:
    if known.kind == "switch":
        if isinstance(value, int | float) and value in (0, 1):
            return bool(value)
        raise Refusal(f"{key} must be true or false, not {value!r}")
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Refusal(f"{key} must be a number, not {value!r}")
    if known.kind == "choice":
        if not known.low <= value <= known.high or value != int(value):
            raise Refusal(f"{key} is {value!r}; read its constant off the resolve object")
        return int(value)
    scale = {"": 1, "width": size[0], "height": size[1]}[known.unit]
    return float(min(max(value, known.low * scale), known.high * scale))
