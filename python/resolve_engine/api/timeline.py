"""`Timeline`: its name, its clock and its playhead; tracks, markers and settings stand in the classes it inherits."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.markers import MarkerMethods
from resolve_engine.api.timeline_tracks import TrackMethods
from resolve_engine.errors import Refusal
from resolve_engine.model.timeline import Timeline as Record
from resolve_engine.remote import PyRemoteObject

PLAYHEAD_PAGES = ("cut", "edit", "color", "fairlight", "deliver")
"""The pages with a playhead of the timeline."""


class Timeline(MarkerMethods, TrackMethods):
    """One timeline of the open project."""

    CLASS = "Timeline"

    @property
    def alive(self) -> bool:
        return self.key in self.project.timelines

    @property
    def timeline(self) -> Record:
        return self.project.timelines[self.key]

    @property
    def marked(self) -> Record:
        return self.timeline

    def GetName(self) -> str:
        return self.timeline.name

    def SetName(self, timelineName: Any) -> bool:
        name = timeline_name(timelineName)
        if any(other.name == name and other is not self.timeline for other in self.project.timelines.values()):
            raise Refusal(f"a timeline named {name!r} exists already")
        self.timeline.name = name
        self.project.clips[self.timeline.clip].name = name
        return True

    def GetUniqueId(self) -> str:
        return self.timeline.id

    def GetMediaPoolItem(self) -> PyRemoteObject:
        return self.handle("MediaPoolItem", self.timeline.clip)

    def GetStartFrame(self) -> int:
        return self.timeline.start

    def GetEndFrame(self) -> int:
        return self.timeline.start + self.timeline.end

    def GetStartTimecode(self) -> str:
        return self.timeline.to_timecode(0)

    def SetStartTimecode(self, timecode: Any) -> bool:
        timeline = self.timeline
        timeline.start += self._frame(timecode)
        return True

    def GetCurrentTimecode(self) -> str:
        self._need_playhead()
        return self.timeline.to_timecode(self.timeline.playhead)

    def SetCurrentTimecode(self, timecode: Any) -> bool:
        self._need_playhead()
        frame = self._frame(timecode)
        if frame < 0:
            raise Refusal(f"{timecode} is before the start of the timeline, {self.GetStartTimecode()}")
        self.timeline.playhead = frame
        return True

    def _need_playhead(self) -> None:
        if self.app.page not in PLAYHEAD_PAGES:
            raise Refusal(f"the {self.app.page} page has no playhead; open one of {', '.join(PLAYHEAD_PAGES)}")

    def _frame(self, timecode: Any) -> int:
        """The frame of a timecode, counted from the timeline's start."""
        try:
            return self.timeline.to_frames(arguments.text(timecode, "the timecode"))
        except ValueError as error:
            raise Refusal(str(error)) from error

    def GetCurrentVideoItem(self) -> PyRemoteObject | None:
        timeline = self.timeline
        for track in reversed(timeline.tracks["video"]):
            item = track.at(timeline.playhead) if track.enabled else None
            if item is not None:
                return self.item_handle(item)
        return None


def timeline_name(value: Any) -> str:
    """A name for a timeline. Resolve takes neither colon nor slash in it."""
    name = arguments.text(value, "the name of the timeline", empty=False)
    if any(character in ":/\\\0\r\n" for character in name):
        raise Refusal(f"{name!r} is no name for a timeline: no colon, slash or line break")
    return name
