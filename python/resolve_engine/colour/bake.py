"""One cube file for a whole grade, made once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    from resolve_engine.render.spec import NodeSpec


def cube_for(nodes: Sequence[NodeSpec], level_in: float, level_out: float) -> str | None:
    """The cube of a grade, or None when it changes nothing."""
    if any(node.enabled and (node.cdl is not None or node.lut) for node in nodes):
        raise MediaError("grades cannot be rendered yet", "unsupported")
    return None
