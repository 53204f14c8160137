"""`ColorGroup`: items that share a grade before and a grade after their own."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.color_group import ColorGroup as Record
from resolve_engine.remote import PyRemoteObject


class ColorGroup(ApiClass):
    """One colour group of the open project."""

    CLASS = "ColorGroup"

    @property
    def alive(self) -> bool:
        return self.key in self.project.color_groups

    @property
    def group(self) -> Record:
        return self.project.color_groups[self.key]

    def GetName(self) -> str:
        return self.group.name

    def SetName(self, groupName: Any) -> bool:
        name = arguments.text(groupName, "the name of the group", empty=False)
        if any(other.name == name and other is not self.group for other in self.project.color_groups.values()):
            raise Refusal(f"a color group named {name!r} exists already")
        self.group.name = name
        return True

    def GetClipsInTimeline(self, timeline: Any = None) -> list[PyRemoteObject]:
        chosen = self.project.open_timeline() if timeline is None else self.given_timeline(timeline)
        if chosen is None:
            raise Refusal("there is no current timeline")
        return [self.item_handle(item) for item in chosen.all_items() if item.group == self.key]

    def GetPreClipNodeGraph(self) -> PyRemoteObject:
        return self.handle("Graph", f"pre:{self.key}")

    def GetPostClipNodeGraph(self) -> PyRemoteObject:
        return self.handle("Graph", f"post:{self.key}")
