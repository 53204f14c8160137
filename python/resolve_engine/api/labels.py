"""The methods about flags and colours that clips and timeline items share, and about in and out marks."""

from __future__ import annotations

from typing import Any, Protocol

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.names import numbered
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Marks
from resolve_engine.model.marker import COLORS as FLAG_COLORS

CLIP_COLORS = (
    "Orange", "Apricot", "Yellow", "Lime", "Olive", "Green", "Teal", "Navy",
    "Blue", "Purple", "Violet", "Pink", "Tan", "Beige", "Brown", "Chocolate",
)  # fmt: skip


class Flagged(Protocol):
    """A record that carries flags."""

    flags: tuple[str, ...]


class Colored(Protocol):
    """A record that has a colour."""

    color: str


class FlagMethods(ApiClass):
    """Flags; those of a timeline item are its clip's."""

    @property
    def flagged(self) -> Flagged:
        """The record that carries the flags; Refusal when there is none."""
        raise NotImplementedError

    def AddFlag(self, color: Any) -> bool:
        chosen = arguments.choice(color, "the color of the flag", FLAG_COLORS)
        if chosen not in self.flagged.flags:
            self.flagged.flags = (*self.flagged.flags, chosen)
        return True

    def GetFlagList(self) -> list[str]:
        return list(self.flagged.flags)

    def GetFlags(self) -> dict[float, str]:
        return numbered(self.GetFlagList())

    def ClearFlags(self, color: Any) -> bool:
        chosen = arguments.choice(color, "the color of the flags", (*FLAG_COLORS, "All"))
        self.flagged.flags = tuple(flag for flag in self.flagged.flags if chosen not in (flag, "All"))
        return True


class ColorMethods(ApiClass):
    """The colour of a clip or of an item; one does not follow the other."""

    @property
    def colored(self) -> Colored:
        """The record that has the colour."""
        raise NotImplementedError

    def GetClipColor(self) -> str:
        return self.colored.color

    def SetClipColor(self, colorName: Any) -> bool:
        self.colored.color = arguments.choice(colorName, "the clip color", CLIP_COLORS)
        return True

    def ClearClipColor(self) -> bool:
        self.colored.color = ""
        return True


class MarkedRange(Protocol):
    """A record with in and out marks."""

    marks: Marks


class MarkMethods(ApiClass):
    """In and out marks, both inclusive, counted from the first frame."""

    @property
    def ranged(self) -> MarkedRange:
        """The record that has the marks."""
        raise NotImplementedError

    @property
    def last_frame(self) -> int:
        """The last frame that a mark may name."""
        raise NotImplementedError

    def GetMarkInOut(self) -> dict[str, dict[str, int]]:
        return {kind: {"in": first, "out": last} for kind, (first, last) in self.ranged.marks.items()}

    def SetMarkInOut(self, markIn: Any, markOut: Any, markType: Any = "all") -> bool:
        first = arguments.whole(markIn, "the in mark", 0, self.last_frame)
        last = arguments.whole(markOut, "the out mark", 0, self.last_frame)
        if last <= first:
            raise Refusal(f"the out mark {last} must be after the in mark {first}")
        self.ranged.marks = {**self.ranged.marks, **dict.fromkeys(_kinds(markType), (first, last))}
        return True

    def ClearMarkInOut(self, markType: Any = "all") -> bool:
        kinds = _kinds(markType)
        self.ranged.marks = {kind: marks for kind, marks in self.ranged.marks.items() if kind not in kinds}
        return True


def _kinds(mark_type: Any) -> tuple[str, ...]:
    chosen = arguments.choice(mark_type, "the mark type", ("video", "audio", "all"))
    return ("video", "audio") if chosen == "all" else (chosen,)
