"""Retiming by optical flow: between two source frames a picture on which everything has moved a part of its way."""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING

from resolve_engine.media.av_safe.motion import between
from resolve_engine.media.av_safe.pictures import signature, tag
from resolve_engine.render.timing import source_place

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.media.reader import Reader
    from resolve_engine.render.spec import ItemSpec


class FlowBlender:
    """Keeps the four frames at hand of each item, so that a reader is never sent back by one. Used by one thread."""

    def __init__(self) -> None:
        self._frames: dict[str, dict[int, Picture]] = {}
        self._latest: dict[str, tuple[Fraction, Picture]] = {}
        """The latest picture of each item, with its place."""

    def keep(self, items: Collection[str]) -> None:
        """Forget what belongs to items that are not among these ids."""
        self._frames = {id: frames for id, frames in self._frames.items() if id in items}
        self._latest = {id: latest for id, latest in self._latest.items() if id in items}

    def picture(self, reader: Reader, item: ItemSpec, frame: int, rate: tuple[int, int]) -> Picture:
        """What an item shows at a timeline frame; `rate` is the timeline's. At a source frame, before the first and
        behind the last that frame itself."""
        last = max(item.source.frames - 1, 0)
        place = min(max(source_place(item, frame, rate), Fraction(0)), Fraction(last))
        latest = self._latest.get(item.id)
        if latest is not None and latest[0] == place:
            return latest[1]
        first = math.floor(place)
        made = self._read(reader, item.id, [first])[0] if place == first else self._between(reader, item, place, last)
        self._latest[item.id] = place, made
        return made

    def _between(self, reader: Reader, item: ItemSpec, place: Fraction, last: int) -> Picture:
        first = math.floor(place)
        numbers = [min(max(first + step, 0), last) for step in (-1, 0, 1, 2)]
        four = self._read(reader, item.id, numbers)
        if len({signature(tag(one)) for one in four}) > 1 or four[1].format.has_palette:
            return four[1]
        return between(four, place - first)

    def _read(self, reader: Reader, id: str, numbers: list[int]) -> list[Picture]:
        """Frames by their numbers, in ascending order; those that are not near them are let go."""
        near = range(numbers[0] - 1, numbers[-1] + 3)
        frames = {number: picture for number, picture in self._frames.get(id, {}).items() if number in near}
        for number in numbers:
            if number not in frames:
                frames[number] = reader.read(number)
        self._frames[id] = frames
        return [frames[number] for number in numbers]
