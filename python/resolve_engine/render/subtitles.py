"""Subtitles of a render: burnt into its pictures, and as text for a track of the film or a file beside it."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from resolve_engine import whole_file
from resolve_engine.media.av_safe.captions import Cue
from resolve_engine.media.av_safe.writing import cannot_write
from resolve_engine.render.layer import LayerMaker
from resolve_engine.render.spec import ItemSpec, SourceSpec
from resolve_engine.render.title import SUBTITLE, draw_title

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.media.info import Ratio
    from resolve_engine.render.geometry import Canvas, Placement
    from resolve_engine.render.spec import CaptionSpec, RenderSpec

BURN_IN, EMBEDDED, SEPARATE = "BurnIn", "EmbeddedCaptions", "SeparateFile"
"""Resolve's values of SubtitleFormat."""


class SubtitleDrawer:
    """Draws the subtitle of a frame as a layer over everything. Holds one at a time; used by one thread."""

    def __init__(self, captions: Sequence[CaptionSpec], canvas: Canvas, rate: Ratio) -> None:
        self._captions = captions
        self._starts = [caption.start for caption in captions]
        self._canvas = canvas
        self._rate = rate
        self._drawn: tuple[CaptionSpec, LayerMaker, Picture, Placement | None] | None = None

    def layer(self, frame: int) -> tuple[LayerMaker, Picture, Placement] | None:
        """What makes the layer, its picture and where it stands; None where nothing is said."""
        index = bisect_right(self._starts, frame) - 1
        if index < 0 or self._captions[index].end <= frame:
            return None
        caption = self._captions[index]
        if self._drawn is None or self._drawn[0] is not caption:
            self._drawn = (caption, *self._draw(caption))
        _, maker, picture, placement = self._drawn
        return None if placement is None else (maker, picture, placement)

    def _draw(self, caption: CaptionSpec) -> tuple[LayerMaker, Picture, Placement | None]:
        width, height = self._canvas.timeline_width, self._canvas.timeline_height
        frames = caption.end - caption.start
        source = SourceSpec("", "generated", self._rate, frames, content={"kind": "title", "name": SUBTITLE})
        maker = LayerMaker(ItemSpec("", SUBTITLE, caption.start, caption.end, source, (0, 1)), self._canvas)
        picture = draw_title(SUBTITLE, caption.text, 0, frames, width, height)
        return maker, picture, maker.placement(picture, Fraction(1))


def cues(spec: RenderSpec) -> list[Cue]:
    """What a job's file says when, in milliseconds from its first frame; what reaches beyond its range is cut off."""
    first, end, rate = spec.output.first, spec.output.last + 1, spec.timeline.rate
    found = []
    for caption in spec.output.captions:
        start, stop = max(caption.start, first) - first, min(caption.end, end) - first
        if start < stop:
            found.append(Cue(start, _milliseconds(start, rate), _milliseconds(stop, rate), caption.text))
    return found


def _milliseconds(frame: int, rate: Ratio) -> int:
    """The millisecond nearest to a frame's beginning."""
    return round(Fraction(frame * rate[1] * 1000, rate[0]))


def separate_path(path: str) -> str:
    """The SubRip file beside a film or a sequence."""
    return os.path.splitext(path)[0] + ".srt"


def write_separate(spec: RenderSpec) -> None:
    """Write the subtitles of a job to their file, which has its name only when it is complete."""
    from resolve_engine.interchange.subtitle_file import written_srt
    from resolve_engine.model.captions import Caption

    path = separate_path(spec.output.path)
    text = written_srt(Caption(cue.start, cue.end, cue.text) for cue in cues(spec))
    try:
        whole_file.write(path, text.encode())
    except OSError as error:
        raise cannot_write(path, error) from error
