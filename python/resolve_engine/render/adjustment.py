"""Adjustment clips: items without a picture, whose grade acts on all that is put down below them.

It acts on the timeline's frame as it is composited, bars beside a picture included, in the timeline's colour space.
What stands above it, and a frame with nothing below it, is left alone. Opacity, fades and crop say how much and where.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.errors import MediaError
from resolve_engine.render.coverage import Floats, upright
from resolve_engine.render.finish import Finish
from resolve_engine.render.geometry import Canvas, Placement, Sizing, place
from resolve_engine.render.support import unsupported
from resolve_engine.render.timing import fade

if TYPE_CHECKING:
    from resolve_engine.render.canvas import FloatCanvas
    from resolve_engine.render.spec import ItemSpec


@dataclass(frozen=True)
class Adjustment:
    """An adjustment clip at a frame."""

    finish: Finish
    opacity: float
    place: tuple[int, int, int, int]
    """x, y of the part of the timeline's frame that it acts on, and of what lies right of it and below, in pixels of
    the canvas."""
    cover: Floats | None
    """How much it acts on each pixel of that part; None for wholly."""
    blanking: tuple[float, float, float, float] | None

    covers = False

    def act(self, canvas: FloatCanvas) -> None:
        """Grade what has been put down."""
        if self.finish.acts:
            share = numpy.float32(self.opacity) if self.cover is None else self.cover * numpy.float32(self.opacity)
            canvas.adjust(lambda picture: self.finish.run(picture, canvas.level), share, self.place)


class Adjusters:
    """The adjustment clips of one compositor, with the filters of their grades."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._known: dict[str, tuple[Finish, Placement | None, Floats | None]] = {}

    def keep(self, items: Collection[str]) -> None:
        """Let go of those that are not among the items with these ids."""
        for gone in self._known.keys() - items:
            del self._known[gone]

    def at(self, item: ItemSpec, frame: int) -> Adjustment | None:
        """One at a frame; None where it does nothing. Raises MediaError for one that cannot be rendered as asked."""
        if item.id not in self._known:
            size = self._canvas.timeline_width, self._canvas.timeline_height
            placement = place(_sizing(item), self._canvas, *size)
            self._known[item.id] = Finish(item.nodes), placement, None if placement is None else upright(placement)
        finish, placement, cover = self._known[item.id]
        opacity = 0.0 if placement is None else placement.opacity * fade(item, frame)
        if placement is None or opacity <= 0:
            return None
        (left, top), (width, height) = placement.place, placement.cut[2:]
        return Adjustment(finish, opacity, (left, top, left + width, top + height), cover, item.blanking)


def _sizing(item: ItemSpec) -> Sizing:
    """Its crop and opacity, as those of a picture that fills the frame. Raises MediaError for anything more."""
    why = unsupported(item.properties)
    if why is None and item.properties.get("CompositeMode"):
        why = "an adjustment clip has no picture to mix with a composite mode; set CompositeMode to 0"
    found = Sizing.of(item.properties)
    own = ("crop_left", "crop_right", "crop_top", "crop_bottom", "crop_softness", "opacity")
    if why is None and found != Sizing(**{name: getattr(found, name) for name in own}):
        why = "the engine does not move what lies below an adjustment clip; reset its transform"
    if why is not None:
        raise MediaError(f"the item {item.name!r} cannot be rendered: {why}", "unsupported")
    return found
