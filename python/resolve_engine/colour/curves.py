"""The part of a grade that treats each colour by itself: exact as three curves, where a lattice would be too coarse.

The first nodes' slope, offset and power bend the dark end of a picture within one cell of a lattice. As curves in front
of it they are as good as they are computed, and the lattice has to follow only what remains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy
from numpy.typing import NDArray

from resolve_engine.colour.grade import Grade
from resolve_engine.render.spec import CdlSpec, NodeSpec

if TYPE_CHECKING:
    from resolve_engine.colour.bake import Domain

POINTS = 65536
"""Values of a curve that are looked at; FFmpeg keeps as many of one, in even steps between its ends."""

LEVELS = 8192
"""Values that a curve takes in a file: FFmpeg 8 holds the lower of two points instead of drawing a line between them,
so they stand at even steps of the curve and not of the domain, and each is held half a step to both sides. No value is
off by more than 1.3e-4, and reading them takes a quarter of a second."""

Floats = NDArray[numpy.float32]


@dataclass(frozen=True)
class Curves:
    """Three curves over a domain, and where the lattice behind them begins and ends."""

    values: Floats
    """POINTS x RGB: what they make of the domain, in even steps."""
    reach: float
    """Where the last of them stands, as a share of the domain: at 1 or a little further."""
    low: Floats
    """RGB: where the lattice begins."""
    high: Floats
    """RGB: where it ends."""

    def shares(self) -> Floats:
        """The curves as places on the lattice, 0 to 1."""
        places: Floats = numpy.clip((self.values - self.low) / (self.high - self.low), 0, 1)
        return places


def split(nodes: Sequence[NodeSpec]) -> tuple[tuple[NodeSpec, ...], tuple[NodeSpec, ...]]:
    """The nodes that are curves, and those that follow; a saturation and a LUT belong to those that follow."""
    curves: list[NodeSpec] = []
    rest = [node for node in nodes if node.enabled]
    while rest and rest[0].convert is None and rest[0].cdl is not None:
        node = rest.pop(0)
        assert node.cdl is not None
        curves.append(NodeSpec(cdl=replace(node.cdl, saturation=1.0)))
        mixed = node.cdl.saturation != 1.0
        if mixed or node.lut:
            rest.insert(0, replace(node, cdl=CdlSpec(saturation=node.cdl.saturation) if mixed else None))
            break
    return tuple(curves), tuple(rest)


def curves_of(nodes: Sequence[NodeSpec], domain: Domain) -> Curves:
    """The curves of nodes that are nothing else, over a domain. Black is one of the places that are kept, as a curve
    may be steepest there; so the last may stand a little behind the domain's end."""
    low, high = domain
    black = -low / (high - low) * (POINTS - 1)
    reach = black / math.floor(black) if black >= 1 else 1.0
    steps = (low + numpy.arange(POINTS) * ((high - low) * reach / (POINTS - 1))).astype(numpy.float32)
    if black >= 1:
        steps[math.floor(black)] = 0
    values = numpy.repeat(steps[:, None], 3, axis=1)
    Grade(nodes).apply(values)
    least, most = values.min(axis=0), values.max(axis=0)
    return Curves(values, reach, least, numpy.where(most - least > 1e-6, most, least + 1).astype(numpy.float32))


def points_of(shares: NDArray[numpy.float64]) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]:
    """Places from 0 to 1 and the values from 0 to 1 that are held from there on, for a curve that never falls. Its ends
    are exact; FFmpeg wants three points at least."""
    rising = numpy.maximum.accumulate(shares)
    levels = numpy.arange(1, LEVELS) / LEVELS
    levels = levels[(levels > rising[0]) & (levels < rising[-1])]
    places = numpy.interp(levels, rising, numpy.linspace(0, 1, len(rising)))
    held = levels + 0.5 / LEVELS
    return numpy.array([0, *places, 1, 1]), numpy.array([rising[0], *held, rising[-1], rising[-1]])


def csp_text(lattice: Floats, curves: Curves, white: float) -> str:
    """A lattice (blue x green x red x RGB) with curves before it as a .csp file, red fastest, for values from 0 to
    `white`, which stand for the curves' domain."""
    lines = ["CSPLUTV100", "3D", ""]
    for shares in curves.shares().T.astype(numpy.float64):
        places, held = points_of(shares)
        places *= curves.reach * white
        lines += [str(len(held)), *(" ".join(f"{value:.9f}" for value in of) for of in (places, held))]
    rows = lattice.reshape(-1, 3).astype(float).tolist()
    lines += ["", f"{len(lattice)} {len(lattice)} {len(lattice)}"]
    lines += [f"{red:.8f} {green:.8f} {blue:.8f}" for red, green, blue in rows]
    return "\n".join(lines) + "\n"
