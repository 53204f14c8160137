"""Adjustment clips: items without a picture, whose grade acts on all that is put down below them.

It acts on the timeline's frame as it is composited, bars beside a picture included, in the timeline's colour space.
What stands above it, and a frame with nothing below it, is left alone. Opacity, fades and crop say how much and where.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resolve_engine.media.errors import MediaError
from resolve_engine.render.finish import Finish
from resolve_engine.render.geometry import Canvas, Sizing
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
    blanking: tuple[float, float, float, float] | None

    covers = False

    def act(self, canvas: FloatCanvas) -> None:
        """Grade what has been put down."""
        if self.finish.acts:
            canvas.adjust(lambda picture: self.finish.run(picture, canvas.level), self.opacity, self.place)


class Adjusters:
    """The adjustment clips of one compositor, with the filters of their grades."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._known: dict[str, tuple[Finish, Sizing]] = {}

    def keep(self, items: Collection[str]) -> None:
        """Let go of those that are not among the items with these ids."""
        for gone in self._known.keys() - items:
            del self._known[gone]

    def at(self, item: ItemSpec, frame: int) -> Adjustment | None:
        """One at a frame; None where it does nothing. Raises MediaError for one that cannot be rendered as asked."""
        if item.id not in self._known:
            self._known[item.id] = Finish(item.nodes), _sizing(item)
        finish, sizing = self._known[item.id]
        opacity = sizing.opacity / 100 * fade(item, frame)
        return Adjustment(finish, opacity, self._place(sizing), item.blanking) if opacity > 0 else None

    def _place(self, sizing: Sizing) -> tuple[int, int, int, int]:
        width, height = self._canvas.size
        across, down = width / self._canvas.timeline_width, height / self._canvas.timeline_height
        return (
            round(sizing.crop_left * across),
            round(sizing.crop_top * down),
            width - round(sizing.crop_right * across),
            height - round(sizing.crop_bottom * down),
        )


def _sizing(item: ItemSpec) -> Sizing:
    """Its crop and opacity. Raises MediaError for anything more."""
    why = unsupported(item.properties)
    if why is None and item.properties.get("CompositeMode"):
        why = "an adjustment clip has no picture to mix with a composite mode; set CompositeMode to 0"
    found = Sizing.of(item.properties)
    crop = {name: getattr(found, name) for name in ("crop_left", "crop_right", "crop_top", "crop_bottom", "opacity")}
    if why is None and found != Sizing(**crop):
        why = "the engine does not move what lies below an adjustment clip; reset its transform"
    if why is not None:
        raise MediaError(f"the item {item.name!r} cannot be rendered: {why}", "unsupported")
    return found
