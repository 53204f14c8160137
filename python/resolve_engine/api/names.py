"""Names of projects and folders, and the numbered maps that older getters answer."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.errors import Refusal
from resolve_engine.model.project import UNTITLED


def project_name(value: Any, what: str) -> str:
    """A name for a project or a folder."""
    name = arguments.text(value, f"the name of {what}", empty=False)
    if name.strip() != name or any(character in "/\\\0\r\n" for character in name):
        raise Refusal(f"{name!r} is no name for {what}: no slashes, line breaks or spaces at its ends")
    if name == UNTITLED:
        raise Refusal(f"{UNTITLED!r} is the name of the project that was never saved; choose another")
    return name


def numbered(values: list[Any]) -> dict[float, Any]:
    """The numbered map that the older forms of many getters answer: keys are floats from 1."""
    return {float(index): value for index, value in enumerate(values, 1)}
