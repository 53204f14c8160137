"""`Project`: the open project and its timelines; settings and rendering stand in the classes it inherits."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments, grades
from resolve_engine.api.names import project_name
from resolve_engine.api.pictures import current_frame
from resolve_engine.api.project_audio import AudioMethods
from resolve_engine.api.project_presets import SettingPresetMethods
from resolve_engine.api.project_render import RenderMethods
from resolve_engine.errors import Refusal
from resolve_engine.model.color_group import ColorGroup
from resolve_engine.remote import PyRemoteObject


class Project(SettingPresetMethods, RenderMethods, AudioMethods):
    """The open project; handles of a project that was closed are stale."""

    CLASS = "Project"

    def GetName(self) -> str:
        return self.project.name

    def SetName(self, projectName: Any) -> bool:
        name = project_name(projectName, "the project")
        if name == self.project.name:
            return True
        folder = self.app.manager_folder if self.project.untitled else self.project.parent
        if self.app.database.project_id(folder, name) is not None:
            raise Refusal(f"a project named {name!r} exists in this folder already")
        if self.project.untitled:
            self.project.untitled = False
            self.project.parent = folder
        self.project.name = name
        return True

    def GetUniqueId(self) -> str:
        return self.project.id

    def GetMediaPool(self) -> PyRemoteObject:
        return self.handle("MediaPool")

    def GetGallery(self) -> PyRemoteObject:
        return self.handle("Gallery")

    # Timelines

    def GetTimelineCount(self) -> int:
        return len(self.project.listed_timelines())

    def GetTimelineByIndex(self, idx: Any) -> PyRemoteObject:
        timelines = self.project.listed_timelines()
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

    # Pictures and looks

    def ExportCurrentFrameAsStill(self, filePath: Any) -> bool:
        """The frame under the playhead at the timeline's size, as a picture in the format of the extension. On the
        Color page, as in Resolve, it is the current clip alone."""
        path = arguments.path(filePath, "the path")
        timeline = self.project.open_timeline()
        if timeline is None:
            raise Refusal("there is no current timeline")
        if not os.path.isdir(os.path.dirname(path)):
            raise Refusal(f"the folder {os.path.dirname(path)!r} does not exist")
        current_frame(self.project, timeline, path, clip_only=self.app.page == "color")
        return True

    def RefreshLUTList(self) -> bool:
        grades.scan_luts()
        return True

    def GetColorGroupsList(self) -> list[PyRemoteObject]:
        return [self.handle("ColorGroup", group.id) for group in self.project.color_groups.values()]

    def AddColorGroup(self, groupName: Any) -> PyRemoteObject:
        name = arguments.text(groupName, "the name of the group", empty=False)
        if any(group.name == name for group in self.project.color_groups.values()):
            raise Refusal(f"a color group named {name!r} exists already")
        group = ColorGroup(self.project.changes, position=self.project.next_position(), name=name)
        self.project.add(group)
        return self.handle("ColorGroup", group.id)

    def DeleteColorGroup(self, colorGroup: Any) -> bool:
        group = self.given(colorGroup, "ColorGroup", self.project.color_groups, "the color group")
        for item in self.project.items.values():
            if item.group == group.id:
                item.group = ""
        self.project.remove(group)
        return True
