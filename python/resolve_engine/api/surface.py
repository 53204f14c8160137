"""Which methods each class has, and what each answers when it fails: read from `data/surface.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"


def _load() -> dict[str, dict[str, str]]:
    """Class to method to the word for its failure value."""
    classes = json.loads((DATA / "surface.json").read_text(encoding="utf-8"))
    return {name: {m: word for word, methods in groups.items() for m in methods} for name, groups in classes.items()}


METHODS: dict[str, dict[str, str]] = _load()


def failure_value(class_name: str, method: str) -> Any:
    """A fresh copy of what a method answers when it fails."""
    word = METHODS[class_name][method]
    if word == "none":
        return None
    if word == "false":
        return False
    if word == "list":
        return []
    if word == "map":
        return {}
    return "" if word == "text" else 0


def constants() -> dict[str, float]:
    """The constants that are read off the resolve object. Those without a recorded value have one of our own, distinct
    within their enumeration; scripts must read them, not know them."""
    if not _constants:
        _constants.update(json.loads((DATA / "constants.json").read_text(encoding="utf-8")))
    return _constants


_constants: dict[str, float] = {}
