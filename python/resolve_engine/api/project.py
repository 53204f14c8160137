"""`Project`: the open project and its timelines; settings and rendering stand in the classes it inherits."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject


class Project(ApiClass):
    """The open project; handles of a project that was closed are stale."""

    CLASS = "Project"

    def GetName(self) -> str:
        return self.project.name

    def GetUniqueId(self) -> str:
        return self.project.id

    def GetMediaPool(self) -> PyRemoteObject:
        return self.handle("MediaPool")

    def GetGallery(self) -> PyRemoteObject:
        return self.handle("Gallery")

    def GetTimelineCount(self) -> int:
        return len(self.project.timelines)

    def GetTimelineByIndex(self, idx: Any) -> PyRemoteObject:
        timelines = list(self.project.timelines.values())
        index = arguments.whole(idx, "the index")
        if not 1 <= index <= len(timelines):
            raise Refusal(f"there is no timeline {index}; the project has {len(timelines)}")
        return self.timeline_handle(timelines[index - 1])

    def GetCurrentTimeline(self) -> PyRemoteObject | None:
        timeline = self.project.open_timeline()
        return None if timeline is None else self.timeline_handle(timeline)

    def SetCurrentTimeline(self, timeline: Any) -> bool:
        self.project.current_timeline = self.given_timeline(timeline).id
        return True
