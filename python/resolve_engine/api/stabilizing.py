"""Steadying an item: its motion is measured once, kept with it, and taken out in renders."""

from __future__ import annotations

from resolve_engine.api import grades
from resolve_engine.api.parts import ItemPart
from resolve_engine.errors import Refusal
from resolve_engine.timecode import ceiling, floor

MOST_FRAMES = 20_000
"""Of one item: a quarter of an hour, ten minutes of work; one row should not grow without bound."""


class StabilizeMethods(ItemPart):
    """There is no call to read it or to take it back, as in Resolve; a copy of the timeline made before has none."""

    def Stabilize(self) -> bool:
        """The whole frame is shifted, not turned, and enlarged by as much as its edges would show. What is quicker than
        half a second is taken out; pans stay."""
        from resolve_engine.media.errors import MediaError
        from resolve_engine.model.frozen import freeze
        from resolve_engine.worker.client import MediaWorker

        item = self.item
        if item.type != "video" or self.clip.timeline or self.clip.type == "Still":
            raise Refusal(f"{item.name!r} is no footage; films and sequences of pictures are steadied, as clips")
        spec = freeze(self.project, self.timeline, grades.lut_path, item)
        found = next(one for track in spec.video for one in track.items)
        low, high = item.source_range(self.clip.rate, self.timeline.rate)
        first, end = floor(low) + self.clip.offset, ceiling(high) + self.clip.offset
        if end - first > MOST_FRAMES:
            raise Refusal(
                f"{item.name!r} shows {end - first} source frames; at most {MOST_FRAMES} are steadied at once"
            )
        try:
            zoom, shifts = MediaWorker.shared().steadying(found.source, first, max(end, first + 1))
        except MediaError as error:
            raise Refusal(error.reason) from error
        item.steady = {"path": self.clip.path, "first": first, "zoom": zoom, "shifts": shifts}
        return True
