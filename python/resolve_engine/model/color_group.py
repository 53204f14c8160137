"""A colour group: a named set of items with a grade before and a grade after each item's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from resolve_engine.model.grade import FRESH, Nodes, nodes_from_json
from resolve_engine.model.record import Record


class ColorGroup(Record):
    """Items name their group; the group does not list them."""

    __slots__ = ("name", "post", "pre")
    KIND = "color_group"
    FIELDS: ClassVar[dict[str, Any]] = {"name": "", "pre": FRESH, "post": FRESH}
    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {"pre": nodes_from_json, "post": nodes_from_json}

    name: str
    pre: Nodes
    post: Nodes
