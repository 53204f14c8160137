"""Cutting a timeline into segments in which the set of layers does not change."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from resolve_engine.render.spec import ItemSpec, TimelineSpec, TrackSpec


@dataclass(frozen=True)
class Layer:
    """An item on a picture track."""

    track: int
    """Index of the track, 0 for V1."""
    item: ItemSpec


@dataclass(frozen=True)
class Segment:
    """A half-open range of timeline frames with the same layers."""

    first: int
    end: int
    layers: tuple[Layer, ...]
    """Bottom first; empty for a gap."""


def segments(timeline: TimelineSpec, first: int, end: int) -> Iterator[Segment]:
    """The segments of a half-open range of timeline frames, in order and without holes."""
    cuts = {first, end}
    for track in timeline.video:
        for item in _shown(track):
            cuts.update(cut for cut in (item.start, item.end) if first < cut < end)
    ordered = sorted(cuts)
    for start, stop in itertools.pairwise(ordered):
        yield Segment(start, stop, layers_at(timeline, start))


def layers_at(timeline: TimelineSpec, frame: int) -> tuple[Layer, ...]:
    """The layers at a timeline frame, bottom first."""
    return tuple(
        Layer(index, item)
        for index, track in enumerate(timeline.video)
        for item in _shown(track)
        if item.start <= frame < item.end
    )


def sounds(timeline: TimelineSpec, first: int, end: int) -> list[ItemSpec]:
    """The sound items that touch a half-open range of frames."""
    return [item for track in timeline.audio for item in _shown(track) if item.start < end and item.end > first]


def _shown(track: TrackSpec) -> tuple[ItemSpec, ...]:
    return tuple(item for item in track.items if item.enabled) if track.enabled else ()
