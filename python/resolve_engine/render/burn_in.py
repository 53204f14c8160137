"""Burn-ins: timecodes, frame numbers, names and words over the finished picture, drawn with the letters of titles."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy

from resolve_engine import timecode
from resolve_engine.media.av_safe import from_array
from resolve_engine.render.geometry import SCALE_CROP
from resolve_engine.render.layer import LayerMaker
from resolve_engine.render.spec import ItemSpec, SourceSpec
from resolve_engine.render.timing import source_frame
from resolve_engine.render.title import text_mask

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.geometry import Canvas, Placement
    from resolve_engine.render.spec import TimelineSpec

PADDING = 1 / 4
"""Of the field behind the letters on each side, as a share of their height."""

Drawn = tuple[LayerMaker, "Picture", "Placement | None"]


class BurnInDrawer:
    """Draws the texts of a frame as layers over everything. Keeps the latest of each; used by one thread."""

    def __init__(self, timeline: TimelineSpec, canvas: Canvas) -> None:
        self._timeline = timeline
        self._canvas = canvas
        self._kept: dict[int, tuple[dict[str, Any], str, Drawn]] = {}
        """The latest drawing of each text, by the text's number."""
        self._makers: dict[int, LayerMaker] = {}
        """The same of what makes its layer."""

    def layers(self, frame: int) -> list[tuple[LayerMaker, Picture, Placement]]:
        """What makes each layer, its picture and where it stands."""
        burn_in = self._timeline.burn_in
        if burn_in is None:
            return []
        item = self._item(frame)
        own = burn_in.own.get(item.id, ()) if item is not None else ()
        found = []
        for place, one in enumerate((*burn_in.items, *own)):
            text = self._text(one, item, frame)
            if text:
                maker, picture, placement = self._drawn(place, one, text)
                if placement is not None:
                    found.append((maker, picture, placement))
        return found

    def _item(self, frame: int) -> ItemSpec | None:
        """The topmost item at a frame that comes from a clip."""
        known = self._timeline.burn_in.sources if self._timeline.burn_in is not None else {}
        for track in reversed(self._timeline.video):
            for item in track.items if track.enabled else ():
                if item.enabled and item.start <= frame < item.end and item.id in known:
                    return item
        return None

    def _text(self, one: dict[str, Any], item: ItemSpec | None, frame: int) -> str:
        """What a text says at a frame; '' for nothing."""
        timeline, burn_in, show = self._timeline, self._timeline.burn_in, one["show"]
        if show == "custom_text":
            return str(one["text"])
        if show == "record_timecode":
            return timecode.to_timecode(frame, timeline.rate, timeline.drop_frame)
        if show == "record_frame":
            return str(frame - timeline.start)
        if show == "timeline_name":
            return timeline.name
        if burn_in is None or show == "project_name":
            return burn_in.project if burn_in is not None else ""
        if item is None:
            return ""
        source = burn_in.sources[item.id]
        if show == "source_clip_name":
            return str(source["name"])
        if show == "source_file_name":
            return str(source["file"])
        number = source_frame(item, frame, timeline.rate) - int(source["offset"])
        if show == "source_frame":
            return str(number)
        top, bottom = source["rate"]
        return timecode.to_timecode(int(source["start"]) + number, (top, bottom), source["drop_frame"])

    def _drawn(self, place: int, one: dict[str, Any], text: str) -> Drawn:
        kept = self._kept.get(place)
        if kept is None or kept[0] is not one or kept[1] != text:
            if kept is not None and kept[0] is not one:
                del self._makers[place]
            kept = self._kept[place] = (one, text, self._draw(place, one, text))
        return kept[2]

    def _draw(self, number: int, one: dict[str, Any], text: str) -> Drawn:
        """A text on its field, with its middle where it is said to be, in pixels of the timeline."""
        width, height = self._timeline.width, self._timeline.height
        picture = _field(one, text, round(one["size"] * height), width)
        place = {
            "Pan": round((one["x"] - 0.5) * width),
            "Tilt": round((0.5 - one["y"]) * height),
            "Scaling": SCALE_CROP,
        }
        source = SourceSpec("", "generated", self._timeline.rate, 1, content={"kind": "title", "name": "Burn-in"})
        item = ItemSpec("", "burn-in", 0, 1, source, (0, 1), properties=place)
        maker = self._makers.setdefault(number, LayerMaker(item, self._canvas))
        return maker, picture, maker.placement(picture, Fraction(1))


def _field(one: dict[str, Any], text: str, size: int, most: int) -> Picture:
    """The letters in their colour over black of the wanted darkness, whose sides are half letters long: so it keeps its
    size while a timecode runs."""
    mask = numpy.asarray(text_mask(text, size, most), numpy.float32) / 255
    step = max(2, size // 2 * 2)
    down, across = (-(-(side + 2 * size * PADDING) // step) * step for side in mask.shape)
    letters = numpy.zeros((int(down), int(across)), numpy.float32)
    top, left = (int(room - side) // 2 for room, side in zip((down, across), mask.shape, strict=True))
    letters[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    alpha = letters + (1 - letters) * one["background"]
    share = numpy.divide(letters, alpha, out=numpy.zeros_like(letters), where=alpha > 0)
    colours = [share * part * 255 for part in one["color"]]
    planes = numpy.stack([*colours, alpha * one["opacity"] * 255], axis=-1)
    return from_array(numpy.rint(planes).astype(numpy.uint8), "rgba")
