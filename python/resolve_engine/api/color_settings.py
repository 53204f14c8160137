"""The settings of colour management: which names they take, and which of them go together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from resolve_engine.colour.spaces import GAMMAS, GAMUTS, NAMED, OUTPUT_TRANSFORMS, nearest
from resolve_engine.errors import Refusal
from resolve_engine.model.color_management import (
    ACES,
    CLIP_GAMMA,
    CLIP_SPACE,
    GAMMA,
    IDT,
    INPUT,
    LIKE_PROJECT,
    MODE,
    ODT,
    SEPARATE,
    SPACE_KEYS,
    UNMANAGED,
    managed_by,
)

_TRANSFORMS = {name: None for transforms in OUTPUT_TRANSFORMS.values() for name in transforms}

NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SPACE_KEYS, (*NAMED, *GAMUTS)),
    **{key + GAMMA: tuple(GAMMAS) for key in SPACE_KEYS},
    IDT: (*_TRANSFORMS, *(name for name in NAMED if name not in _TRANSFORMS)),
    ODT: tuple(_TRANSFORMS),
}
"""The settings that hold the name of a space, a gamut, a gamma or a transform, and the names that each takes."""

ONLY: dict[str, tuple[str, ...]] = {
    "isAutoColorManage": ("0",),
    "rcmPresetMode": ("", "Custom"),
    "inputDRT": ("None",),
    "outputDRT": ("None",),
    "useInverseDRT": ("0",),
    "useCATransform": ("0",),
    "colorSpaceOutputToneMapping": ("None",),
    "colorSpaceOutputGamutMapping": ("None",),
    "colorSpaceOutputGamutLimit": ("",),
    "colorAcesGamutCompressType": ("", "None"),
    "colorAcesNodeLUTProcessingSpace": ("acesccAp1", "projectSetting"),
    "imageResizingGamma": ("Timeline",),
    "use203NitsReference": ("0",),
}
"""What the engine does in one way only: it converts colours as they are defined, without tone or gamut mapping."""


def check_name(key: str, text: str) -> None:
    """Refuse a name that the engine does not know, with the nearest that it knows; the key may be any setting."""
    if key in NAMES and text:
        _check(key, text, NAMES[key])


def _check(key: str, text: str, among: tuple[str, ...]) -> None:
    if text in among:
        return
    near = nearest(text, among)
    hint = f"; the nearest is {near!r}" if near else f"; such as {among[0]!r}"
    raise Refusal(f"{key} is {text!r}, which is none that the engine converts{hint}")


def check_together(written: Iterable[str], settings: Mapping[str, Any], project: Mapping[str, Any]) -> None:
    """Refuse settings that do not go together: those of a project or timeline after what was written, and the
    project's."""
    separate = str(settings.get(SEPARATE, "0")) == "1"
    for key in written:
        text = str(settings.get(key, ""))
        if not separate and text and key.endswith(GAMMA) and key in NAMES:
            raise Refusal(f"{key} counts only where space and gamma are separate; set {SEPARATE} to '1' first")
        if not separate and key in SPACE_KEYS and text and text not in NAMED:
            raise Refusal(
                f"{key} is {text!r}, which is a gamut alone; name it with its gamma, such as {_with(text)!r}, or set "
                f"{SEPARATE} to '1' first"
            )
    managed_by(settings, project)


def check_clip(key: str, text: str, project: Mapping[str, Any]) -> None:
    """Refuse what a clip's own input space, gamma or input transform cannot be in this project."""
    aces, separate = str(project.get(MODE, UNMANAGED)) in ACES, str(project.get(SEPARATE, "0")) == "1"
    if key == CLIP_SPACE and text == LIKE_PROJECT:
        return
    if key == CLIP_GAMMA and not separate:
        raise Refusal(
            f"{key} counts only where space and gamma are separate; set {SEPARATE} of the project to '1' first"
        )
    if key == CLIP_SPACE and not aces:
        _check(key, text, NAMES[INPUT] if separate else tuple(NAMED))
    elif text or key == CLIP_SPACE:  # an empty gamma or input transform follows the project's
        _check(key, text, NAMES[INPUT + GAMMA if key == CLIP_GAMMA else IDT])


def _with(gamut: str) -> str:
    return next((name for name, space in NAMED.items() if space.gamut == gamut), next(iter(NAMED)))
