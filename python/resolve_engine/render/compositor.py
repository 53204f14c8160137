"""The picture of a timeline at a frame: puts together what can be seen there. Belongs to one thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from resolve_engine.media.av_safe import blank
from resolve_engine.media.av_safe.films import AT_ONCE, beside_others
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import (
    copied,
    is_deep_rgb,
    is_planar_yuv,
    is_rgb,
    is_upright,
    quantised,
    signature,
)
from resolve_engine.render.adjustment import Adjustment
from resolve_engine.render.blanking import Blanker
from resolve_engine.render.burn_in import BurnInDrawer
from resolve_engine.render.canvas import FloatCanvas
from resolve_engine.render.codes import put, takes_codes
from resolve_engine.render.finish import Finish, blacken, multiply_alpha
from resolve_engine.render.footage import Footage, View
from resolve_engine.render.geometry import Canvas
from resolve_engine.render.levels import opaque_level, to_format, white_level
from resolve_engine.render.lookup import Lookups
from resolve_engine.render.patch import Patcher, Region, covered
from resolve_engine.render.shot import Seen, Shot, blanking
from resolve_engine.render.subtitles import SubtitleDrawer

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import CaptionSpec, TimelineSpec


class Compositor:
    """Renders frames of one timeline into pictures of one size and pixel format."""

    def __init__(
        self,
        timeline: TimelineSpec,
        width: int,
        height: int,
        pixel_format: str,
        nested: Mapping[str, TimelineSpec] | None = None,
        captions: Sequence[CaptionSpec] = (),
        frames: range | None = None,
    ) -> None:
        """`nested` is where timelines that stand as clips are found; the timeline's own when it is left out. `captions`
        are burnt in, over everything and after the timeline's own grade. `frames` are those that will be asked for,
        where they are so many that their grades are worth a table and that no single one is waited for."""
        self.start = timeline.start
        self._canvas = Canvas(timeline.width, timeline.height, width, height)
        self._whole = self._canvas.size == (width, height)
        """Whether the timeline's frame fills the output, without bars."""
        self._format = pixel_format
        self._deep = is_deep_rgb(pixel_format)
        """Whether the output is made from floats without FFmpeg's scaler, which is not exact there."""
        self._patches = is_planar_yuv(pixel_format)
        """Whether layers can be put on a part of a finished picture."""
        self._patcher: Patcher | None = None
        self._floats: FloatCanvas | None = None
        self._finish = Finish(timeline.nodes)
        self._blanker = Blanker(self._canvas)
        self._subtitles = SubtitleDrawer(captions, self._canvas, timeline.rate)
        self._burn_in = BurnInDrawer(timeline, self._canvas)
        self._last_step: PictureGraph | None = None
        self._black: Picture | None = None
        known = timeline.nested if nested is None else nested
        form = pixel_format if self._patches else "gbrpf32le"

        def inner(name: str) -> Compositor:
            """A timeline that stands as a clip, at its own size."""
            return Compositor(known[name], known[name].width, known[name].height, form, known)

        lookups = None if frames is None else Lookups(timeline, frames, width * height)
        threads = AT_ONCE if frames is None else beside_others()
        self.footage = Footage(timeline, self._canvas, self._finish.nodes, lookups, inner, threads)
        """Where the sources are read: `picture` does, and so may another thread for `shown`."""

    def close(self) -> None:
        """Let go of files."""
        self.footage.close()

    def picture(self, frame: int) -> Picture:
        """The picture at a timeline frame. It may be the same object as before; change nothing but its `pts`."""
        return self.shown(self.footage.view(frame))

    def shown(self, view: View) -> Picture:
        """The picture of what is seen, as `picture` answers it."""
        stack, letters = view.stack, self._letters(view.frame)
        if not stack and not letters:
            return self._black_picture()
        edges = blanking(stack)
        picture = self._direct(stack, letters) if not edges or not letters else None
        if picture is not None and edges:
            picture = self._blanker.quickly(picture, edges)
        return self._composite(stack, letters) if picture is None else picture

    def _direct(self, stack: Sequence[Seen], letters: Sequence[Shot]) -> Picture | None:
        """The picture without a canvas of floats for all of it; None where that cannot be."""
        bottom = stack[0] if stack else None
        upper = [shot for shot in stack[1:] if isinstance(shot, Shot)]
        if not isinstance(bottom, Shot) or len(upper) < len(stack) - 1:
            return None
        if not self._whole or self._deep or not bottom.covers:
            return None
        over = [*upper, *letters]
        if over and takes_codes(self._format) and not (upper and self._finish.acts):
            picture = bottom.maker.direct(bottom.picture, bottom.placement, self._format)
            on_codes = _on_codes(picture, over) if picture is not None and is_upright(picture) else None
            if on_codes is not None:
                return on_codes
        patches = self._patches and not (upper and self._finish.acts)  # what is patched has its last grade already
        region = covered([shot.placement for shot in over], self._canvas.size) if over and patches else None
        if over and region is None:
            return None
        picture = bottom.maker.direct(bottom.picture, bottom.placement, self._format)
        return picture if picture is None or region is None else self._patched(picture, region, over)

    def _letters(self, frame: int) -> list[Shot]:
        """The subtitle of a frame and what is burnt in, bottom first."""
        subtitle = self._subtitles.layer(frame)
        found = [] if subtitle is None else [subtitle]
        return [Shot(*one) for one in (*found, *self._burn_in.layers(frame))]

    def with_alpha(self, view: View, premultiplied: bool) -> Picture:
        """The picture of what is seen, in a format with transparency: its alpha is how much layers cover of a pixel."""
        size = (self._canvas.output_width, self._canvas.output_height)
        level = 1.0 if self._deep else white_level(self._format)
        canvas = FloatCanvas(size, (*self._canvas.corner, *self._canvas.size), level, transparent=True)
        canvas.clear()
        stack, letters = view.stack, self._letters(view.frame)
        self._put_down(canvas, stack)
        if self._finish.acts:
            canvas.straighten()
            canvas.take(self._finished(canvas))
            if premultiplied or letters:
                multiply_alpha(canvas.picture)
        if edges := blanking(stack):
            self._blanker.draw(canvas.picture, edges)
        for shot in letters:
            canvas.put(shot.floats(canvas.level))
        if not premultiplied and (letters or not self._finish.acts):
            canvas.straighten()
        if not self._deep:
            canvas.scale_alpha(opaque_level(self._format))
        return self._converted(canvas.picture)

    def layered(self, frame: int) -> Picture | None:
        """The picture as a layer of another timeline: transparent where nothing stands; None where nothing can be seen.
        It may be of any pixel format."""
        stack = self.footage.view(frame).stack
        if not stack:
            return None
        bottom = stack[0]
        edges = blanking(stack)
        if len(stack) == 1 and isinstance(bottom, Shot) and bottom.covers:
            picture = bottom.maker.direct(bottom.picture, bottom.placement, self._format)
            if picture is not None and edges:
                picture = self._blanker.quickly(picture, edges)
            if picture is not None:
                return picture
        size = self._canvas.size
        canvas = FloatCanvas(size, (0, 0, *size), 1.0, transparent=not bottom.covers)
        canvas.clear()
        self._put_down(canvas, stack)
        if not bottom.covers:
            canvas.straighten()
        finished = self._finished(canvas)
        if edges:
            self._blanker.draw(finished, edges)
        return finished

    def _patched(self, bottom: Picture, region: Region, upper: Sequence[Shot]) -> Picture:
        patcher = self._patcher
        if patcher is None or patcher.region != region:
            patcher = self._patcher = Patcher(bottom, region, (0, 0, *self._canvas.size))
        return patcher.patched(bottom, [shot.floats(patcher.level) for shot in upper])

    def _composite(self, stack: Sequence[Seen], letters: Sequence[Shot]) -> Picture:
        canvas = self._float_canvas()
        if not (self._whole and stack and stack[0].covers):
            canvas.clear()
        alone = stack[0] if len(stack) == 1 else None
        if isinstance(alone, Shot) and alone.covers:
            canvas.put(alone.floats(canvas.level, last=True))
            finished = canvas.picture
        else:
            self._put_down(canvas, stack)
            finished = self._finished(canvas)
        if edges := blanking(stack):
            self._blanker.draw(finished, edges)
        if letters and finished is not canvas.picture:
            canvas.take(finished)
            finished = canvas.picture
        for shot in letters:
            canvas.put(shot.floats(canvas.level))
        return self._converted(finished)

    def _finished(self, canvas: FloatCanvas) -> Picture:
        """The picture of a canvas with the timeline's own grade."""
        if not self._finish.acts:
            return canvas.picture
        picture = self._finish.run(canvas.picture, canvas.level)
        if not self._whole:
            blacken(picture, (*self._canvas.corner, *self._canvas.size))
        return picture

    @staticmethod
    def _put_down(canvas: FloatCanvas, stack: Sequence[Seen]) -> None:
        for seen in stack:
            if isinstance(seen, Shot):
                canvas.put(seen.floats(canvas.level))
            elif isinstance(seen, Adjustment):
                seen.act(canvas)
            else:
                sides = [None if shot is None else shot.floats(canvas.level) for shot in (seen.before, seen.after)]
                canvas.cross(sides[0], sides[1], seen.weight, seen.name)

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


def _on_codes(picture: Picture, layers: Sequence[Shot]) -> Picture | None:
    """A copy of a finished picture with layers put on its codes; None when one of them needs floats."""
    parts = [shot.maker.codes(shot.picture, shot.placement, picture) for shot in layers]
    found = [(part, shot.placement.opacity) for part, shot in zip(parts, layers, strict=True) if part is not None]
    if len(found) < len(layers):
        return None
    result = copied(picture)
    for part, opacity in found:
        put(result, part, opacity)
    return result
