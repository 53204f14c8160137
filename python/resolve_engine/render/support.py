"""Which of Resolve's item properties cannot be rendered, and why. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resolve_engine.render.spec import ItemSpec

SUPPORTED_MODES = frozenset((*range(17), *range(18, 27)))
"""Values of CompositeMode that are rendered: normal, and those whose formula is generally agreed."""

RESIZE_FILTERS: dict[int, str] = {
    0: "bicubic",
    1: "lanczos",
    2: "bilinear",
    3: "bicubic",
    4: "bilinear",
    6: "area",
    7: "bicubic:param0=0:param1=0.5",
    8: "bicubic:param0=1:param1=0",
    9: "gauss",
    10: "lanczos",
    11: "bicubic:param0=0.3333:param1=0.3333",
    12: "neighbor",
    14: "sinc",
    15: "bilinear",
}
"""Value of ResizeFilter to the scaler's kernel. Bessel (5) and quadratic (13) have none."""

_ZERO_ONLY = {
    "Pitch": "there is no perspective transform",
    "Yaw": "there is no perspective transform",
    "Distortion": "there is no lens correction",
}
_OFF_ONLY = {
    "DynamicZoomEnabled": "the rectangles of a dynamic zoom cannot be read or set through the API",
    "AudioVoiceIsolationEnabled": "there is no voice isolation",
    "AudioDialogueLevelerEnabled": "there is no dialogue leveler",
}
FRAME_BLEND, OPTICAL_FLOW = 2, 3
"""Values of RetimeProcess; 0 is the project's and 1 the nearest frame, which are the same here."""

_MOVES = ("Pan", "Tilt", "RotationAngle", "AnchorPointX", "AnchorPointY")


def retime_process(item: ItemSpec) -> int:
    """An item's way from frame to frame."""
    return int(item.properties.get("RetimeProcess", 0))


def pitch_shift(properties: Mapping[str, Any]) -> float:
    """What an item's AudioPitch makes of its sound's frequencies: 2 for an octave more."""
    if not properties.get("AudioPitchEnabled", True):
        return 1.0
    cents = 100 * float(properties.get("AudioPitchSemiTones", 0)) + float(properties.get("AudioPitchCents", 0))
    return float(2 ** (cents / 1200))


def unsupported(properties: Mapping[str, Any]) -> str | None:
    """Why an item with these properties cannot be rendered as asked, in one lowercase sentence; None when it can."""
    for key, why in _ZERO_ONLY.items():
        if properties.get(key):
            return f"{key} cannot be rendered: {why}; set it to 0"
    for key, why in _OFF_ONLY.items():
        if properties.get(key):
            return f"{key} cannot be rendered: {why}; switch it off"
    mode = int(properties.get("CompositeMode", 0))
    if mode not in SUPPORTED_MODES:
        return (
            f"CompositeMode {mode} cannot be rendered: what it does is not published; choose normal, add, multiply,"
            " screen or another of the modes that mix colours"
        )
    if int(properties.get("ResizeFilter", 0)) not in RESIZE_FILTERS:
        return "ResizeFilter bessel and quadratic cannot be rendered; choose another filter"
    if int(properties.get("RetimeProcess", 0)) == OPTICAL_FLOW and int(properties.get("MotionEstimation", 0)) > 1:
        return "MotionEstimation cannot be chosen: the engine has one way to estimate motion; set it to 0"
    if not 0 <= int(properties.get("Scaling", 0)) <= 4:
        return "Scaling must be 0 to 4; set it to 0 for the project's"
    zoomed = any(float(properties.get(key, 1.0)) != 1.0 for key in ("ZoomX", "ZoomY"))
    if properties.get("CropRetain") and (zoomed or any(properties.get(key) for key in _MOVES)):
        return "CropRetain together with a transform cannot be rendered; switch it off or reset the transform"
    return None
