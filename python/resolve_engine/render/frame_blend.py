"""Retiming by blending: between two source frames a picture shows both, each by how near it is."""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING

from resolve_engine.media.av_safe.pictures import mixed, signature
from resolve_engine.render.timing import source_place

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.media.reader import Reader
    from resolve_engine.render.spec import ItemSpec


class FrameBlender:
    """Keeps the two frames at hand of each item, so that a reader is never sent back by one. Used by one thread."""

    def __init__(self) -> None:
        self._pairs: dict[str, dict[int, Picture]] = {}

    def keep(self, items: Collection[str]) -> None:
        """Forget the frames of items that are not among these ids."""
        self._pairs = {id: pair for id, pair in self._pairs.items() if id in items}

    def picture(self, reader: Reader, item: ItemSpec, frame: int, rate: tuple[int, int]) -> Picture:
        """What an item shows at a timeline frame; `rate` is the timeline's. Before the first source frame and behind
        the last that frame alone."""
        last = max(item.source.frames - 1, 0)
        place = min(max(source_place(item, frame, rate), Fraction(0)), Fraction(last))
        first = math.floor(place)
        known = self._pairs.get(item.id, {})
        pair = {index: known.get(index) or reader.read(index) for index in sorted({first, min(first + 1, last)})}
        self._pairs[item.id] = pair
        share = float(place - first)
        one, other = pair[first], pair[min(first + 1, last)]
        if share == 0 or one.format.has_palette or signature(one) != signature(other):
            return one
        return mixed(one, other, share)
