"""Which methods each class has, what each answers when it fails, and the constants: read from `data/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from resolve_engine.emulated import build

DATA = Path(__file__).parent.parent / "data"


def _load() -> dict[str, dict[str, str]]:
    """Class to method to the word for its failure value."""
    classes = json.loads((DATA / "surface.json").read_text(encoding="utf-8"))
    return {name: {m: word for word, methods in groups.items() for m in methods} for name, groups in classes.items()}


METHODS: dict[str, dict[str, str]] = _load()
"""Every method of the newest build."""


def listed(class_name: str) -> frozenset[str]:
    """The methods that the emulated build has of a class; any other name reads as None."""
    found = _listed.get(class_name)
    if found is None:
        later = {
            method
            for since, classes in _builds()["methods"].items()
            if not build().has(since)
            for method in classes.get(class_name, ())
        }
        found = _listed[class_name] = frozenset(METHODS[class_name]) - later
    return found


def needs_studio(class_name: str, method: str) -> bool:
    """Whether only the Studio edition has what a method does."""
    return method in _builds()["studio"].get(class_name, ())


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
        known = json.loads((DATA / "constants.json").read_text(encoding="utf-8"))
        later = {name for since, names in _builds()["constants"].items() if not build().has(since) for name in names}
        _constants.update({name: value for name, value in known.items() if name not in later})
    return _constants


def _builds() -> dict[str, Any]:
    """What came with which version, and what the free edition lacks."""
    if not _by_build:
        _by_build.update(json.loads((DATA / "builds.json").read_text(encoding="utf-8")))
    return _by_build


_constants: dict[str, float] = {}
_by_build: dict[str, Any] = {}
_listed: dict[str, frozenset[str]] = {}
