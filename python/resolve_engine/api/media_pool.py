"""`MediaPool`: folders and clips; placing clips on timelines and importing stand in the classes it inherits."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.timeline import timeline_name
from resolve_engine.errors import Refusal
from resolve_engine.model import building
from resolve_engine.remote import PyRemoteObject


class MediaPool(ApiClass):
    """The media pool of the open project."""

    CLASS = "MediaPool"

    def GetUniqueId(self) -> str:
        return f"{self.project.id}-pool"

    def GetRootFolder(self) -> PyRemoteObject:
        return self.folder_handle(self.project.root)

    def GetCurrentFolder(self) -> PyRemoteObject:
        return self.folder_handle(self.project.open_folder())

    def SetCurrentFolder(self, folder: Any) -> bool:
        self.project.current_folder = self.given_folder(folder).id
        return True

    def CreateEmptyTimeline(self, name: Any) -> PyRemoteObject:
        timeline = building.new_timeline(self.project, self._free_timeline_name(name))
        self.project.current_timeline = timeline.id
        return self.timeline_handle(timeline)

    def _free_timeline_name(self, value: Any) -> str:
        name = timeline_name(value)
        if any(timeline.name == name for timeline in self.project.timelines.values()):
            raise Refusal(f"a timeline named {name!r} exists already")
        return name

    def AddSubFolder(self, folder: Any, name: Any) -> PyRemoteObject:
        parent = self.given_folder(folder)
        chosen = arguments.text(name, "the name of the folder", empty=False)
        if any(other.name == chosen and other.parent == parent.id for other in self.project.folders.values()):
            raise Refusal(f"a folder named {chosen!r} exists in {parent.name!r} already")
        made = building.new_folder(self.project, parent, chosen)
        self.project.current_folder = made.id
        return self.folder_handle(made)
