"""A folder (bin) of the media pool."""

from __future__ import annotations

from typing import Any, ClassVar

from resolve_engine.model.record import Record


class Folder(Record):
    """`parent` is the folder around it, '' for the root."""

    __slots__ = ("name",)
    KIND = "folder"
    FIELDS: ClassVar[dict[str, Any]] = {"name": ""}
    name: str
