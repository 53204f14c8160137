"""The inputs of a Text+ that are drawn, under Fusion's names: what each takes, and where an item's content keeps it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from resolve_engine.errors import Refusal

NAME = "Text+"
"""The Fusion title that the engine draws."""

FONT = "Noto Sans"
"""The one font there is."""

STYLES = ("Thin", "ExtraLight", "Light", "Regular", "Medium", "SemiBold", "Bold", "ExtraBold", "Black")
"""Its weights."""

MOST_TEXT = 4096
"""Characters of a title; more do not fit on a picture at any size that could be read."""

LARGEST_SIZE = 1.0
"""Letters as high as the picture is wide; Fusion's own slider ends at half of it."""

DEFAULTS: dict[str, Any] = {
    "StyledText": "Custom Title",
    "Font": FONT,
    "Style": "Bold",
    "Size": 0.08,
    "Center": (0.5, 0.5),
    "Red1": 1.0,
    "Green1": 1.0,
    "Blue1": 1.0,
    "Opacity1": 1.0,
}
"""What a new one has. Size is the height of the letters as a share of the picture's width; Center counts from the lower
left corner, as shares of width and height."""

KEPT = {"StyledText": "text"}
"""Inputs that an item's content keeps under another name, which it shares with plain titles."""


def content() -> dict[str, Any]:
    """What an item that shows a new Text+ holds."""
    return {"kind": "title", "name": NAME, "text": DEFAULTS["StyledText"]}


def values(content: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of an item's Text+. Raises Refusal for a value that a damaged file brought."""
    found = {}
    for name, default in DEFAULTS.items():
        kept = content.get(KEPT.get(name, name), default)
        found[name] = default if kept is default else _checked(name, kept)
    return found


def with_value(content: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """An item's content with an input set. Raises Refusal for an input that is not drawn and for a wrong value."""
    if name not in DEFAULTS:
        raise Refusal(f"the engine draws no {name!r} of a Text+; it draws {', '.join(DEFAULTS)}")
    return {**content, KEPT.get(name, name): _checked(name, value)}


def _checked(name: str, value: Any) -> Any:
    if name == "StyledText":
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            raise Refusal(f"StyledText must be a text of at most {MOST_TEXT} characters")
        return value
    if name in ("Font", "Style"):
        among = (FONT,) if name == "Font" else STYLES
        if value not in among:
            raise Refusal(f"{name} is {value!r}; the engine has {', '.join(among)}")
        return value
    if name == "Center":
        return _point(value)
    most = LARGEST_SIZE if name == "Size" else 1.0
    number = _number(name, value)
    if not 0 <= number <= most:
        raise Refusal(f"{name} is {value}, outside 0 to {most:g}")
    return number


def _point(value: Any) -> tuple[float, float]:
    """Fusion takes a table with the keys 1 and 2, as which scripts also write a list."""
    given = [value.get(1), value.get(2)] if isinstance(value, dict) else value
    if not isinstance(given, list | tuple) or len(given) < 2:
        raise Refusal("Center must be a point, such as {1: 0.5, 2: 0.5}")
    x, y = _number("Center", given[0]), _number("Center", given[1])
    return x, y


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e6:
        raise Refusal(f"{name} takes numbers, not {value!r}")
    return float(value)
