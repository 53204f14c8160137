"""What can be seen of a timeline at a frame, with the source pictures read. Belongs to one thread.

It may be another thread than the one that puts the pictures together, so that the next ones are read meanwhile.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from resolve_engine.media.av_safe import tag
from resolve_engine.media.errors import MediaError
from resolve_engine.media.reader import ReaderCache
from resolve_engine.render.adjustment import Adjusters, Adjustment
from resolve_engine.render.frame_blend import FrameBlender
from resolve_engine.render.generator import draw, drawing_key
from resolve_engine.render.layer import LayerMaker
from resolve_engine.render.optical_flow import FlowBlender
from resolve_engine.render.plan import Layer, Segment, Stage, layers_at, segments
from resolve_engine.render.shot import Dissolve, Seen, Shot
from resolve_engine.render.steady import Steadier
from resolve_engine.render.support import FRAME_BLEND, OPTICAL_FLOW, retime_process
from resolve_engine.render.timing import fade, progress, source_frame

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.geometry import Canvas
    from resolve_engine.render.lookup import Lookups
    from resolve_engine.render.spec import NodeSpec, TimelineSpec


class Inner(Protocol):
    """A timeline that stands as a clip in another one."""

    start: int
    """Its first frame."""

    def layered(self, frame: int) -> Picture | None:
        """Its picture at one of its frames; None where nothing can be seen."""

    def close(self) -> None:
        """Let go of files."""


@dataclass(frozen=True)
class View:
    """What can be seen at a frame."""

    frame: int
    """The timeline's."""
    stack: tuple[Seen, ...]
    """Bottom first; empty for black."""


class Footage:
    """Reads the sources of one timeline."""

    def __init__(
        self,
        timeline: TimelineSpec,
        canvas: Canvas,
        finish: tuple[NodeSpec, ...],
        lookups: Lookups | None,
        inner: Callable[[str], Inner],
        threads: int,
    ) -> None:
        """`finish` is the timeline's own grade, `lookups` are the tables of a render; `inner` opens a timeline that
        stands as a clip, by its id. `threads` are those of each decoder."""
        self._timeline = timeline
        self._canvas = canvas
        self._end_grade = finish
        self._lookups = lookups
        self._open_inner = inner
        self._inner: dict[str, Inner] = {}
        self._readers = ReaderCache(threads)
        self._makers: dict[str, LayerMaker] = {}
        self._blenders: dict[int, FrameBlender | FlowBlender] = {
            FRAME_BLEND: FrameBlender(),
            OPTICAL_FLOW: FlowBlender(),
        }
        self._adjusters = Adjusters(canvas)
        self._steadier = Steadier()
        self._drawings: dict[str, tuple[int, Picture]] = {}
        self._segment: Segment | None = None

    def close(self) -> None:
        """Let go of files."""
        self._makers.clear()
        self._drawings.clear()
        self._readers.close()
        for inner in self._inner.values():
            inner.close()
        self._inner.clear()

    def view(self, frame: int) -> View:
        """What can be seen at a timeline frame; hidden layers are not even read."""
        stack: list[Seen] = []
        for stage in reversed(self._layers(frame)):
            seen = self._seen(stage, frame)
            if seen is None:
                continue
            stack.append(seen)
            if seen.covers:
                break
        while stack and isinstance(stack[-1], Adjustment):  # there is nothing below it
            stack.pop()
        return View(frame, tuple(stack[::-1]))

    def _seen(self, stage: Stage, frame: int) -> Seen | None:
        if isinstance(stage, Layer):
            adjusts = stage.item.adjusts
            return self._adjusters.at(stage.item, frame) if adjusts else self._shot(stage, frame)
        before, after = (None if side is None else self._shot(side, frame) for side in (stage.before, stage.after))
        if before is None and after is None:
            return None
        crossing = stage.transition
        return Dissolve(before, after, progress(crossing.start, crossing.end, frame), crossing.name)

    def _layers(self, frame: int) -> tuple[Stage, ...]:
        """The layers at a frame; those of the segment at hand are remembered."""
        segment = self._segment
        if segment is None or not segment.first <= frame < segment.end:
            rest = segments(self._timeline, frame, max(frame + 1, self._timeline.end))
            segment = next(rest, Segment(frame, frame + 1, layers_at(self._timeline, frame)))
            self._segment = segment
            shown = list(segment.shown())
            here = {layer.item.id for layer in shown}
            for gone in self._makers.keys() - here:  # their filters hold pictures of 25 MB each at 1080p
                del self._makers[gone]
            for blender in (*self._blenders.values(), self._adjusters, self._steadier):
                blender.keep(here)
            self._readers.keep({(layer.track, layer.item.source.path) for layer in shown})
            for gone in self._drawings.keys() - here:
                del self._drawings[gone]
            for gone in self._inner.keys() - here:
                self._inner.pop(gone).close()
            # PyAV's files and graphs refer to themselves, and hold more memory than Python knows of.
            gc.collect()
        return segment.layers

    def _maker(self, layer: Layer) -> LayerMaker:
        maker = self._makers.get(layer.item.id)
        if maker is None:
            maker = self._makers[layer.item.id] = LayerMaker(layer.item, self._canvas, self._end_grade, self._lookups)
        return maker

    def _shot(self, layer: Layer, frame: int) -> Shot | None:
        """A layer at a frame; None when nothing of it can be seen."""
        level = fade(layer.item, frame)
        found = self._read(layer, frame) if level > 0 else None
        if found is None:
            return None
        maker = self._maker(layer)
        placement = maker.placement(*found)
        if placement is None:
            return None
        if level < 1:
            placement = replace(placement, opacity=placement.opacity * level)
        return Shot(maker, found[0], placement)

    def _read(self, layer: Layer, frame: int) -> tuple[Picture, Fraction] | None:
        """The source picture and the shape of its pixels; None from an empty place of a nested timeline."""
        index = source_frame(layer.item, frame, self._timeline.rate)
        try:
            if layer.item.source.kind == "timeline":
                inner = self._inner_of(layer)
                picture = inner.layered(inner.start + index)
                return None if picture is None else (tag(picture), Fraction(1))
            if layer.item.source.kind == "generated":
                return self._drawn(layer, index), Fraction(1)
            reader = self._steadier.reader(self._readers.reader(layer.track, layer.item.source), layer.item)
            blender = None if layer.item.source.kind == "still" else self._blenders.get(retime_process(layer.item))
            if blender is not None:
                return blender.picture(reader, layer.item, frame, self._timeline.rate), reader.aspect
            return reader.read(index), reader.aspect
        except MediaError as error:
            self._readers.forget(layer.track, layer.item.source)
            raise MediaError(f"the item {layer.item.name!r} cannot be shown: {error.reason}", error.code) from error

    def _drawn(self, layer: Layer, index: int) -> Picture:
        """The picture of a generator or a title, at the timeline's size; the same object while it does not change."""
        size = self._timeline.width, self._timeline.height
        key = drawing_key(layer.item.source, index)
        found = self._drawings.get(layer.item.id)
        if found is None or found[0] != key:
            found = self._drawings[layer.item.id] = (key, draw(layer.item.source, index, *size))
        return found[1]

    def _inner_of(self, layer: Layer) -> Inner:
        """The timeline that an item shows."""
        inner = self._inner.get(layer.item.id)
        if inner is None:
            inner = self._inner[layer.item.id] = self._open_inner(layer.item.source.path)
        return inner
