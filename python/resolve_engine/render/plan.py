"""Cutting a timeline into segments in which the set of layers does not change, and what is heard when."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from resolve_engine.render.spec import ItemSpec, TimelineSpec, TrackSpec, TransitionSpec

EQUAL_POWER = "Cross Fade +3 dB"
"""The transition of sounds whose two gains squared make one; every other is linear."""


@dataclass(frozen=True)
class Layer:
    """An item on a picture track."""

    track: int
    """Index of the track, 0 for V1; negative for what comes in a transition, so that both sides have readers."""
    item: ItemSpec


@dataclass(frozen=True)
class Crossing:
    """A transition on a picture track."""

    transition: TransitionSpec
    before: Layer | None
    after: Layer | None


Stage: TypeAlias = Layer | Crossing
"""What stands on one track at one frame."""


@dataclass(frozen=True)
class Segment:
    """A half-open range of timeline frames with the same layers."""

    first: int
    end: int
    layers: tuple[Stage, ...]
    """Bottom first; empty for a gap."""

    def shown(self) -> Iterator[Layer]:
        """Every layer, both sides of transitions included."""
        for stage in self.layers:
            for layer in (stage,) if isinstance(stage, Layer) else (stage.before, stage.after):
                if layer is not None:
                    yield layer


@dataclass(frozen=True)
class Ramp:
    """A stretch in which a sound comes or goes."""

    first: int
    end: int
    rises: bool
    equal_power: bool = False


@dataclass(frozen=True)
class Heard:
    """A sound item, the frames in which it is heard, and how loud it is."""

    item: ItemSpec
    first: int
    end: int
    ramps: tuple[Ramp, ...]


def segments(timeline: TimelineSpec, first: int, end: int) -> Iterator[Segment]:
    """The segments of a half-open range of timeline frames, in order and without holes."""
    cuts = {first, end}
    for track in timeline.video:
        edges = [(item.start, item.end) for item in _shown(track)]
        edges += [(crossing.start, crossing.end) for crossing in _crossings(track)]
        cuts.update(cut for edge in edges for cut in edge if first < cut < end)
    ordered = sorted(cuts)
    for start, stop in itertools.pairwise(ordered):
        yield Segment(start, stop, layers_at(timeline, start))


def layers_at(timeline: TimelineSpec, frame: int) -> tuple[Stage, ...]:
    """The layers at a timeline frame, bottom first."""
    found = (_stage(index, track, frame) for index, track in enumerate(timeline.video))
    return tuple(stage for stage in found if stage is not None)


def _stage(index: int, track: TrackSpec, frame: int) -> Stage | None:
    for transition in _crossings(track):
        if transition.start <= frame < transition.end:
            sides = {item.id: item for item in _shown(track) if item.id in (transition.before, transition.after)}
            before, after = sides.get(transition.before), sides.get(transition.after)
            return Crossing(
                transition,
                None if before is None else Layer(index, before),
                None if after is None else Layer(-1 - index, after),
            )
    return next((Layer(index, item) for item in _shown(track) if item.start <= frame < item.end), None)


def sounds(timeline: TimelineSpec, first: int, end: int) -> list[Heard]:
    """The sound items that are heard in a half-open range of frames."""
    heard = [_heard(track, item) for track in timeline.audio for item in _shown(track)]
    return [one for one in heard if one.first < end and one.end > first]


def _heard(track: TrackSpec, item: ItemSpec) -> Heard:
    first, end = item.start, item.end
    ramps = []
    if item.fade_in:
        ramps.append(Ramp(first, first + item.fade_in, True))
    if item.fade_out:
        ramps.append(Ramp(end - item.fade_out, end, False))
    for crossing in _crossings(track):
        if item.id in (crossing.before, crossing.after):
            power = crossing.name == EQUAL_POWER
            ramps.append(Ramp(crossing.start, crossing.end, item.id == crossing.after, power))
            if item.id == crossing.after:
                first = crossing.start
            else:
                end = crossing.end
    return Heard(item, first, end, tuple(ramps))


def _shown(track: TrackSpec) -> tuple[ItemSpec, ...]:
    return tuple(item for item in track.items if item.enabled) if track.enabled else ()


def _crossings(track: TrackSpec) -> tuple[TransitionSpec, ...]:
    return track.transitions if track.enabled else ()
