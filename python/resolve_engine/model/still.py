"""A still of the gallery: a picture that was grabbed or imported, and the grade that goes with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from resolve_engine.model.grade import FRESH, Nodes, nodes_from_json
from resolve_engine.model.record import Record

PICTURE = re.compile(r"[0-9a-f]{64}")
"""What the name of a kept picture looks like: the SHA-256 of its file."""


class Still(Record):
    """`parent` is its album; `position` orders the stills of a project by when they came."""

    __slots__ = ("clip", "height", "label", "nodes", "number", "picture", "timecode", "width")
    KIND = "still"
    FIELDS: ClassVar[dict[str, Any]] = {
        "label": "",
        "nodes": FRESH,
        "picture": "",
        "width": 0,
        "height": 0,
        "number": (0, 0, 1),
        "clip": "",
        "timecode": "",
    }
    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {"nodes": nodes_from_json}

    label: str
    nodes: Nodes
    """The grade of the item that was on top when it was grabbed."""
    picture: str
    """The SHA-256 of the kept picture file, which is its name too."""
    width: int
    """Of the picture, in pixels."""
    height: int
    number: tuple[int, int, int]
    """Track and clip on the track, counted from 1 (0 and 0 when it was imported), and which still of that clip."""
    clip: str
    """Name of the item that it was grabbed from, or of the file that it was imported from."""
    timecode: str
    """Of the timeline, where it was grabbed; '' when it was imported."""

    @property
    def shown_number(self) -> str:
        """As Resolve shows it and names files: `1.4.2`."""
        return ".".join(map(str, self.number))
