"""The picture of a timeline at a frame: reads its layers' sources and puts them together. Belongs to one thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from resolve_engine.media.av_safe import blank
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import is_deep_rgb, is_planar_yuv, is_rgb, quantised, signature
from resolve_engine.media.errors import MediaError
from resolve_engine.media.reader import ReaderCache
from resolve_engine.render.canvas import FloatCanvas
from resolve_engine.render.geometry import Canvas, Placement
from resolve_engine.render.layer import LayerMaker
from resolve_engine.render.levels import to_format, white_level
from resolve_engine.render.patch import Patcher, Region, covered
from resolve_engine.render.plan import Layer, Segment, layers_at, segments
from resolve_engine.render.timing import source_frame

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import TimelineSpec


Shown: TypeAlias = "tuple[Layer, LayerMaker, Picture, Placement]"
"""A layer that can be seen, the filters that make it, its source picture and where it stands."""


class Compositor:
    """Renders frames of one timeline into pictures of one size and pixel format."""

    def __init__(self, timeline: TimelineSpec, width: int, height: int, pixel_format: str) -> None:
        self._timeline = timeline
        self._canvas = Canvas(timeline.width, timeline.height, width, height)
        self._whole = self._canvas.size == (width, height)
        """Whether the timeline's frame fills the output, without bars."""
        self._format = pixel_format
        self._deep = is_deep_rgb(pixel_format)
        """Whether the output is made from floats without FFmpeg's scaler, which is not exact there."""
        self._readers = ReaderCache()
        self._makers: dict[str, LayerMaker] = {}
        self._patches = is_planar_yuv(pixel_format)
        """Whether layers can be put on a part of a finished picture."""
        self._patcher: Patcher | None = None
        self._floats: FloatCanvas | None = None
        self._last_step: PictureGraph | None = None
        self._black: Picture | None = None
        self._segment: Segment | None = None

    def close(self) -> None:
        """Let go of files."""
        self._makers.clear()
        self._readers.close()

    def picture(self, frame: int) -> Picture:
        """The picture at a timeline frame. It may be the same object as before; change nothing but its `pts`."""
        stack = self._visible(frame)
        if not stack:
            return self._black_picture()
        _, maker, picture, placement = stack[0]
        if self._whole and not self._deep and maker.covers(picture, placement):
            upper = [layer[3] for layer in stack[1:]]
            region = covered(upper, self._canvas.size) if upper and self._patches else None
            if len(stack) == 1 or region is not None:
                bottom = maker.direct(picture, placement, self._format)
                if bottom is not None and region is None:
                    return bottom
                if bottom is not None and region is not None:
                    return self._patched(bottom, region, stack[1:])
        return self._composite(stack)

    def _patched(self, bottom: Picture, region: Region, stack: Sequence[Shown]) -> Picture:
        patcher = self._patcher
        if patcher is None or patcher.region != region:
            patcher = self._patcher = Patcher(bottom, region, (0, 0, *self._canvas.size))
        return patcher.patched(bottom, [maker.floats(shot, place, patcher.level) for _, maker, shot, place in stack])

    def _visible(self, frame: int) -> list[Shown]:
        """The layers that can be seen, bottom first, each with its source picture; hidden ones are not even read."""
        stack: list[Shown] = []
        for layer in reversed(self._layers(frame)):
            maker = self._maker(layer)
            picture, placement = self._read(layer, maker, frame)
            if placement is None:
                continue
            stack.append((layer, maker, picture, placement))
            if maker.covers(picture, placement):
                break
        return stack[::-1]

    def _layers(self, frame: int) -> tuple[Layer, ...]:
        """The layers at a frame; those of the segment at hand are remembered."""
        segment = self._segment
        if segment is None or not segment.first <= frame < segment.end:
            rest = segments(self._timeline, frame, max(frame + 1, self._timeline.end))
            segment = next(rest, Segment(frame, frame + 1, layers_at(self._timeline, frame)))
            self._segment = segment
            here = {layer.item.id for layer in segment.layers}
            for gone in self._makers.keys() - here:  # their filters hold pictures of 25 MB each at 1080p
                del self._makers[gone]
        return segment.layers

    def _maker(self, layer: Layer) -> LayerMaker:
        maker = self._makers.get(layer.item.id)
        if maker is None:
            maker = self._makers[layer.item.id] = LayerMaker(layer.item, self._canvas)
        return maker

    def _read(self, layer: Layer, maker: LayerMaker, frame: int) -> tuple[Picture, Placement | None]:
        index = source_frame(layer.item, frame, self._timeline.rate)
        try:
            reader = self._readers.reader(layer.track, layer.item.source)
            picture = reader.read(index)
        except MediaError as error:
            self._readers.forget(layer.track, layer.item.source)
            raise MediaError(f"the item {layer.item.name!r} cannot be shown: {error.reason}", error.code) from error
        return picture, maker.placement(picture, reader.aspect)

    def _composite(self, stack: list[Shown]) -> Picture:
        canvas = self._float_canvas()
        bottom = stack[0]
        if not (self._whole and bottom[1].covers(bottom[2], bottom[3])):
            canvas.clear()
        for _, maker, picture, placement in stack:
            canvas.put(maker.floats(picture, placement, canvas.level))
        return self._converted(canvas.picture)

    def _float_canvas(self) -> FloatCanvas:
        if self._floats is None:
            size = (self._canvas.output_width, self._canvas.output_height)
            frame = (*self._canvas.corner, *self._canvas.size)
            self._floats = FloatCanvas(size, frame, 1.0 if self._deep else white_level(self._format))
        elif self._format == "gbrpf32le":
            self._floats.renew()
        return self._floats

    def _converted(self, picture: Picture) -> Picture:
        """From the float canvas to the output's format."""
        if self._deep:
            return quantised(picture, self._format)
        if self._last_step is None:
            self._last_step = PictureGraph([signature(picture)])
            steps = [] if self._format == "gbrpf32le" else to_format(self._format)
            self._last_step.finish(self._last_step.chain(0, steps or [("null", {})]))
        return self._last_step.run([picture])

    def _black_picture(self) -> Picture:
        if self._black is None:
            planar = "gbrp" if is_rgb(self._format) else "yuv444p"
            source = blank(self._canvas.output_width, self._canvas.output_height, planar)
            graph = PictureGraph([signature(source)])
            graph.finish(graph.chain(0, to_format(self._format)))
            self._black = graph.run([source])
        return self._black
