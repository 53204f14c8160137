"""Checks of what scripts pass: each gives the value in its own type or refuses with the reason."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api.base import type_name
from resolve_engine.errors import Refusal

LARGEST_FRAME = 1 << 40
"""No frame number is near this; a larger one is a mistake and would not fit the database's integers when added up."""
LONGEST_TEXT = 1 << 16
"""Characters; names and notes are far shorter, and one row should not grow without bound."""


def text(value: Any, what: str, *, empty: bool = True) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Refusal(f"{what} must be a text, not {type_name(value)}")
    if not value and not empty:
        raise Refusal(f"{what} is empty")
    if len(value) > LONGEST_TEXT:
        raise Refusal(f"{what} has {len(value)} characters, more than the {LONGEST_TEXT} allowed")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refusal(f"{what} holds characters that are no Unicode text") from None
    return value


def path(value: Any, what: str) -> str:
    """A path, made absolute against the current folder."""
    given = text(value, what, empty=False)
    if "\0" in given:
        raise Refusal(f"{what} holds a null character")
    return os.path.abspath(given)


def number(value: Any, what: str, low: float, high: float) -> float:
    """A finite number within bounds, both included. Resolve passes whole numbers as floats and takes either."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(f"{what} must be a number, not {type_name(value)}")
    if not low <= value <= high:
        raise Refusal(f"{what} is {value}, outside {low} to {high}")
    return float(value)


def whole(value: Any, what: str, low: int = -LARGEST_FRAME, high: int = LARGEST_FRAME) -> int:
    """A whole number within bounds, both included; 96.0 counts as 96."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(f"{what} must be a whole number, not {type_name(value)}")
    if not low <= value <= high:
        raise Refusal(f"{what} is {value}, outside {low} to {high}")
    if value != int(value):
        raise Refusal(f"{what} is {value}, which is not a whole number")
    return int(value)


def flag(value: Any, what: str) -> bool:
    """True or false; 1 and 0 count."""
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return bool(value)
    raise Refusal(f"{what} must be true or false, not {type_name(value)}")


def choice(value: Any, what: str, among: tuple[str, ...]) -> str:
    """One of several texts, exactly as written."""
    chosen = text(value, what)
    if chosen not in among:
        raise Refusal(f"{what} is {chosen!r}, which is none of {', '.join(among)}")
    return chosen


def word(value: Any, what: str, among: tuple[str, ...]) -> str:
    """One of several words in lower case; public scripts also write them with a capital, as the vendor's samples do."""
    return choice(value.lower() if isinstance(value, str) else value, what, among)


def constant(value: Any, what: str, prefix: str, default: str) -> str:
    """The name, behind its prefix, of a constant that was read off the resolve object; the default for None."""
    if value is None:
        return default
    from resolve_engine.api.surface import constants

    names = {name.removeprefix(prefix): number for name, number in constants().items() if name.startswith(prefix)}
    found = next((name for name, number in names.items() if not isinstance(value, bool) and number == value), None)
    if found is None:
        raise Refusal(f"{what} is {value!r}; read {', '.join(prefix + name for name in names)} off the resolve object")
    return found


def listing(value: Any, what: str) -> list[Any]:
    """A list; Resolve takes a table with numbered keys for one too."""
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, dict) and value and all(isinstance(key, int | float) for key in value):
        return [value[key] for key in sorted(value)]
    raise Refusal(f"{what} must be a list, not {type_name(value)}")


def table(value: Any, what: str) -> dict[str, Any]:
    """A dict with texts as keys."""
    if not isinstance(value, dict):
        raise Refusal(f"{what} must be a dict, not {type_name(value)}")
    for key in value:
        if not isinstance(key, str):
            raise Refusal(f"{what} has the key {key!r}; its keys are texts")
    return value
