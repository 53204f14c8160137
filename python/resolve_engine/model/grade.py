"""Grades: nodes in a row, each with an ASC CDL and a LUT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

Triple = tuple[float, float, float]


LARGEST = 1000.0
"""No CDL value is near this; a larger one is a mistake and would leave nothing of the picture."""


class Cdl(NamedTuple):
    """An ASC CDL."""

    slope: Triple = (1.0, 1.0, 1.0)
    offset: Triple = (0.0, 0.0, 0.0)
    power: Triple = (1.0, 1.0, 1.0)
    saturation: float = 1.0

    def is_defined(self) -> bool:
        """Whether ASC's formula is defined for it: neither slope nor saturation below 0, and power above 0."""
        return min(*self.slope, self.saturation) >= 0 and min(self.power) > 0


class Node(NamedTuple):
    """One node of a grade."""

    enabled: bool = True
    cdl: Cdl | None = None
    lut: str = ""
    """Path below the LUT folder, with `/`; '' for none."""
    label: str = ""
    cache: int = -1
    """Resolve's CacheMode: -1 automatic, 0 off, 1 on."""


Nodes = tuple[Node, ...]


def is_lut_name(name: str) -> bool:
    """Whether a text names a LUT by its path below the LUT folder: with `/`, without leaving the folder, and so that it
    means the same on every system."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") or any(mark in part for mark in ":\\\0") for part in parts)


FRESH: Nodes = (Node(),)
"""The grade of an untouched item: one node that does nothing."""


def nodes_from_json(rows: Sequence[Sequence[Any]]) -> Nodes:
    """The inverse of writing nodes as JSON."""
    nodes = []
    for enabled, cdl, lut, label, cache in rows:
        if cdl is not None:
            slope, offset, power, saturation = cdl
            cdl = Cdl(tuple(slope), tuple(offset), tuple(power), saturation)
        nodes.append(Node(enabled, cdl, lut, label, cache))
    return tuple(nodes)


def versions_from_json(rows: Sequence[Sequence[Any]]) -> tuple[tuple[str, Nodes], ...]:
    """The inverse of writing named grades as JSON."""
    return tuple((name, nodes_from_json(nodes)) for name, nodes in rows)


def with_node(nodes: Nodes, index: int, node: Node) -> Nodes:
    """The grade with the node at `index`, from 0, replaced."""
    return (*nodes[:index], node, *nodes[index + 1 :])
