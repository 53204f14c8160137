"""Steadied pictures: those of a clip, each moved as was found when it was analysed."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING

from resolve_engine.media.av_safe.moving import moved
from resolve_engine.media.av_safe.pictures import tag

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.media.reader import Reader
    from resolve_engine.render.spec import ItemSpec, SteadySpec


class SteadyReader:
    """Reads as another reader does, with each picture moved."""

    def __init__(self, reader: Reader, steady: SteadySpec, latest: dict[int, Picture]) -> None:
        """`latest` is the picture at hand, by its number."""
        self._reader = reader
        self._steady = steady
        self._latest = latest
        self.aspect: Fraction = reader.aspect

    def read(self, index: int) -> Picture:
        """The frame with this number; before and behind what was analysed it is moved as the nearest that was."""
        if index not in self._latest:
            shifts = self._steady.shifts
            across, down = shifts[min(max(index - self._steady.first, 0), len(shifts) - 1)]
            picture = moved(tag(self._reader.read(index)), across, down, self._steady.zoom)
            self._latest.clear()
            self._latest[index] = picture
        return self._latest[index]

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()


class Steadier:
    """The pictures at hand of the steadied items of one compositor."""

    def __init__(self) -> None:
        self._latest: dict[str, dict[int, Picture]] = {}

    def keep(self, items: Collection[str]) -> None:
        """Let go of what belongs to items that are not among these ids."""
        self._latest = {id: latest for id, latest in self._latest.items() if id in items}

    def reader(self, reader: Reader, item: ItemSpec) -> Reader:
        """The reader of an item's pictures as they are shown."""
        if item.steady is None:
            return reader
        return SteadyReader(reader, item.steady, self._latest.setdefault(item.id, {}))
