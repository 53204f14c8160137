"""The method of a timeline that cuts its items where their pictures cut."""

from __future__ import annotations

from resolve_engine.api import grades
from resolve_engine.api.parts import TimelinePart
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.splitting import split

FRAMES_AT_ONCE = 500
"""Frames that the media worker is asked for in one request, so that each is done well within its time."""


class SceneMethods(TimelinePart):
    """Frames are compared as they are rendered, each item by itself."""

    def DetectSceneCuts(self) -> bool:
        """Items on enabled tracks that are not locked are cut, with what is linked with them; all or none."""
        found: list[tuple[Item, list[int]]] = []
        for track in self.timeline.tracks["video"]:
            if track.enabled and not track.locked:
                found += [(item, self._cuts(item)) for item in track.items if item.enabled and item.clip]
        for item, cuts in found:
            for cut in reversed(cuts):
                split(self.project, item, cut)
        return True

    def _cuts(self, item: Item) -> list[int]:
        """The frames, counted from the timeline's start, with which new scenes begin in an item."""
        from resolve_engine.media.errors import MediaError
        from resolve_engine.model.frozen import freeze
        from resolve_engine.worker.client import MediaWorker

        clip = self.project.clips[item.clip]
        if clip.type == "Still" or item.speed[0] == 0:
            return []
        timeline = self.timeline
        spec = freeze(self.project, timeline, grades.lut_path, item)
        since, end = timeline.start + item.position, timeline.start + item.end
        cuts: list[int] = []
        try:
            for first in range(since + 1, end, FRAMES_AT_ONCE):
                last = min(first + FRAMES_AT_ONCE, end)
                cuts += MediaWorker.shared().scene_cuts(spec, first, last, since)
        except MediaError as error:
            raise Refusal(error.reason) from error
        return [cut - timeline.start for cut in cuts]
