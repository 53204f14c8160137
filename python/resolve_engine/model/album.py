"""An album of the gallery."""

from __future__ import annotations

from typing import Any, ClassVar

from resolve_engine.model.record import Record


class Album(Record):
    """`position` orders the albums of a project."""

    __slots__ = ("name", "power_grade")
    KIND = "album"
    FIELDS: ClassVar[dict[str, Any]] = {"name": "", "power_grade": False}

    name: str
    power_grade: bool
    """Whether it is a PowerGrade album rather than one of stills."""
