"""The methods of a timeline that grab stills."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.parts import TimelinePart
from resolve_engine.api.pictures import item_under_playhead
from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject

FIRST, MIDDLE = 1, 2
"""Resolve's stillFrameSource."""

MOST_AT_ONCE = 1000
"""Items of which one call grabs stills: some minutes of work at 1080p."""


class StillMethods(TimelinePart):
    """Stills go to the current album."""

    def GrabStill(self) -> PyRemoteObject:
        """The picture is what is seen at the playhead (on the Color page the current clip alone, as there); the grade
        is that of the topmost item."""
        from resolve_engine.api import stills

        timeline = self.timeline
        item = item_under_playhead(timeline)
        if item is None:
            raise Refusal("there is no picture under the playhead; move it with SetCurrentTimecode")
        still = stills.grab(self.project, timeline, timeline.playhead, item, alone=self.app.page == "color")
        return self.handle("GalleryStill", still.id)

    def GrabAllStills(self, stillFrameSource: Any) -> list[PyRemoteObject]:
        """One of every enabled picture item on an enabled track, alone, in the order of the timeline; all or none."""
        from resolve_engine.api import stills

        timeline = self.timeline
        middle = arguments.whole(stillFrameSource, "stillFrameSource (1 first, 2 middle)", FIRST, MIDDLE) == MIDDLE
        shown = [track for track in timeline.tracks["video"] if track.enabled]
        items = [item for track in shown for item in track.items if item.enabled]
        if not items:
            raise Refusal("no picture stands on the timeline")
        if len(items) > MOST_AT_ONCE:
            raise Refusal(
                f"the timeline has {len(items)} pictures; stills of {MOST_AT_ONCE} at most are grabbed at once"
            )
        items.sort(key=lambda item: item.position)  # a stable sort: lower tracks first where two begin together
        made = []
        for item in items:
            frame = item.position + (item.duration // 2 if middle else 0)
            made.append(stills.grab(self.project, timeline, frame, item, alone=True))
        return [self.handle("GalleryStill", still.id) for still in made]
