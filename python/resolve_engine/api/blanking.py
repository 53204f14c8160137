"""The methods of timelines and their items about output blanking: what lies outside of four edges is black."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.parts import ItemPart, TimelinePart
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Edges, Item
from resolve_engine.model.settings import timeline_size

SIDES = ("Left", "Top", "Right", "Bottom")
"""In the order of `model.item.Edges`."""


def _read(edges: Edges, size: tuple[int, int]) -> dict[str, float]:
    shown = dict(zip(SIDES, edges or (0, 0, *size), strict=True))
    return {side: float(shown[side]) for side in ("Top", "Bottom", "Left", "Right")}


def _checked(value: Any, size: tuple[int, int]) -> Edges:
    """Sides that are left out are the frame's own. Refusal for what is no edge of it."""
    given = arguments.table(value, "the blanking")
    for key in given:
        if key not in SIDES:
            raise Refusal(f"{key!r} is no side of the blanking; the sides are {', '.join(SIDES)}")
    if not given:
        raise Refusal("no side of the blanking was given")
    width, height = size
    bounds = {"Left": (0, width), "Top": (0, height), "Right": (width, width), "Bottom": (height, height)}
    left, top, right, bottom = (
        arguments.number(given.get(side, default), side, 0, most) for side, (default, most) in bounds.items()
    )
    return () if (left, top, right, bottom) == (0, 0, width, height) else (left, top, right, bottom)


class TimelineBlankingMethods(TimelinePart):
    """Edges are counted from the top left corner: of 1080 lines, Top 140 and Bottom 940 leave 140 black on either side.
    Resolve fills a Right that is left out with the width, as measured."""

    def GetOutputBlanking(self) -> dict[str, float]:
        return _read(self.timeline.blanking, timeline_size(self.timeline, self.project))

    def SetOutputBlanking(self, outputBlanking: Any) -> bool:
        """All four are edges counted from the top left corner, not widths of bars."""
        self.timeline.blanking = _checked(outputBlanking, timeline_size(self.timeline, self.project))
        return True


class ItemBlankingMethods(ItemPart):
    """An item follows its timeline until it is given a blanking of its own."""

    def _blanked(self) -> Item:
        if self.item.type not in ("video", "generator"):
            raise Refusal(f"{self.item.name!r} is no picture and has no blanking")
        return self.item

    def GetOutputBlanking(self) -> dict[str, float]:
        """Empty while it follows its timeline."""
        item = self._blanked()
        return _read(item.blanking, timeline_size(self.timeline, self.project)) if item.own_blanking else {}

    def SetOutputBlanking(self, outputBlanking: Any) -> bool:
        """It no longer follows its timeline afterwards, and does again when {} is set, which it read while it did. All
        four are edges counted from the top left corner."""
        item = self._blanked()
        if outputBlanking == {}:
            item.own_blanking = False
            return True
        item.blanking = _checked(outputBlanking, timeline_size(self.timeline, self.project))
        item.own_blanking = True
        return True

    def GetUseTimelineForOutputBlanking(self) -> bool:
        return not self._blanked().own_blanking

    def SetUseTimelineForOutputBlanking(self, useTimelineOutputBlanking: Any) -> bool:
        """Its own is kept meanwhile."""
        self._blanked().own_blanking = not arguments.flag(useTimelineOutputBlanking, "useTimelineOutputBlanking")
        return True
