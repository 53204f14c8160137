"""What a compositor sees at a frame: layers, transitions and adjustment clips, each with what it takes to show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from resolve_engine.render.adjustment import Adjustment

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.blanking import Shares
    from resolve_engine.render.canvas import LayerPicture
    from resolve_engine.render.geometry import Placement
    from resolve_engine.render.layer import LayerMaker


@dataclass(frozen=True)
class Shot:
    """A layer that can be seen, the filters that make it, its source picture and where it stands."""

    maker: LayerMaker
    picture: Picture
    placement: Placement

    @property
    def covers(self) -> bool:
        """Whether it hides all that is below."""
        return self.maker.covers(self.picture, self.placement)

    def floats(self, level: float, last: bool = False) -> LayerPicture:
        """The layer for a canvas; `last` when it is the whole picture."""
        return self.maker.floats(self.picture, self.placement, level, last)


@dataclass(frozen=True)
class Dissolve:
    """A transition from one shot to another; None is nothing."""

    before: Shot | None
    after: Shot | None
    weight: float
    """How far it has come, which in a dissolve is the share of the second."""
    name: str
    """Resolve's name of it."""

    @property
    def covers(self) -> bool:
        """Whether it hides all that is below."""
        return all(shot is not None and shot.covers for shot in (self.before, self.after))


Seen: TypeAlias = Shot | Dissolve | Adjustment
"""What stands on one track at one frame, with what it takes to show it."""


def blanking(stack: Sequence[Seen]) -> Shares:
    """How a picture is blanked, by the topmost of what can be seen; empty for not at all."""
    if not stack:
        return []
    top = stack[-1]
    if isinstance(top, Adjustment):
        return [(top.blanking, 1.0)] if top.blanking else []
    sides = [(top, 1.0)] if isinstance(top, Shot) else [(top.before, 1 - top.weight), (top.after, top.weight)]
    shares = [(None if shot is None else shot.maker.blanking, weight) for shot, weight in sides]
    different = {edges for edges, _ in shares}
    return [] if different == {None} else [(shares[0][0], 1.0)] if len(different) == 1 else shares
