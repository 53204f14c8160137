"""Markers on a timeline, a clip or an item: at most one a frame, kept in order of their frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

COLORS = (
    'Blue', 'Cyan', 'Green', 'Yellow', 'Red', 'Pink', 'Purple', 'Fuchsia',
    'Rose', 'Lavender', 'Sky', 'Mint', 'Lemon', 'Sand', 'Cocoa', 'Cream',
)  # fmt: skip
"""The sixteen marker colours; flags have the same."""


class Marker(NamedTuple):
    """One marker."""

    frame: int
    """Counted from the first frame of what carries it."""
    color: str
    name: str
    note: str
    duration: int
    """In frames, at least 1."""
    custom_data: str
    """For scripts; never shown."""


Markers = tuple[Marker, ...]


def markers_from_json(rows: Sequence[Sequence[Any]]) -> Markers:
    """The inverse of writing a tuple of markers as JSON."""
    return tuple(Marker(*row) for row in rows)


def at(markers: Markers, frame: int) -> Marker | None:
    """The marker at a frame."""
    return next((marker for marker in markers if marker.frame == frame), None)


def by_custom_data(markers: Markers, custom_data: str) -> Marker | None:
    """The first marker that carries the given custom data."""
    return next((marker for marker in markers if marker.custom_data == custom_data), None)


def with_marker(markers: Markers, marker: Marker) -> Markers:
    """The markers and one more."""
    return tuple(sorted((*markers, marker)))


def without(markers: Markers, gone: Marker) -> Markers:
    """The markers but one."""
    return tuple(marker for marker in markers if marker is not gone)
